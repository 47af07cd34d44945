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
  const last = new Map<string, Promise<void>>();
  return {
    enter(key) {
      const isNext = last.get(key) ?? Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      const left = Promise.all([isNext, promise]).then(() => undefined);
      last.set(key, left);
      return {
        isNext,
        leave() {
          resolve();
          void left.then(() => (last.get(key) === left ? last.delete(key) : false));
        },
      };
    },
  };
}
