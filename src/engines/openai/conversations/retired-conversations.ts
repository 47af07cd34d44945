import type { EngineContext } from "../context.ts";
import { deleteConversation } from "./conversation-items.ts";
import { changeRecord } from "./conversation-records.ts";

export interface RetiredConversations {
  /** Begins to delete what a conversation of ours has left behind at OpenAI. */
  deleteAll(key: string): void;
  /** Resolves when nothing is being deleted. */
  idle(): Promise<void>;
}

/** Deletes replaced conversations in the background: no question need wait for a hundred deletions. */
export function createRetiredConversations(context: EngineContext): RetiredConversations {
  const underWay = new Map<string, Promise<void>>();

  async function deleteEach(key: string): Promise<void> {
    for (;;) {
      const id = (await context.stores.conversations.get(key))?.retired[0];
      if (id === undefined) return;
      await deleteConversation(context, id);
      await changeRecord(context, key, (record) => ({
        ...record,
        retired: record.retired.filter((each) => each !== id),
      }));
    }
  }

  return {
    deleteAll(key) {
      if (underWay.has(key)) return;
      const work = deleteEach(key)
        .catch((error: unknown) => context.log.warn("A replaced conversation could not be deleted yet.", { error }))
        .finally(() => underWay.delete(key));
      underWay.set(key, work);
    },
    async idle() {
      await Promise.all(underWay.values());
    },
  };
}
