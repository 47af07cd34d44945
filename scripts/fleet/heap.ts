export interface Heap<T> {
  add(item: T): void;
  /** The item whose key is least, left where it is. */
  peek(): T | undefined;
  take(): T | undefined;
  size(): number;
}

/** A binary heap by a key that must not change while an item is in it. */
export function createHeap<T>(keyOf: (item: T) => number): Heap<T> {
  const items: { readonly key: number; readonly item: T }[] = [];
  const keyAt = (index: number): number => items[index]?.key ?? Number.POSITIVE_INFINITY;

  function swap(one: number, other: number): void {
    const [first, second] = [items[one], items[other]];
    if (first === undefined || second === undefined) return;
    items[one] = second;
    items[other] = first;
  }

  return {
    add(item) {
      items.push({ key: keyOf(item), item });
      for (let at = items.length - 1; at > 0;) {
        const parent = (at - 1) >> 1;
        if (keyAt(parent) <= keyAt(at)) break;
        swap(parent, at);
        at = parent;
      }
    },
    peek: () => items[0]?.item,
    take() {
      const top = items[0];
      const last = items.pop();
      if (top === undefined || last === undefined || items.length === 0) return top?.item;
      items[0] = last;
      for (let at = 0; ;) {
        const left = 2 * at + 1;
        const least = keyAt(left + 1) < keyAt(left) ? left + 1 : left;
        if (keyAt(least) >= keyAt(at)) break;
        swap(least, at);
        at = least;
      }
      return top.item;
    },
    size: () => items.length,
  };
}
