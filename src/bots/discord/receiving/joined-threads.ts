import type { KeyValue } from "../../../core/ports/stores.ts";
import type { Kept } from "../discord-bot-options.ts";
import { createRecentSet } from "../../../core/recent-set.ts";

const REMEMBERED = 5000;

/** The threads that Docent was spoken to in, which the gateway does not tell. Each has its own key: any replica may add one. */
export interface JoinedThreads {
  has(threadId: string): Promise<boolean>;
  add(threadId: string): Promise<void>;
  delete(threadId: string): Promise<void>;
  /** What was not joined may have been meanwhile: this replica has missed events. */
  forgetOthers(): void;
}

export function createJoinedThreads(seen: KeyValue<Kept>): JoinedThreads {
  const joined = createRecentSet(REMEMBERED);
  /** Whatever changes that reaches this replica too, as it serves the same shard. */
  const others = createRecentSet(REMEMBERED);
  const keyOf = (threadId: string): string => `thread:${threadId}`;
  return {
    async has(threadId) {
      if (joined.has(threadId)) return true;
      if (others.has(threadId)) return false;
      const isJoined = (await seen.get(keyOf(threadId))) === true;
      (isJoined ? joined : others).add(threadId);
      return isJoined;
    },
    async add(threadId) {
      if (joined.has(threadId)) return;
      await seen.set(keyOf(threadId), true);
      others.delete(threadId);
      joined.add(threadId);
    },
    async delete(threadId) {
      joined.delete(threadId);
      await seen.delete(keyOf(threadId));
    },
    forgetOthers: () => others.clear(),
  };
}
