import type { Bulletin } from "./ports/system.ts";

/** A bulletin for a process that shares its store with nobody. */
export function createLocalBulletin(): Bulletin {
  const subscribers = new Map<string, Set<(message: unknown) => void>>();
  return {
    publish(topic, message) {
      for (const callback of subscribers.get(topic) ?? []) callback(message);
    },
    subscribe(topic, callback) {
      const all = subscribers.get(topic) ?? new Set();
      subscribers.set(topic, all.add(callback));
      return () => all.delete(callback);
    },
  };
}
