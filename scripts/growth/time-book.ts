/** Times in milliseconds under names, and the stores that write them down. */
export interface TimeBook {
  /** The same store; each call's time is noted as `name.method`. */
  watch<T extends object>(name: string, store: T): T;
  /** Calls and milliseconds a question, by name; empties the book. */
  take(questions: number): Readonly<Record<string, { readonly calls: number; readonly ms: number }>>;
}

export function createTimeBook(): TimeBook {
  let book = new Map<string, { calls: number; ms: number }>();
  const note = (name: string, ms: number): void => {
    const { calls, ms: before } = book.get(name) ?? { calls: 0, ms: 0 };
    book.set(name, { calls: calls + 1, ms: before + ms });
  };
  return {
    watch(name, store) {
      const watched = Object.entries(store).map(([method, value]) => {
        if (typeof value !== "function") return [method, value] as const;
        const call = value as (...values: unknown[]) => unknown;
        const timed = (...values: unknown[]): unknown => {
          const startedAt = performance.now();
          const end = (): void => note(`${name}.${method}`, performance.now() - startedAt);
          const result = call(...values);
          if (result instanceof Promise) result.then(end, end);
          else end();
          return result;
        };
        return [method, timed] as const;
      });
      return Object.fromEntries(watched) as typeof store;
    },
    take(questions) {
      const taken = [...book].map(([name, { calls, ms }]) => [name, { calls: calls / questions, ms: ms / questions }]);
      book = new Map();
      return Object.fromEntries(taken) as ReturnType<TimeBook["take"]>;
    },
  };
}

/** The value below which so much of them lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}
