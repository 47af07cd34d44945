import type { OpenAI } from "openai";
import { crashPoint } from "../../core/crash-point.ts";
import type { EngineContext } from "./context.ts";
import {
  deleteConversation,
  deleteItems,
  filesBroughtBy,
  findTraces,
  findTurn,
  listMessages,
} from "./conversation-items.ts";
import { unlessGone } from "./openai-client.ts";
import type { ConversationRecord, InsideFile } from "./records.ts";

/** Texts of the newest messages that a fresh conversation takes over from the one it replaces. */
const CARRIED_MESSAGES = 12;
const CARRIED_CHARACTERS = 4_000;

export interface Conversations {
  /** The conversation's record; the conversation is created when there is none. */
  ensure(key: string, signal: AbortSignal): Promise<ConversationRecord>;
  /** Replaces a conversation that OpenAI no longer knows. Returns whether that was so. */
  replaceIfGone(key: string): Promise<boolean>;
  /** Goes on in a fresh conversation that holds the newest messages as text, and none of the files. */
  rollOver(key: string, signal: AbortSignal): Promise<void>;
  /** Notes how a run ended: `inside` are the files that its message brought. */
  noteEnd(key: string, end: { conversationId: string; turnId: string } & RunEnd): Promise<void>;
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
  /** Resolves when replaced conversations are deleted as far as that is under way. */
  idle(): Promise<void>;
}

type RunEnd =
  | { readonly ended: "well"; readonly inside: Readonly<Record<string, InsideFile>>; readonly inputTokens?: number }
  | { readonly ended: "badly" };

