import type { KeyValue } from "../../core/ports/stores.ts";
import type { Lock } from "../../core/ports/system.ts";
import type { Kept } from "./discord-bot-options.ts";

/** Ids that outlive a restart and that the replicas share, newest last, at most `max`. */
export interface KeptSet {
  /** Reads what was kept, also by other replicas. */
  load(): Promise<void>;
  add(id: string): Promise<void>;
  /** Those that were kept at the last `load`, and those that were added here since. */
  values(): readonly string[];
}

export function createKeptSet(seen: KeyValue<Kept>, lock: Lock, key: string, max: number): KeptSet {
  let ids: ReadonlySet<string> = new Set();

  async function read(): Promise<readonly string[]> {
    const kept = await seen.get(key);
    return Array.isArray(kept) ? (kept as readonly string[]) : [];
  }

  return {
    async load() {
      ids = new Set([...(await read()), ...ids]);
    },
    async add(id) {
      if (ids.has(id)) return;
      // All of them are one value: two replicas that write it at once would lose one another's.
      await lock(`discord ${key}`, async () => {
        const kept = await read();
        const next = kept.includes(id) ? kept : [...kept, id].slice(-max);
        if (next !== kept) await seen.set(key, next);
        ids = new Set(next);
      });
    },
    values: () => [...ids],
  };
}
