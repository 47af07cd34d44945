import type { Lock } from "./ports/system.ts";

/** A lock within this process, in the order of asking. */
export function createKeyedLock(): Lock {
  const tails = new Map<string, Promise<unknown>>();
  return async (name, work) => {
    const previous = tails.get(name) ?? Promise.resolve();
    const current = previous.then(work, work);
    // The next in line waits for the end, however it ends.
    const tail = current.catch(() => undefined);
    tails.set(name, tail);
    try {
      return await current;
    } finally {
      if (tails.get(name) === tail) tails.delete(name);
    }
  };
}
