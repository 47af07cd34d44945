import { crashPoint } from "../../../core/crash-point.ts";
import type { Question } from "../../../core/ports/engine.ts";
import type { Usage } from "../../../core/turn.ts";
import type { EngineContext } from "../context.ts";
import { MAX_TURNS } from "./conversation-records.ts";
import { listTurns, withoutNoted, type TurnWords } from "./conversation-turns.ts";
import type { Conversations } from "./conversations.ts";
import type { Documents } from "../documents/documents.ts";
import { countNoteTokens, fitNotes, type Chapter } from "./notes.ts";
import type { ConversationRecord, InsideFile } from "../records.ts";
import { writeNotes } from "./write-notes.ts";

/** Turns that stay word by word: what people refer to with "and the other one?". */
export const KEPT_TURNS = 6;

/** Pauses before each further look for the turn that has just ended. */
const LOOK_AGAIN_MS = [1_000, 2_000, 4_000];

/** Turns that go into one chapter at most; the others wait for the next time. */
export const MAX_CHAPTER_TURNS = 24;

export interface Renewals {
  /**
   * Begins, behind the answer of a question, to put a fresh conversation in the place of its conversation: without
   * files and search results, and with notes of the older turns. A failure leaves the conversation as it is.
   */
  begin(question: Question): void;
  /** Resolves when none is under way. */
  idle(): Promise<void>;
  /** Gives up those under way; what they had begun is cleaned up by the next one. */
  stop(): void;
}

export function createRenewals(
  context: EngineContext,
  { conversations, documents }: { conversations: Conversations; documents: Documents },
): Renewals {
  const underWay = new Set<Promise<void>>();
  const stopped = new AbortController();
  const { signal } = stopped;
  const { client, clock, log, stores } = context;

  async function renew(question: Question): Promise<void> {
    const key = question.conversation;
    const record = await stores.conversations.get(key);
    if (record?.renewing !== question.turnId) return;
    const turns = await listEnded(question, record);
    if (turns === undefined) return;
    const { notes, kept } = await makeNotes(question, record, turns);
    crashPoint("renewal: notes made");
    await indexLeaving(question, record);
    const fresh = { token: question.turnId, notes, turns: kept, inside: toStaying(record, kept) };
    const isDone = await conversations.renew(key, fresh, signal);
    log.info(isDone ? "A conversation goes on in a fresh one." : "A conversation stays: a question came first.", {
      turns: kept.length,
      noteTokens: countNoteTokens(notes),
      inputTokens: record.inputTokens,
    });
  }

  /** OpenAI adds a turn to its conversation after the run has ended: without it, it would be lost in the fresh one. */
  async function listEnded(question: Question, record: ConversationRecord): Promise<TurnWords[] | undefined> {
    for (const pauseMs of [0, ...LOOK_AGAIN_MS]) {
      if (pauseMs > 0) await clock.sleep(pauseMs, signal);
      const turns = await listTurns(client, record.conversationId, { traces: record.traces, signal });
      const last = turns.findLast(({ turnId }) => turnId === question.turnId);
      if (last?.messages.some(({ role }) => role === "assistant") === true) return turns;
    }
    log.warn("A conversation does not hold its last answer; it is not renewed.", { turn: question.turnId });
    return undefined;
  }

  /** Notes of the turns that are too many. Without them the conversation can still lose its files and search results. */
  async function makeNotes(
    question: Question,
    record: ConversationRecord,
    turns: readonly TurnWords[],
  ): Promise<{ notes: readonly Chapter[]; kept: readonly TurnWords[] }> {
    const notes = record.draft?.notes ?? record.notes ?? [];
    const left = withoutNoted(turns, record.draft?.turns);
    // Nobody answered these: they are deleted by the next question.
    const ended = left.filter(({ turnId }) => turnId === undefined || !record.unfinished.includes(turnId));
    if (ended.length <= MAX_TURNS) return { notes, kept: left };
    const older = ended.slice(0, Math.min(ended.length - KEPT_TURNS, MAX_CHAPTER_TURNS));
    const onUsage = (usage: Usage): void => context.onUsage(question, usage);
    try {
      const chapter = await writeNotes(older, context, { signal, onUsage });
      const fitting = fitNotes([...notes, chapter]);
      // A question that comes first calls the fresh conversation off, but the notes are paid for.
      const noted = [...(record.draft?.turns ?? []), ...chapter.turns];
      await conversations.keepDraft(question.conversation, { notes: fitting, turns: noted }, record);
      return { notes: fitting, kept: left.filter((turn) => !older.includes(turn)) };
    } catch (error) {
      signal.throwIfAborted();
      log.warn("No notes could be made of a conversation; it is tried again after the next answer.", { error });
      return { notes, kept: left };
    }
  }

  /** The next question searches what leaves: it should not have to wait until that is possible. */
  async function indexLeaving(question: Question, record: ConversationRecord): Promise<void> {
    const readables = new Map([...question.available, ...question.attached].map((each) => [each.document.id, each]));
    for (const [id, { tokens }] of Object.entries(record.inside)) {
      const readable = readables.get(id);
      if (readable === undefined || tokens === undefined) continue;
      await documents.index(readable, { signal, until: clock.steady() + 60_000 }).catch((error: unknown) => {
        signal.throwIfAborted();
        log.warn("A document could not be indexed yet; the next question does it.", { document: id, error });
      });
    }
  }

  return {
    begin(question) {
      const work = renew(question)
        .catch((error: unknown) => {
          if (!signal.aborted) log.warn("A conversation could not be renewed; it goes on as it is.", { error });
        })
        .finally(() => underWay.delete(work));
      underWay.add(work);
    },
    async idle() {
      await Promise.all(underWay);
    },
    stop: () => stopped.abort(),
  };
}

/** Files that cannot be searched instead: out of the conversation, they would be given anew with the next question. */
function toStaying({ inside }: ConversationRecord, kept: readonly TurnWords[]): Record<string, InsideFile> {
  const held = new Set(
    kept.flatMap(({ messages }) => messages.flatMap(({ files }) => files.map((file) => file.file_id))),
  );
  return Object.fromEntries(
    Object.entries(inside).filter(([, { fileId, tokens }]) => tokens === undefined && held.has(fileId)),
  );
}
