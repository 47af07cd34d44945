import type { Page, PageUnit } from "../../core/document.ts";

/** What stands on one page, slide or sheet, or in one section, with the numbers of those before and behind it. */
export interface Piece extends Page {
  readonly previous: number | null;
  readonly next: number | null;
}

/**
 * A line belongs to the piece that begins at it or before it; a page, slide, sheet or section has to be the very one. The
 * first may hold nothing: 1 then leads to the first that holds something.
 */
export function findPiece(pages: readonly Page[], unit: PageUnit, wanted: number): Piece | undefined {
  const exact = pages.findLast(({ number }) => (unit === "line" ? number <= wanted : number === wanted));
  const found = exact ?? (wanted === 1 ? pages[0] : undefined);
  if (found === undefined) return undefined;
  // A long one comes in several pieces.
  const same = pages.filter(({ number }) => number === found.number);
  return {
    ...found,
    text: same.map(({ text }) => text).join("\n"),
    previous: pages.findLast(({ number }) => number < found.number)?.number ?? null,
    next: pages.find(({ number }) => number > found.number)?.number ?? null,
  };
}
