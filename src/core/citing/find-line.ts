import type { Page } from "../document.ts";
import { lettersOf } from "./letter-index.ts";

/**
 * The line (1-based, in the document) on which a quote begins in the piece with this number; undefined when the quote
 * does not stand there. The quote may differ in spaces and be cut at its end.
 */
export function findLine(pages: readonly Page[], piece: number, quote: string): number | undefined {
  const wanted = lettersOf(quote);
  if (wanted === "") return undefined;
  // Only a line that is too long for one piece comes in several with one number.
  for (const { text } of pages.filter(({ number }) => number === piece)) {
    const lines = text.split("\n").map(lettersOf);
    let at = lines.join("").indexOf(wanted);
    if (at < 0) continue;
    for (const [index, { length }] of lines.entries()) {
      if (at < length) return piece + index;
      at -= length;
    }
  }
  return undefined;
}
