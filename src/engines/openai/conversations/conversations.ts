import type { EngineContext } from "../context.ts";
import { deleteConversation } from "./conversation-items.ts";
import {
  changeRecord,
  conversationIdsOf,
  isRenewalDue,
  lockPast,
  lockRecord,
  toRecord,
} from "./conversation-records.ts";
import { listTurns, withoutNoted } from "./conversation-turns.ts";
import { createConversation } from "./fresh-conversation.ts";
import { unlessGone } from "../openai-client.ts";
import { purgeConversation } from "./purge-conversation.ts";
import type { ConversationRecord, Draft, InsideFile } from "../records.ts";
import { replaceConversation, type Beginning } from "./replace-conversation.ts";
import { createRetiredConversations } from "./retired-conversations.ts";

/** Turns that a fresh conversation takes over word by word where there is no time to make notes of the others. */
const CARRIED_TURNS = 6;

export interface Conversations {
  /** The conversation's record; the conversation is created when there is none. */
  ensure(key: string, signal: AbortSignal): Promise<ConversationRecord>;
  /** Replaces a conversation that OpenAI no longer knows. Returns whether that was so. */
  replaceIfGone(key: string): Promise<boolean>;
  /** Goes on in a fresh conversation that holds the notes and the newest turns as words, and none of the files. */
  rollOver(key: string, signal: AbortSignal): Promise<void>;
  /**
   * The same with these notes and turns, unless a question came first, or something was deleted: then the conversation
   * stays as it is, and this returns false. `token` is the turn whose end made it due.
   */
  renew(key: string, fresh: Beginning & { readonly token: string }, signal: AbortSignal): Promise<boolean>;
  /** Keeps notes that were made of a conversation, unless something was deleted from it since it was in this state. */
  keepDraft(key: string, draft: Draft, state: Pick<ConversationRecord, "conversationId" | "purges">): Promise<void>;
  /**
   * Notes how a run ended: `inside` are the files that its message brought. With `mayRenew` it returns whether a fresh
   * conversation is to take this one's place; the next question calls that off.
   */
  noteEnd(key: string, end: { conversationId: string; turnId: string } & RunEnd): Promise<boolean>;
  /** Deletes what holds or cites one of these files: messages with their answers, searches, citations. */
  purgeFiles(key: string, fileIds: readonly string[]): Promise<void>;
  /** Deletes a turn's message and its answer. */
  purgeTurn(key: string, turnId: string): Promise<void>;
  /** Deletes what runs that did not end well left behind. */
  deleteUnfinished(key: string, find: (record: ConversationRecord, turnId: string) => Promise<void>): Promise<void>;
  /** Lets go of a conversation: it is to be deleted, and the next question begins a fresh one. */
  leave(key: string): Promise<void>;
  /** Deletes what was let go of, the present conversation included. Safe to repeat until it succeeds. */
  forget(key: string): Promise<void>;
  /** The same, but for the present conversation. */
  forgetLeft(key: string): Promise<void>;
  /** Resolves when replaced conversations are deleted as far as that is under way. */
  idle(): Promise<void>;
}

export type RunEnd =
  | {
      readonly ended: "well";
      readonly inside: Readonly<Record<string, InsideFile>>;
      readonly inputTokens?: number;
      /** Estimated tokens that it left inside beside its words. */
      readonly ballastTokens?: number;
      /** The notes were due, and came with its message. */
      readonly broughtNotes?: boolean;
      readonly mayRenew?: boolean;
    }
  | { readonly ended: "badly" };

