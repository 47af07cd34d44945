import type { TextItem, TextMarkedContent } from "pdfjs-dist/types/src/display/api.d.ts";

import { cleanText } from "./clean-text.ts";

/** Not Korean: its words of one syllable stand apart by right. */
const SPACED_LETTERS =
  /(?<![\p{L}\p{N}])[\p{L}--\p{Script=Hangul}](?: [\p{L}--\p{Script=Hangul}]){3,}(?![\p{L}\p{N}])/gv;

/**
 * The text of one page from the runs that pdf.js found, in the order of the file. pdf.js has measured the gaps between
 * glyphs already: a gap that is a space arrives as one, and the end of a line as `hasEOL`.
 */
export function joinTextItems(items: readonly (TextItem | TextMarkedContent)[]): string {
  let text = "";
  let previous: TextItem | null = null;
  for (const item of items) {
    if (!("str" in item)) continue;
    if (item.str.trim() !== "") {
      if (previous !== null && jumpsBack(previous, item) && !/\s$/.test(text)) text += "\n";
      previous = item;
    }
    text += joinSpacedLetters(item.str);
    if (item.hasEOL) text += "\n";
  }
  return tidy(text);
}

/** A cell of a table may be drawn before the cell to its left: without a break the two words would be glued. */
function jumpsBack(previous: TextItem, item: TextItem): boolean {
  if (item.dir !== "ltr" || previous.dir !== "ltr" || item.transform[1] !== 0) return false;
  const previousX: number = previous.transform[4];
  const x: number = item.transform[4];
  return x + item.height < previousX;
}

/**
 * Letters set wide apart ("A N N U A L", or a narrow letter in the cell of a fixed-width font) arrive with a space
 * between them, while the wider gap between two such words starts a run of its own. Four letters alone are a word.
 */
function joinSpacedLetters(run: string): string {
  return run.replace(SPACED_LETTERS, (letters) => letters.replaceAll(" ", ""));
}

/** Ligatures as the letters they stand for, and no blanks that only the layout needed. */
function tidy(text: string): string {
  return cleanText(text)
    .replace(/[\uFB00-\uFB06]/g, (ligature) => ligature.normalize("NFKC"))
    .replace(/[ \t]+\n/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
