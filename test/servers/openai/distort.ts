import { createHash } from "node:crypto";
import type { Shape } from "./extracted.ts";

/**
 * How the vector stores' text differs from that of others. Shares from 0 to 1: of files, of pages or of words. What is
 * drawn depends on `seed`, the file's bytes and the place in them, and on nothing else.
 */
export interface Extraction {
  readonly seed: number;
  /** Files whose pages are read in rows, across their columns. */
  readonly filesInRows: number;
  /** Files without the lines that head and foot many pages. */
  readonly filesWithoutHeaders: number;
  /** Pages with ligatures, decomposed Hangul, full-width digits (CJK text), curly quotes and other dashes. */
  readonly pagesWithLigatures: number;
  readonly pagesDecomposed: number;
  readonly pagesFullWidth: number;
  readonly pagesTypographic: number;
  /** Words with a lost space before them, a space inside, a hyphen at a line end, a soft hyphen or a zero-width mark. */
  readonly spacesLost: number;
  readonly wordsSplit: number;
  readonly wordsHyphenated: number;
  readonly wordsMarked: number;
}

export const DEFAULT_EXTRACTION: Extraction = {
  seed: 1,
  filesInRows: 0.3,
  filesWithoutHeaders: 0.5,
  pagesWithLigatures: 0.5,
  pagesDecomposed: 0.5,
  pagesFullWidth: 0.5,
  pagesTypographic: 0.5,
  spacesLost: 0.03,
  wordsSplit: 0.02,
  wordsHyphenated: 0.03,
  wordsMarked: 0.03,
};

interface Distortion {
  readonly inRows: boolean;
  readonly pages: (pages: readonly (readonly string[])[]) => readonly (readonly string[])[];
  readonly shape: Shape;
}

const LIGATURES: readonly (readonly [string, string])[] = [
  ["ffi", "\uFB03"],
  ["ffl", "\uFB04"],
  ["ff", "\uFB00"],
  ["fi", "\uFB01"],
  ["fl", "\uFB02"],
];

/** What happens to one file's text. */
export function distort(bytes: Buffer, extraction: Extraction): Distortion {
  // Not its name, which holds an id that may be drawn by chance.
  const file = createHash("sha256").update(bytes).digest("hex");
  const drawFile = toDraw(`${extraction.seed} ${file}`);
  const inRows = drawFile() < extraction.filesInRows;
  const withoutHeaders = drawFile() < extraction.filesWithoutHeaders;
  let known = 0;
  let spell = toSpelling(0);
  return {
    inRows,
    pages: (pages) => (withoutHeaders ? dropHeaders(pages) : pages),
    shape: (word, { page, space }) => {
      if (page !== known) [known, spell] = [page, toSpelling(page)];
      return spell(word, space);
    },
  };

  function toSpelling(page: number): (word: string, space: string) => { text: string; space: string } {
    const draw = toDraw(`${extraction.seed} ${file} ${page}`);
    const isOn = (share: number): boolean => draw() < share;
    const ligatures = isOn(extraction.pagesWithLigatures);
    const decomposed = isOn(extraction.pagesDecomposed);
    const fullWidth = isOn(extraction.pagesFullWidth);
    const typographic = isOn(extraction.pagesTypographic);
    let isAsian = false;
    return (word, space) => {
      let text = word;
      isAsian =
        /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(word) ||
        (isAsian && word.length < 12);
      const middle = Math.floor(text.length / 2);
      const insert = (mark: string): void => void (text = `${text.slice(0, middle)}${mark}${text.slice(middle)}`);
      const isWord = /^\p{L}{5,}$/u.test(word);
      if (isWord && isOn(extraction.wordsHyphenated)) insert("-\n");
      else if (isWord && isOn(extraction.wordsSplit)) insert(" ");
      else if (isWord && isOn(extraction.wordsMarked)) insert(draw() < 0.5 ? "\u00AD" : "\u200B");
      if (ligatures) for (const [letters, ligature] of LIGATURES) text = text.replaceAll(letters, ligature);
      if (typographic) text = text.replaceAll("'", "\u2019").replaceAll('"', "\u201D").replaceAll("-", "\u2010");
      if (fullWidth && isAsian)
        text = text.replaceAll(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0));
      if (decomposed) text = text.normalize("NFD");
      return { text, space: isOn(extraction.spacesLost) ? "" : space };
    };
  }
}

/** Lines that begin or end at least three pages, digits apart. */
function dropHeaders(pages: readonly (readonly string[])[]): string[][] {
  const edges = pages.map((lines) => {
    const filled = [...lines.keys()].filter((index) => lines[index]?.trim() !== "");
    return new Set([...filled.slice(0, 2), ...filled.slice(-2)]);
  });
  const toKey = (line: string): string => line.replaceAll(/\d+/g, "#").replaceAll(/\s+/gu, " ").trim();
  const counts = new Map<string, number>();
  for (const [index, lines] of pages.entries()) {
    for (const at of edges[index] ?? []) {
      const key = toKey(lines[at] ?? "");
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return pages.map((lines, index) =>
    lines.filter((line, at) => !(edges[index]?.has(at) && (counts.get(toKey(line)) ?? 0) >= 3)),
  );
}

/** Numbers from 0 to 1, the same for the same name (mulberry32). */
function toDraw(name: string): () => number {
  let state = createHash("sha256").update(name).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
