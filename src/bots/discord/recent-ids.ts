/** The newest ids, at most so many. */
export interface RecentIds {
  has(id: string): boolean;
  add(id: string): void;
  delete(id: string): void;
  clear(): void;
}

export function createRecentIds(max: number): RecentIds {
  const ids = new Set<string>();
  return {
    has: (id) => ids.has(id),
    add(id) {
      ids.add(id);
      const [oldest] = ids;
      if (ids.size > max && oldest !== undefined) ids.delete(oldest);
    },
    delete: (id) => void ids.delete(id),
    clear: () => ids.clear(),
  };
}
