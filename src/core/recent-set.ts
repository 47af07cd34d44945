/** The newest things that were seen, at most so many. */
export interface RecentSet {
  has(value: string): boolean;
  /** False when it was there already. */
  add(value: string): boolean;
  delete(value: string): void;
  clear(): void;
}

export function createRecentSet(max: number): RecentSet {
  const values = new Set<string>();
  return {
    has: (value) => values.has(value),
    add(value) {
      if (values.has(value)) return false;
      values.add(value);
      const [oldest] = values;
      if (values.size > max && oldest !== undefined) values.delete(oldest);
      return true;
    },
    delete: (value) => void values.delete(value),
    clear: () => values.clear(),
  };
}
