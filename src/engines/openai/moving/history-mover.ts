import { DocentError, isDocentError } from "../../../core/errors.ts";
import type { KeyValue } from "../../../core/ports/stores.ts";
import type { Usage } from "../../../core/turn.ts";
import { deleteConversation } from "../conversations/conversation-items.ts";
import { conversationIdsOf, lockRecord, toRecord } from "../conversations/conversation-records.ts";
import { toItems, toTraces } from "../conversations/conversation-turns.ts";
import { createConversations } from "../conversations/conversations.ts";
import { createContext } from "../create-context.ts";
import { isPassing } from "../errors.ts";
import { createConversation, fillConversation } from "../conversations/fresh-conversation.ts";
import { countNoteTokens, fitNotes, toNotesText, type Chapter } from "../conversations/notes.ts";
import type { OpenAIEngineOptions } from "../openai-engine-options.ts";
import type { HistoryPlan } from "./plan-history.ts";
import { writeNotes } from "../conversations/write-notes.ts";

export interface HistoryMover {
  /** Whether a conversation of ours has one at OpenAI. */
  hasConversation(key: string): Promise<boolean>;
  /**
   * Has the model make notes of the older turns. `unnoted` turns are those of which it made none, as when people only
   * greeted each other. @throws DocentError when OpenAI could not do it
   */
  makeNotes(
    plan: HistoryPlan,
    options: { readonly signal: AbortSignal; readonly onUsage: (usage: Usage) => void },
  ): Promise<{ readonly notes: readonly Chapter[]; readonly unnoted: number }>;
  /**
   * Puts a history into a fresh conversation, and that into the place where there is none. Returns the tokens that it
   * begins with, or null when a conversation has come there meanwhile. @throws DocentError when OpenAI could not do it
   */
  put(
    key: string,
    history: { readonly plan: HistoryPlan; readonly notes: readonly Chapter[] },
    signal: AbortSignal,
  ): Promise<number | null>;
  /** Deletes at OpenAI what an interrupted `put` left there. Safe to repeat. */
  sweep(key: string): Promise<void>;
  /** Deletes the conversation. Safe to repeat. */
  forget(key: string): Promise<void>;
}

const TRIES = 3;
const PAUSE_MS = 2_000;

/** Begins conversations with what was said before Docent. Whatever it makes at OpenAI stands in a record first. */
export function createHistoryMover(options: OpenAIEngineOptions): HistoryMover {
  const context = createContext(options);
  const { stores, clock } = context;
  const conversations = createConversations(context);

  async function fill(key: string, { plan, notes }: Parameters<HistoryMover["put"]>[1], signal: AbortSignal) {
    const id = await createConversation(context, key, signal);
    // Until it has its place it stands among those that are to be deleted: a crash leaves no words that nobody deletes.
    await lockRecord(context, key, () => edit(stores.forgotten, key, (ids) => [...ids, id]));
    const text = toNotesText(notes);
    const first = text === "" ? [] : [{ type: "message" as const, role: "user" as const, content: text }];
    const items = [...first, ...toItems(plan.kept, new Set())];
    if (!(await fillConversation(context, id, items, signal))) {
      throw new DocentError("engine_refused", `OpenAI no longer knows ${id}, which it has just made.`);
    }
    return id;
  }

  async function sweep(key: string): Promise<void> {
    for (const id of (await stores.forgotten.get(key)) ?? []) {
      // A crash may have come between its two records.
      const record = await stores.conversations.get(key);
      if (record === undefined || !conversationIdsOf(record).includes(id)) await deleteConversation(context, id);
      await lockRecord(context, key, () => edit(stores.forgotten, key, (ids) => ids.filter((each) => each !== id)));
    }
  }

  return {
    hasConversation: async (key) => (await stores.conversations.get(key)) !== undefined,

    async makeNotes({ chapters }, { signal, onUsage }) {
      const made: Chapter[] = [];
      let unnoted = 0;
      for (const turns of chapters) {
        const chapter = await writeNotes(turns, context, { signal, onUsage }).catch((error: unknown) => {
          if (isDocentError(error, "run_failed")) return undefined;
          throw error;
        });
        if (chapter === undefined) unnoted += turns.length;
        else made.push(chapter);
      }
      return { notes: fitNotes(made), unnoted };
    },

    async put(key, history, signal) {
      const { plan, notes } = history;
      const tokens = plan.wordTokens + countNoteTokens(notes);
      let id: string | undefined;
      for (let attempt = 1; id === undefined; attempt += 1) {
        // Never filled twice: what arrived without an answer would stand there twice.
        id = await fill(key, history, signal).catch(async (error: unknown) => {
          if (attempt >= TRIES || !isPassing(error)) throw error;
          await clock.sleep(PAUSE_MS * attempt, signal);
          return undefined;
        });
      }
      const placed = id;
      const isPlaced = await lockRecord(context, key, async () => {
        if ((await stores.conversations.get(key)) !== undefined) return false;
        const turns = plan.kept.length;
        const record = { ...toRecord(placed), inputTokens: tokens, turns, notes, traces: toTraces(plan.kept) };
        await stores.conversations.set(key, record);
        await edit(stores.forgotten, key, (ids) => ids.filter((each) => each !== placed));
        return true;
      });
      // Whatever has not come into its place: of attempts that failed, or of this one.
      await sweep(key);
      return isPlaced ? tokens : null;
    },

    sweep,

    forget: (key) => conversations.forget(key),
  };
}

async function edit(
  store: KeyValue<readonly string[]>,
  key: string,
  change: (ids: readonly string[]) => readonly string[],
): Promise<void> {
  const ids = change((await store.get(key)) ?? []);
  if (ids.length > 0) await store.set(key, ids);
  else await store.delete(key);
}
