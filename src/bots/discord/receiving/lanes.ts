/** Runs tasks one after the other within a lane, lanes side by side. */
export interface Lanes {
  run(lane: string, task: () => Promise<void>): Promise<void>;
  /** Resolves when everything that was handed in is done. */
  idle(): Promise<void>;
}

export function createLanes(onError: (error: unknown) => void): Lanes {
  const tails = new Map<string, Promise<void>>();
  return {
    run(lane, task) {
      const tail = (tails.get(lane) ?? Promise.resolve()).then(task).catch(onError);
      tails.set(lane, tail);
      return tail.finally(() => {
        if (tails.get(lane) === tail) tails.delete(lane);
      });
    },
    async idle() {
      while (tails.size > 0) await Promise.all(tails.values());
    },
  };
}
