import { createKeyedLock } from "../../../core/keyed-lock.ts";

/** Runs tasks one after the other within a lane, lanes side by side. */
export interface Lanes {
  run(lane: string, task: () => Promise<void>): Promise<void>;
  /** Resolves when everything that was handed in is done. */
  idle(): Promise<void>;
}

export function createLanes(onError: (error: unknown) => void): Lanes {
  const lock = createKeyedLock();
  const open = new Set<Promise<void>>();
  return {
    run(lane, task) {
      const done = lock(lane, task).catch(onError);
      open.add(done);
      return done.finally(() => void open.delete(done));
    },
    async idle() {
      while (open.size > 0) await Promise.all(open);
    },
  };
}
