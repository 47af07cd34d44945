import { setImmediate as yieldToOthers } from "node:timers/promises";

/** How long work may hold the thread before others have their turn. */
export const SLICE_MS = 6;

/** Looking at the clock costs more than most of what is done to one item. */
const ITEMS_BETWEEN_LOOKS = 20;

/** Does `work` for each item and lets others run in between. */
export async function forEachInSlices<Item>(items: Iterable<Item>, work: (item: Item) => void): Promise<void> {
  let end = performance.now() + SLICE_MS;
  let done = 0;
  for (const item of items) {
    work(item);
    if (++done % ITEMS_BETWEEN_LOOKS !== 0 || performance.now() < end) continue;
    await yieldToOthers();
    end = performance.now() + SLICE_MS;
  }
}
