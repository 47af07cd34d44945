import type { EngineContext } from "../context.ts";
import type { ConversationRecord } from "../records.ts";

/** Turns that stand in a conversation word by word before notes are made of the older ones. */
export const MAX_TURNS = 12;

/** Files and search results that a conversation may hold when a turn has ended. */
const MAX_BALLAST_TOKENS = 16_000;

/** Both are read again, and paid for, with every question; see docs/decisions/0017-flat-cost.md. */
export function isRenewalDue({ turns = 0, ballastTokens = 0 }: ConversationRecord): boolean {
  return turns > MAX_TURNS || ballastTokens > MAX_BALLAST_TOKENS;
}

export function toRecord(conversationId: string): ConversationRecord {
  return { conversationId, inside: {}, left: [], unfinished: [], inputTokens: 0, retired: [] };
}

/** Every conversation that stands in a record, the present one first. */
export function conversationIdsOf({ conversationId, retired, filling }: ConversationRecord): string[] {
  return [conversationId, ...retired, ...(filling === undefined ? [] : [filling])];
}

export async function lockRecord<T>({ lock }: EngineContext, key: string, work: () => Promise<T>): Promise<T> {
  return await lock(`conversation ${key}`, work);
}

/** Only one at a time changes what a conversation holds of the past. Taken before `lockRecord`, never inside it. */
export async function lockPast<T>({ lock }: EngineContext, key: string, work: () => Promise<T>): Promise<T> {
  return await lock(`past of conversation ${key}`, work);
}

/** Returns the record as it was before, or undefined when there is none. `edit` may return it as it is. */
export async function changeRecord(
  context: EngineContext,
  key: string,
  edit: (record: ConversationRecord) => ConversationRecord,
): Promise<ConversationRecord | undefined> {
  const { conversations } = context.stores;
  return await lockRecord(context, key, async () => {
    const record = await conversations.get(key);
    if (record === undefined) return undefined;
    const next = edit(record);
    if (next !== record) await conversations.set(key, next);
    return record;
  });
}
