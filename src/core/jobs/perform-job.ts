import type { Document } from "../document.ts";
import { hideDocument, withInner } from "./documents-of-job.ts";
import { toAgainKey, toTurnId } from "../ids.ts";
import type { Job, JobAction } from "../job.ts";
import type { Bot } from "../ports/bot.ts";
import type { ForgetReport } from "../ports/docent.ts";
import type { Engine } from "../ports/engine.ts";
import type { Blobs, Documents, Inbox } from "../ports/stores.ts";
import type { Clock, Lock } from "../ports/system.ts";
import { toReadingLock } from "../documents/read-documents.ts";
import { isFinal, type Turn } from "../turn.ts";

/** How often it is looked whether turns that were told to stop have stopped: at first, and then ever less often. */
const LOOK_MS = 20;
const SLOWEST_LOOK_MS = 1_000;

/** So many tries of a question are looked for when earlier ones are not there any more. */
const ASKED_AGAIN_AT_MOST = 10;

export interface JobDeps {
  readonly documents: Documents;
  readonly blobs: Blobs;
  readonly inbox: Inbox;
  readonly engines: readonly Engine[];
  readonly bots: ReadonlyMap<string, Bot>;
  readonly clock: Clock;
  readonly lock: Lock;
  /** Stops turns, and resolves when nothing here works on them any more. */
  readonly stopTurns: (turns: readonly Turn[]) => Promise<void>;
}

const NOTHING: ForgetReport = { messages: 0, documents: 0, conversations: 0 };

/**
 * Does what a job says, and returns what was deleted. Safe to repeat after a crash or a failure: what is gone is left.
 * @throws what an engine throws that could not delete now
 */
export async function performJob(
  { action, requestedAt }: Job,
  deps: JobDeps,
  signal: AbortSignal,
): Promise<ForgetReport> {
  if (action.kind === "forget-channel") return await forgetChannel(action, requestedAt, deps, signal);
  if (action.kind === "delete-message") return await deleteMessage(action.messageKey, deps, signal);
  if (action.kind === "start-over") {
    for (const engine of deps.engines) await engine.forgetConversation(action.conversation, { keepsPresent: true });
    return { ...NOTHING, conversations: 1 };
  }
  await removeEach([action.document], deps, signal);
  return { ...NOTHING, documents: 1 };
}

/**
 * Deletes a document everywhere. Our own copy goes first: from then on no answer that uses it is posted, whatever an
 * engine says to the rest. Until all is gone the document is among the retired ones, so that this can be repeated.
 */
async function removeDocument(document: Document, deps: JobDeps): Promise<void> {
  await hideDocument(document, deps.documents);
  await deps.blobs.remove(document.blobId ?? document.id);
  await deps.bots.get(document.bot)?.showDocument(document, "removed");
  for (const bot of deps.bots.values()) await bot.forgetDocument(document);
  // What reads it now, here or at another replica, stops at its next step; until then it may be handing it over.
  await deps.lock(toReadingLock(document), async () => {
    for (const engine of deps.engines) await engine.removeDocument(document);
    await deps.blobs.remove(document.blobId ?? document.id);
  });
  await deps.documents.remove(document.id);
}

async function deleteMessage(messageKey: string, deps: JobDeps, signal: AbortSignal): Promise<ForgetReport> {
  const findOpen = async (): Promise<readonly Turn[]> =>
    (await findAsked(messageKey, deps.inbox)).filter(({ state }) => !isFinal(state));
  // One that waits behind others ends as cancelled when its time comes.
  await stopAll(findOpen, deps, signal);
  const begun = (await deps.documents.retired()).filter((document) => document.messageKey === messageKey);
  const documents = [...begun, ...(await deps.documents.list({ messageKey }))];
  await removeEach(documents, deps, signal);
  // Last, and the first of them at the very end: it says where to look.
  for (const { id, incoming } of (await findAsked(messageKey, deps.inbox)).toReversed()) {
    if (incoming.kind === "question") {
      for (const engine of deps.engines) await engine.forgetTurn(incoming.conversation, id);
    }
    await deps.inbox.forgetTurn(id);
  }
  return { ...NOTHING, documents: documents.length };
}

/** The turns of a message: its question, and the same one asked again by its button, each time after the one before failed. */
async function findAsked(messageKey: string, inbox: Inbox): Promise<readonly Turn[]> {
  const turns: Turn[] = [];
  let key = messageKey;
  for (let times = 0; ; times += 1, key = toAgainKey(key)) {
    const turn = await inbox.get(toTurnId(key));
    if (turn !== undefined) turns.push(turn);
    // The first ones may have gone by their age.
    else if (times >= ASKED_AGAIN_AT_MOST) return turns;
  }
}

async function stopAll(findOpen: () => Promise<readonly Turn[]>, deps: JobDeps, signal: AbortSignal): Promise<void> {
  let pauseMs = LOOK_MS;
  for (let open = await findOpen(); open.length > 0; open = await findOpen()) {
    await deps.stopTurns(open);
    await deps.clock.sleep(pauseMs, signal);
    pauseMs = Math.min(pauseMs * 1.5, SLOWEST_LOOK_MS);
  }
}

/** A channel's documents, conversations, and the texts of its turns; turns under way end first. */
async function forgetChannel(
  { channel, documents, conversations }: Extract<JobAction, { kind: "forget-channel" }>,
  requestedAt: number,
  deps: JobDeps,
  signal: AbortSignal,
): Promise<ForgetReport> {
  const openThen = async (): Promise<readonly Turn[]> =>
    (await deps.inbox.openTurns({ channel: channel.key })).filter(({ createdAt }) => createdAt <= requestedAt);
  // Those that were queued behind others end one by one, each as cancelled.
  await stopAll(openThen, deps, signal);
  // A process that died may have begun with some: whoever asked once more is not told that all is gone before it is.
  const begun = (await deps.documents.retired()).filter(
    ({ scope }) => scope.kind === "channel" && scope.key === channel.key,
  );
  await removeEach([...begun, ...documents], deps, signal);
  for (const conversation of conversations) {
    signal.throwIfAborted();
    await forgetConversation(conversation, deps);
  }
  const questions = await deps.inbox.forgetChannel(channel.key, requestedAt);
  let kept = 0;
  for (const bot of deps.bots.values()) kept += await bot.forgetChannel(channel, requestedAt);
  // The page keeps every message; of other platforms Docent has only what it was asked.
  const messages = kept === 0 ? questions : kept;
  const removed = new Set([...begun, ...documents].map(({ id }) => id)).size;
  return { messages, documents: removed, conversations: conversations.length };
}

/** Files of archives go with them. Each is tried, also behind one that failed: the first failure is thrown at the end. */
async function removeEach(documents: readonly Document[], deps: JobDeps, signal: AbortSignal): Promise<void> {
  const failures: unknown[] = [];
  for (const document of await withInner(documents, deps.documents)) {
    signal.throwIfAborted();
    await removeDocument(document, deps).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

async function forgetConversation(conversation: string, deps: JobDeps): Promise<void> {
  for (const engine of deps.engines) await engine.forgetConversation(conversation);
}
