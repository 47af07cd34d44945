import type { EngineContext } from "../context.ts";
import {
  deleteItems,
  filesBroughtBy,
  findItems,
  findTraces,
  findTurn,
  isNotesItem,
  type ConversationItem,
} from "./conversation-items.ts";
import { changeRecord, conversationIdsOf, lockPast } from "./conversation-records.ts";
import { dropChapters } from "./notes.ts";

/** What is to be deleted from a conversation: a turn, or everything that held one of these files (ids at OpenAI). */
export type Gone =
  | { readonly turnId: string; readonly fileIds?: undefined }
  | { readonly fileIds: readonly string[]; readonly turnId?: undefined };

/**
 * Deletes something from a conversation and from those it replaced, with the chapters of notes that it went into. Safe
 * to repeat until it succeeds.
 */
export async function purgeConversation(key: string, gone: Gone, context: EngineContext): Promise<void> {
  const { client, stores } = context;
  // A renewal that has read it already must not bring it back.
  await changeRecord(context, key, (record) => ({
    ...record,
    renewing: undefined,
    draft: undefined,
    purges: (record.purges ?? 0) + 1,
  }));
  await lockPast(context, key, async () => {
    const record = await stores.conversations.get(key);
    if (record === undefined) return;
    const notes = dropChapters(record.notes ?? [], gone);
    const isNoted = notes.length < (record.notes ?? []).length;
    const turnIds =
      gone.turnId === undefined
        ? Object.entries(record.traces ?? {}).flatMap(([id, held]) =>
            held.some((each) => gone.fileIds.includes(each)) ? [id] : [],
          )
        : [gone.turnId];
    // A message that is deleted takes other documents with it than the one meant: they are given anew when needed.
    const lost: string[] = [...(gone.fileIds ?? [])];
    for (const conversationId of conversationIdsOf(record)) {
      const items = new Set<ConversationItem>();
      if (gone.fileIds !== undefined)
        for (const item of await findTraces(client, conversationId, gone.fileIds)) items.add(item);
      for (const turnId of turnIds) {
        const found = await findTurn(client, conversationId, turnId, { within: Number.POSITIVE_INFINITY });
        if (found !== undefined) for (const item of [found.message, ...found.answer]) items.add(item);
      }
      if (isNoted) for (const item of await findItems(client, conversationId, isNotesItem)) items.add(item);
      await deleteItems(context, conversationId, [...items]);
      lost.push(...filesBroughtBy([...items]));
    }
    // Last: until everything is gone, a repeat must find what is left to do.
    await changeRecord(context, key, (current) => {
      const inside = Object.entries(current.inside).filter(([, { fileId }]) => !lost.includes(fileId));
      return {
        ...current,
        inside: Object.fromEntries(inside),
        ...(isNoted ? { notes: dropChapters(current.notes ?? [], gone), notesDue: true } : {}),
      };
    });
  });
}