export function createConversations(context: EngineContext): Conversations {
  const { client, stores, lock, log } = context;
  const { sdk } = client;
  const retired = createRetiredConversations(context);

  async function leave(key: string): Promise<void> {
    await lockRecord(context, key, async () => {
      const record = await stores.conversations.get(key);
      if (record === undefined) return;
      const earlier = (await stores.forgotten.get(key)) ?? [];
      await stores.forgotten.set(key, [...new Set([...earlier, ...conversationIdsOf(record)])]);
      await stores.conversations.delete(key);
    });
  }

  async function forgetLeft(key: string): Promise<void> {
    await retired.idle();
    // What is being filled at this moment stands among the forgotten ones already.
    await lockPast(context, key, () => Promise.resolve());
    await lock(`forgotten conversations ${key}`, async () => {
      const ids = (await stores.forgotten.get(key)) ?? [];
      for (const id of ids) await deleteConversation(context, id);
      await lockRecord(context, key, async () => {
        const left = ((await stores.forgotten.get(key)) ?? []).filter((id) => !ids.includes(id));
        if (left.length > 0) await stores.forgotten.set(key, left);
        else await stores.forgotten.delete(key);
      });
    });
  }

  return {
    async ensure(key, signal) {
      return await lockRecord(context, key, async () => {
        const known = await stores.conversations.get(key);
        if (known?.renewing !== undefined) {
          // From here on a question is under way in this conversation.
          const { renewing: _, ...rest } = known;
          await stores.conversations.set(key, rest);
          return rest;
        }
        if (known !== undefined) return known;
        const record = toRecord(await createConversation(context, key, signal));
        await stores.conversations.set(key, record);
        return record;
      });
    },

    async replaceIfGone(key) {
      return await lockRecord(context, key, async () => {
        const record = await stores.conversations.get(key);
        if (record === undefined) return false;
        const found = await unlessGone(
          client.patiently("Looking for a conversation", () => sdk.conversations.retrieve(record.conversationId)),
        );
        if (found !== undefined) return false;
        log.warn("OpenAI no longer knows a conversation; a fresh one takes its place.");
        const fresh = toRecord(await createConversation(context, key, undefined));
        // What is gone there is known here by its notes.
        const kept = { notes: record.notes, notesDue: true, filling: record.filling };
        await stores.conversations.set(key, { ...fresh, ...kept, retired: record.retired });
        return true;
      });
    },

    async rollOver(key, signal) {
      await lockPast(context, key, async () => {
        const record = await stores.conversations.get(key);
        if (record === undefined) return;
        const all = await listTurns(client, record.conversationId, { traces: record.traces, signal });
        const notes = record.draft?.notes ?? record.notes ?? [];
        const turns = withoutNoted(all, record.draft?.turns).slice(-CARRIED_TURNS);
        const mayGoOn = ({ purges }: ConversationRecord): boolean => purges === record.purges;
        await replaceConversation(key, { notes, turns, inside: {} }, context, { mayGoOn, signal });
        log.info("A conversation goes on in a fresh one.", { turns: turns.length, inputTokens: record.inputTokens });
      });
      retired.deleteAll(key);
    },

    async renew(key, { token, ...beginning }, signal) {
      // A deletion ends it as well: it takes the token away.
      const mayGoOn = ({ renewing }: ConversationRecord): boolean => renewing === token;
      return await lockPast(context, key, () =>
        replaceConversation(key, beginning, context, { mayGoOn, signal }),
      ).finally(() => retired.deleteAll(key));
    },

    async keepDraft(key, draft, { conversationId, purges }) {
      await changeRecord(context, key, (record) =>
        record.conversationId === conversationId && record.purges === purges ? { ...record, draft } : record,
      );
    },

    async noteEnd(key, end) {
      let isDue = false;
      const before = await changeRecord(context, key, (record) => {
        if (record.conversationId !== end.conversationId) return record;
        if (end.ended === "badly") {
          return { ...record, unfinished: [...new Set([...record.unfinished, end.turnId])] };
        }
        const inputTokens = end.inputTokens ?? record.inputTokens;
        const next = { ...record, inside: { ...record.inside, ...end.inside }, inputTokens };
        // The same end once more: the next question may be under way by now.
        if (record.endedTurn === end.turnId) return next;
        const turns = (record.turns ?? 0) + 1;
        const ballastTokens = (record.ballastTokens ?? 0) + (end.ballastTokens ?? 0);
        const notesDue = record.notesDue === true && end.broughtNotes !== true;
        const ended = { ...next, endedTurn: end.turnId, turns, ballastTokens, notesDue };
        isDue = end.mayRenew === true && isRenewalDue(ended);
        return isDue ? { ...ended, renewing: end.turnId } : ended;
      });
      // Left from an earlier process, or from a time when OpenAI could not delete.
      if (before !== undefined && before.retired.length > 0) retired.deleteAll(key);
      return isDue;
    },

    async purgeFiles(key, fileIds) {
      await purgeConversation(key, { fileIds }, context);
    },

    async purgeTurn(key, turnId) {
      await purgeConversation(key, { turnId }, context);
    },

    async deleteUnfinished(key, find) {
      const record = await stores.conversations.get(key);
      if (record === undefined || record.unfinished.length === 0) return;
      for (const turnId of record.unfinished) await find(record, turnId);
      await changeRecord(context, key, (current) => ({
        ...current,
        unfinished: current.unfinished.filter((turnId) => !record.unfinished.includes(turnId)),
      }));
    },

    leave,

    async forget(key) {
      // First, and whatever OpenAI says to the deletion: whoever asks next begins afresh.
      await leave(key);
      await forgetLeft(key);
    },

    forgetLeft,

    idle: () => retired.idle(),
  };
}
