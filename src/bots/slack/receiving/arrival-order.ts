import { createKeyedLock } from "../../../core/keyed-lock.ts";

/** Keeps what happened in a channel in the order in which Slack told it, though looking things up takes its time. */
export interface ArrivalOrder {
  /** To be called when something arrives, before anything is awaited. */
  enter(key: string): Arrival;
}

export interface Arrival {
  /** Resolves when everything that arrived before has left. */
  readonly isNext: Promise<void>;
  leave(): void;
}

export function createArrivalOrder(): ArrivalOrder {
  const lock = createKeyedLock();
  return {
    enter(key) {
      const next = Promise.withResolvers<void>();
      const left = Promise.withResolvers<void>();
      void lock(key, () => {
        next.resolve();
        return left.promise;
      });
      return { isNext: next.promise, leave: () => left.resolve() };
    },
  };
}
