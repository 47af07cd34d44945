import type { Document } from "../document.ts";
import { toReadable, type ReadingDeps } from "../documents/read-documents.ts";
import type { Question } from "../ports/engine.ts";
import type { Turn } from "../turn.ts";

/** What an engine is asked, without its deadline: a turn's question with those of its documents that can be used. */
export function toQuestion(
  { id, incoming }: Turn,
  documents: readonly Document[],
  locale: string,
  deps: Pick<ReadingDeps, "documents" | "blobs">,
): Question {
  const ready = documents.filter(({ state, type }) => state === "ready" && type?.kind !== "archive");
  const isAttached = (document: Document): boolean => document.messageKey === incoming.key;
  return {
    turnId: id,
    conversation: incoming.conversation,
    channel: incoming.channel.key,
    workspace: incoming.channel.workspace,
    text: incoming.text,
    context: incoming.context,
    author: incoming.author,
    locale,
    attached: ready.filter(isAttached).map((document) => toReadable(document, deps)),
    available: ready.filter((document) => !isAttached(document)).map((document) => toReadable(document, deps)),
    deadlineAt: 0,
  };
}
