import type { KeyValue } from "../../core/ports/stores.ts";
import type { Kept } from "./discord-bot-options.ts";

/** Ids that outlive a restart, newest last, at most `max`. */
export interface KeptSet {
  load(): Promise<void>;
  has(id: string): boolean;
  add(id: string): Promise<void>;
  delete(id: string): Promise<void>;
  values(): readonly string[];
}

export function createKeptSet(seen: KeyValue<Kept>, key: string, max: number): KeptSet {
  let ids = new Set<string>();
  const save = async (): Promise<void> => void (await seen.set(key, [...ids]));
  return {
    async load() {
      const kept = await seen.get(key);
      ids = new Set(Array.isArray(kept) ? (kept as readonly string[]) : []);
    },
    has: (id) => ids.has(id),
    async add(id) {
      if (ids.has(id)) return;
      ids.add(id);
      const [oldest] = ids;
      if (ids.size > max && oldest !== undefined) ids.delete(oldest);
      await save();
    },
    async delete(id) {
      if (ids.delete(id)) await save();
    },
    values: () => [...ids],
  };
}
