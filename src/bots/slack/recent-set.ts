/** The newest things that were seen, at most so many. */
export interface RecentSet {
  /** False when it was there already. */
  add(value: string): boolean;
}

export function createRecentSet(max: number): RecentSet {
  const values = new Set<string>();
  return {
    add(value) {
      if (values.has(value)) return false;
      values.add(value);
      const [oldest] = values;
      if (values.size > max && oldest !== undefined) values.delete(oldest);
      return true;
    },
  };
}
