import type { PageLayout } from "./document-postings.ts";

/** Half of a window, in words: windows overlap by this much. */
const HALF_WINDOW = 60;
const SATURATION = 0.6;

/** Scores overlapping windows of a document's pages, term by term. */
export interface Windows {
  /** Adds one term: the positions on one page after the other, then `endTerm`. */
  addPage(page: number, positions: Int32Array): void;
  endTerm(rarity: number): void;
  /** The score of a page's best window. */
  best(page: number): number;
}

/** Windows are formed from the positions alone, so that no chunks have to be stored. */
export function createWindows(layout: PageLayout): Windows {
  const firsts = [0];
  for (const length of layout.lengths) firsts.push((firsts.at(-1) ?? 0) + Math.floor(length / HALF_WINDOW) + 1);
  const scores = new Float64Array(firsts.at(-1) ?? 0);
  const times = new Map<number, number>();
  return {
    addPage(page, positions) {
      const first = firsts[page] ?? 0;
      for (const position of positions) {
        const half = first + Math.floor((position - (layout.starts[page] ?? 0)) / HALF_WINDOW);
        times.set(half, (times.get(half) ?? 0) + 1);
        if (half > first) times.set(half - 1, (times.get(half - 1) ?? 0) + 1);
      }
    },
    endTerm(rarity) {
      for (const [window, count] of times) {
        scores[window] = (scores[window] ?? 0) + (rarity * count * (1 + SATURATION)) / (count + SATURATION);
      }
      times.clear();
    },
    best: (page) => scores.subarray(firsts[page], firsts[page + 1]).reduce((best, score) => Math.max(best, score), 0),
  };
}
