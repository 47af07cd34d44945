import { crashPoint } from "../crash-point.ts";
import type { Document, Scope } from "../document.ts";
import { DocentError } from "../errors.ts";
import { toDocumentId, toTurnId } from "../ids.ts";
import type { Attachment, Incoming } from "../incoming.ts";
import { toMemory, type KnowledgePolicy } from "../knowledge-policy.ts";
import { noteDocument } from "./note-document.ts";
import type { Documents, Inbox } from "../ports/stores.ts";
import type { Clock } from "../ports/system.ts";
import type { Turn } from "../turn.ts";

/** More than this goes into a file; it is far above what a chat platform lets a person type. */
const MAX_QUESTION_CHARACTERS = 40_000;

export interface AcceptDeps extends KnowledgePolicy {
  /** Where a turn is added: the inbox, by way of who works on it. */
  readonly inbox: Pick<Inbox, "add">;
  readonly documents: Documents;
  readonly clock: Clock;
  readonly readUploads: "asked" | "at-once" | "off";
}

/**
 * Step 1 of a question's way: writes its documents and its turn down, in this order, so that a turn never misses a file.
 * A repeat after a crash in between finds what is there and adds the rest. What was removed stays away, also when it is
 * delivered again; `wish` names the command of somebody who wants it all the same, and brings it back once.
 */
export async function accept(
  incoming: Incoming,
  deps: AcceptDeps,
  wish?: string,
): Promise<{ turn: Turn; documents: readonly Document[]; isNew: boolean }> {
  refuseUnusable(incoming, deps);
  const documents: Document[] = [];
  let isBack = false;
  for (const attachment of incoming.attachments) {
    const noted = await noteDocument(toDocument(attachment, incoming), wish, deps.documents);
    if (noted.document !== undefined) documents.push(noted.document);
    isBack ||= noted.isBack;
  }
  crashPoint("accept: documents noted");
  const { turn, isNew } = await deps.inbox.add({
    // What is back is read by a turn of its own: the message's first one is over.
    id: toTurnId(isBack ? `${incoming.key}~${wish}` : incoming.key),
    // A fresh conversation is wished for the memory that it names.
    incoming: {
      ...incoming,
      conversation: incoming.kind === "start-over" ? incoming.conversation : toMemory(incoming, deps),
      attachments: isBack ? [] : incoming.attachments,
    },
    createdAt: deps.clock.now(),
    state: "queued",
    detail: null,
    cancelRequested: false,
    runRequestedAt: null,
    run: null,
    answer: null,
    error: null,
    sent: {},
  });
  crashPoint("accept: turn stored");
  return { turn, documents, isNew };
}

function refuseUnusable(incoming: Incoming, deps: AcceptDeps): void {
  const { kind, text, attachments } = incoming;
  if (kind === "question" && text.trim() === "" && incoming.context === null && attachments.length === 0) {
    throw new DocentError("question_empty", "A question without text.");
  }
  if (text.length > MAX_QUESTION_CHARACTERS) {
    throw new DocentError("question_too_long", "A question is too long.", {
      details: { length: text.length, max: MAX_QUESTION_CHARACTERS },
    });
  }
  if (kind === "note" && deps.readUploads === "off") {
    throw new DocentError("uploads_off", "READ_UPLOADS is off: files without a question are not read.");
  }
}

function toDocument(attachment: Attachment, incoming: Incoming): Document {
  const { channel } = incoming;
  const scope: Scope =
    incoming.kind === "knowledge"
      ? { kind: "workspace", key: channel.workspace }
      : { kind: "channel", key: channel.key };
  return {
    id: toDocumentId(scope.key, attachment.key),
    scope,
    attachmentKey: attachment.key,
    messageKey: incoming.key,
    bot: incoming.bot,
    reference: attachment.reference,
    name: attachment.name,
    postedBy: incoming.author.id,
    postedByName: incoming.author.name,
    createdAt: incoming.sentAt,
    state: attachment.problem === undefined ? "noted" : "failed",
    problem: attachment.problem ?? null,
    type: null,
    sizeBytes: attachment.sizeBytes,
    sha256: null,
    pages: null,
    unit: "page",
    tokens: null,
    engines: [],
    blobId: attachment.blobId ?? null,
  };
}