export function createConversations(context: EngineContext): Conversations {
  const { client, stores, lock, log } = context;
  const { sdk } = client;
  const cleaning = new Set<Promise<void>>();
  const locked = <T>(key: string, work: () => Promise<T>): Promise<T> => lock(`conversation ${key}`, work);

  async function create(
    key: string,
    items: OpenAI.Responses.ResponseInputItem[],
    signal?: AbortSignal,
  ): Promise<string> {
    const body = { metadata: { docent: key.slice(0, 512) }, items };
    const created = await client.patiently(
      "Creating a conversation",
      () => sdk.conversations.create(body, { signal }),
      { signal },
    );
    crashPoint("conversation: created, not recorded");
    return created.id;
  }

  async function change(key: string, edit: (record: ConversationRecord) => ConversationRecord): Promise<void> {
    await locked(key, async () => {
      const record = await stores.conversations.get(key);
      if (record !== undefined) await stores.conversations.set(key, edit(record));
    });
  }

  /** In the background: the question that caused the change need not wait for a hundred deletions. */
  function retire(key: string, conversationId: string): void {
    const work = deleteConversation(context, conversationId)
      .then(() =>
        change(key, (record) => ({ ...record, retired: record.retired.filter((id) => id !== conversationId) })),
      )
      .catch((error: unknown) => log.warn("A replaced conversation could not be deleted yet.", { error }))
      .finally(() => cleaning.delete(work));
    cleaning.add(work);
  }

  /** A message that was deleted took other documents with it than the one meant: they are given anew when they are needed. */
  async function noteGone(key: string, fileIds: readonly string[]): Promise<void> {
    await change(key, (current) => {
      const inside = Object.entries(current.inside).filter(([, { fileId }]) => !fileIds.includes(fileId));
      return { ...current, inside: Object.fromEntries(inside) };
    });
  }

  async function leave(key: string): Promise<void> {
    await locked(key, async () => {
      const record = await stores.conversations.get(key);
      if (record === undefined) return;
      const earlier = (await stores.forgotten.get(key)) ?? [];
      const ids = [...earlier, ...record.retired, record.conversationId];
      await stores.forgotten.set(key, [...new Set(ids)]);
      await stores.conversations.delete(key);
    });
  }

  return {
    async ensure(key, signal) {
      return await locked(key, async () => {
        const known = await stores.conversations.get(key);
        if (known !== undefined) return known;
        const record = toRecord(await create(key, [], signal));
        await stores.conversations.set(key, record);
        return record;
      });
    },

    async replaceIfGone(key) {
      return await locked(key, async () => {
        const record = await stores.conversations.get(key);
        if (record === undefined) return false;
        const found = await unlessGone(
          client.patiently("Looking for a conversation", () => sdk.conversations.retrieve(record.conversationId)),
        );
        if (found !== undefined) return false;
        log.warn("OpenAI no longer knows a conversation; a fresh one takes its place.");
        const fresh = toRecord(await create(key, []));
        await stores.conversations.set(key, { ...fresh, retired: record.retired });
        return true;
      });
    },

    async rollOver(key, signal) {
      await locked(key, async () => {
        const record = await stores.conversations.get(key);
        if (record === undefined) return;
        const messages = await listMessages(client, record.conversationId, { limit: CARRIED_MESSAGES, signal });
        const carried = messages.map(({ role, text }) => ({
          type: "message" as const,
          role,
          content: text.slice(0, CARRIED_CHARACTERS).toWellFormed(),
        }));
        const fresh = toRecord(await create(key, carried, signal));
        const left = [...new Set([...record.left, ...Object.keys(record.inside)])];
        const retired = [...record.retired, record.conversationId];
        await stores.conversations.set(key, { ...fresh, left, retired });
        log.info("A conversation goes on in a fresh one.", {
          carried: carried.length,
          inputTokens: record.inputTokens,
        });
        for (const id of retired) retire(key, id);
      });
    },

    async noteEnd(key, end) {
      await change(key, (record) => {
        if (record.conversationId !== end.conversationId) return record;
        if (end.ended === "badly") {
          return { ...record, unfinished: [...new Set([...record.unfinished, end.turnId])] };
        }
        const inputTokens = end.inputTokens ?? record.inputTokens;
        return { ...record, inside: { ...record.inside, ...end.inside }, inputTokens };
      });
    },

    async purgeFiles(key, fileIds) {
      const record = await stores.conversations.get(key);
      if (record === undefined) return;
      const gone: string[] = [...fileIds];
      for (const conversationId of [record.conversationId, ...record.retired]) {
        const items = await findTraces(client, conversationId, fileIds);
        await deleteItems(context, conversationId, items);
        gone.push(...filesBroughtBy(items));
      }
      await noteGone(key, gone);
    },

    async purgeTurn(key, turnId) {
      const record = await stores.conversations.get(key);
      for (const conversationId of record === undefined ? [] : [record.conversationId, ...record.retired]) {
        const found = await findTurn(client, conversationId, turnId, { within: Number.POSITIVE_INFINITY });
        if (found === undefined) continue;
        await deleteItems(context, conversationId, [found.message, ...found.answer]);
        await noteGone(key, filesBroughtBy([found.message]));
      }
    },

    async deleteUnfinished(key, find) {
      const record = await stores.conversations.get(key);
      if (record === undefined || record.unfinished.length === 0) return;
      for (const turnId of record.unfinished) await find(record, turnId);
      await change(key, (current) => ({
        ...current,
        unfinished: current.unfinished.filter((turnId) => !record.unfinished.includes(turnId)),
      }));
    },

    leave,

    async forget(key) {
      // First, and whatever OpenAI says to the deletion: whoever asks next begins afresh.
      await leave(key);
      await Promise.all(cleaning);
      await lock(`forgotten conversations ${key}`, async () => {
        const ids = (await stores.forgotten.get(key)) ?? [];
        for (const id of ids) await deleteConversation(context, id);
        await locked(key, async () => {
          const left = ((await stores.forgotten.get(key)) ?? []).filter((id) => !ids.includes(id));
          if (left.length > 0) await stores.forgotten.set(key, left);
          else await stores.forgotten.delete(key);
        });
      });
    },

    async idle() {
      await Promise.all(cleaning);
    },
  };
}

function toRecord(conversationId: string): ConversationRecord {
  return { conversationId, inside: {}, left: [], unfinished: [], inputTokens: 0, retired: [] };
}
