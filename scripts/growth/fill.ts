import { toDay } from "../../src/core/calendar.ts";
import { toDocumentId, toTurnId } from "../../src/core/ids.ts";
import type { Document } from "../../src/core/document.ts";
import type { Channel, Incoming } from "../../src/core/incoming.ts";
import type { LoggedMessage } from "../../src/core/ports/stores.ts";
import type { Turn } from "../../src/core/turn.ts";
import type { GrowthStores } from "./growth-stores.ts";

export const DOCUMENTS_PER_CHANNEL = 10;
const FINISHED_AT = Date.UTC(2026, 9, 1);

const WORDS =
  "tenant landlord deposit notice period repair heating meter garden cellar key invoice contract clause annex payment " +
  "interest transfer account window lift corridor insurance damage report inspection handover signature witness";

export function toChannel(index: number): Channel {
  return { key: `web:room-${index}`, workspace: "web", isDirect: false, isShared: false };
}

export function toIncoming(channel: Channel, id: string, sentAt: number): Incoming {
  const key = `${channel.key}:${id}`;
  const text = "How long is the notice period?";
  return {
    key,
    bot: "web",
    kind: "question",
    channel,
    conversation: channel.key,
    author: { id: "web", name: null },
    text,
    context: null,
    attachments: [],
    locale: "en",
    replyTo: { question: { id: key, channel: channel.key, text, createdAt: sentAt } },
    sentAt,
  };
}

/** A conversation in which one question was asked and answered. */
export async function addConversation(stores: GrowthStores, index: number): Promise<void> {
  const channel = toChannel(index);
  const incoming = toIncoming(channel, "first-question", FINISHED_AT + index);
  const id = toTurnId(incoming.key);
  const run = { engine: "instant", id: `resp_${index}`, resume: {} };
  const turn: Turn = { ...toTurn(incoming), id, state: "answered", run, sent: { [`${id}-1`]: `${id}-1` } };
  await stores.inbox.add(turn);
  const question = toMessage(incoming, { id: incoming.key, author: "you", kind: "question", turnId: id });
  await stores.messages.append(question);
  await stores.messages.append({ ...question, id: `${id}-1`, author: "docent", kind: "answer" });
  const usage = {
    model: "instant",
    inputTokens: 1_000,
    cachedInputTokens: 0,
    outputTokens: 100,
    searches: 0,
    costUsd: 0,
  };
  const { workspace, key } = channel;
  const at = incoming.sentAt;
  await stores.usage.record({ turnId: id, day: toDay(at, "UTC"), workspace, channel: key, userId: "web", at, usage });
}

/** The n-th document of all: read, in the local index, in the channel that it belongs to. */
export async function addDocument(stores: GrowthStores, index: number): Promise<void> {
  const channel = toChannel(Math.floor(index / DOCUMENTS_PER_CHANNEL));
  const scope = { kind: "channel", key: channel.key } as const;
  const attachmentKey = `${channel.key}:file-${index}`;
  const document: Document = {
    id: toDocumentId(scope.key, attachmentKey),
    scope,
    attachmentKey,
    messageKey: `${channel.key}:first-question`,
    bot: "web",
    reference: null,
    name: `document-${index}.pdf`,
    postedBy: "web",
    createdAt: FINISHED_AT + index,
    state: "ready",
    problem: null,
    type: { kind: "pdf", mimeType: "application/pdf", extension: "pdf" },
    sizeBytes: 20_000,
    sha256: String(index).padStart(64, "0"),
    pages: 2,
    unit: "page",
    tokens: 300,
    engines: ["instant", "local"],
    blobId: attachmentKey,
  };
  const pages = [1, 2].map((number) => ({ number, text: toText(index * 2 + number) }));
  await stores.documents.add(document);
  await stores.documents.savePages(document.id, pages);
  const readable = {
    document,
    withFile: () => Promise.reject(new Error("No bytes.")),
    pages: () => Promise.resolve(pages),
  };
  await stores.local.addDocument(readable, new AbortController().signal);
}

export function toTurn(incoming: Incoming): Turn {
  return {
    id: toTurnId(incoming.key),
    incoming,
    createdAt: incoming.sentAt,
    state: "queued",
    detail: null,
    cancelRequested: false,
    runRequestedAt: null,
    run: null,
    answer: null,
    error: null,
    sent: {},
  };
}

/** Does `work` for every number from `from` to `to`, so many at once. */
export async function forEach(
  from: number,
  to: number,
  atOnce: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = from;
  const lane = async (): Promise<void> => {
    while (next < to) {
      const index = next;
      next += 1;
      await work(index);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

function toMessage(
  { channel, text, sentAt }: Incoming,
  about: Pick<LoggedMessage, "id" | "author" | "kind" | "turnId">,
): LoggedMessage {
  return { channel: channel.key, text, citations: [], files: [], usage: null, createdAt: sentAt, ...about };
}

/** About 120 words; every hundredth page says what is asked for. */
function toText(seed: number): string {
  const words = WORDS.split(" ");
  const pick = (index: number): string => words[(seed * 7 + index * index * 3 + index) % words.length] ?? "";
  const filler = Array.from({ length: 120 }, (_, index) => pick(index)).join(" ");
  return seed % 100 === 1 ? `The notice period is three months. ${filler}.` : `${filler}.`;
}
