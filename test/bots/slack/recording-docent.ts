import { toTurnId } from "../../../src/core/ids.ts";
import type { Document, Scope } from "../../../src/core/document.ts";
import type { DocentError } from "../../../src/core/errors.ts";
import type { Attachment, Channel, Incoming } from "../../../src/core/incoming.ts";
import type { Command, CommandReply } from "../../../src/core/ports/command.ts";
import type { Docent } from "../../../src/core/ports/docent.ts";
import type { TurnView } from "../../../src/core/turn.ts";

/** Core as far as a bot sees it: it keeps what it is given, answers nothing, and says what it was asked. */
export interface RecordingDocent extends Docent {
  /** Each message once, oldest first. */
  readonly accepted: readonly Incoming[];
  /** Messages that the one before it had accepted, as the store knows. */
  readonly repeated: readonly Incoming[];
  /** How often `accept` was called, repeats too. */
  readonly offers: number;
  readonly stored: Map<string, Document>;
  readonly commands: readonly Command[];
  readonly cancelled: readonly string[];
  readonly retried: readonly string[];
  readonly feedbacks: readonly { turnId: string; userId: string; verdict: string }[];
  readonly deletedMessages: readonly string[];
  readonly forgotten: readonly Channel[];
  readonly workspacesForgotten: readonly string[];
  /** Called within `accept`, before it resolves; what it throws is what `accept` throws. */
  onAccept: (incoming: Incoming) => Promise<void>;
  /** What the next commands answer. */
  reply: CommandReply;
  /** The next `times` calls of `accept` fail. */
  refuse(error: DocentError, times?: number): void;
  turnOf(incoming: Incoming): TurnView;
}

/** `before`: the one whose store it goes on with, in which every turn has ended. */
export function createRecordingDocent(before?: RecordingDocent): RecordingDocent {
  const known = new Set([...(before?.accepted ?? []), ...(before?.repeated ?? [])].map(({ key }) => key));
  const repeated: Incoming[] = [];
  const accepted = new Map<string, Incoming>();
  const refusals: DocentError[] = [];
  const commands: Command[] = [];
  const cancelled: string[] = [];
  const retried: string[] = [];
  const feedbacks: { turnId: string; userId: string; verdict: string }[] = [];
  const deletedMessages: string[] = [];
  const forgotten: Channel[] = [];
  const workspacesForgotten: string[] = [];
  const stored = new Map<string, Document>();
  let offers = 0;

  const docent: RecordingDocent = {
    stored,
    repeated,
    commands,
    cancelled,
    retried,
    feedbacks,
    deletedMessages,
    forgotten,
    workspacesForgotten,
    get accepted() {
      return [...accepted.values()];
    },
    get offers() {
      return offers;
    },
    onAccept: () => Promise.resolve(),
    reply: { text: "Done.", isPrivate: true, actions: [] },
    refuse(error, times = 1) {
      for (let index = 0; index < times; index += 1) refusals.push(error);
    },
    turnOf: (incoming) => ({
      id: toTurnId(incoming.key),
      state: "queued",
      detail: null,
      position: 0,
      channel: incoming.channel.key,
      replyTo: incoming.replyTo,
    }),
    async accept(incoming) {
      offers += 1;
      await docent.onAccept(incoming);
      const refusal = refusals.shift();
      if (refusal !== undefined) throw refusal;
      if (known.has(incoming.key)) {
        repeated.push(incoming);
        const turn = incoming.kind === "question" ? { ...docent.turnOf(incoming), state: "answered" as const } : null;
        return { turn, documents: [], isNew: false };
      }
      const isNew = !accepted.has(incoming.key);
      if (isNew) accepted.set(incoming.key, incoming);
      for (const attachment of incoming.attachments) store(attachment, incoming);
      const documents = [...stored.values()].filter(({ messageKey }) => messageKey === incoming.key);
      return { turn: incoming.kind === "question" ? docent.turnOf(incoming) : null, documents, isNew };
    },
    turn(turnId) {
      const incoming = [...accepted.values()].find((one) => docent.turnOf(one).id === turnId);
      return Promise.resolve(incoming === undefined ? undefined : docent.turnOf(incoming));
    },
    cancel(turnId) {
      cancelled.push(turnId);
      return Promise.resolve(true);
    },
    documents: (scope) =>
      Promise.resolve(
        [...stored.values()].filter((one) => one.scope.kind === scope.kind && one.scope.key === scope.key),
      ),
    document: () => Promise.resolve(undefined),
    removeDocument: (id) => Promise.resolve(stored.delete(id) ? { done: Promise.resolve() } : undefined),
    messageDeleted(key) {
      deletedMessages.push(key);
      for (const { id, messageKey } of stored.values()) if (messageKey === key) stored.delete(id);
      return Promise.resolve();
    },
    startOver: () => Promise.resolve(),
    command(command) {
      commands.push(command);
      return Promise.resolve(docent.reply);
    },
    feedback(turnId, userId, verdict) {
      feedbacks.push({ turnId, userId, verdict });
      return Promise.resolve(true);
    },
    usage: () => Promise.reject(new Error("Only the web page asks for this.")),
    usageRows: () => {
      throw new Error("Only the web page asks for this.");
    },
    retry(turnId) {
      retried.push(turnId);
      return Promise.resolve(true);
    },
    forgetWorkspace(workspace) {
      workspacesForgotten.push(workspace);
      return Promise.resolve();
    },
    forget(channel) {
      forgotten.push(channel);
      return Promise.resolve({ done: Promise.resolve({ messages: 0, documents: 0, conversations: 0 }) });
    },
  };
  return docent;

  function store(attachment: Attachment, incoming: Incoming): void {
    const { channel, kind } = incoming;
    const scope: Scope =
      kind === "knowledge" ? { kind: "workspace", key: channel.workspace } : { kind: "channel", key: channel.key };
    const id = `${scope.key}:${attachment.key}`;
    if (!stored.has(id)) stored.set(id, toDocument(id, scope, attachment, incoming));
  }
}

export function toDocument(id: string, scope: Scope, attachment: Attachment, incoming: Incoming): Document {
  return {
    id,
    scope,
    attachmentKey: attachment.key,
    messageKey: incoming.key,
    bot: incoming.bot,
    reference: attachment.reference,
    name: attachment.name,
    postedBy: incoming.author.id,
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
    blobId: null,
  };
}
