import type { Page } from "../document.ts";

/** The letters of a document without a break, and where pieces of them stand. */
export interface LetterIndex {
  readonly length: number;
  /** Offsets at which a text has the same letters as `text` has from `at`; undefined where they are too many to tell. */
  find(text: string, at: number): readonly number[] | undefined;
  /** Offsets at which a text stands whole, at most `MAX_PLACES`. */
  findWhole(text: string): readonly number[];
  /** The index of the page on which most of the piece at an offset stands. */
  pageAt(offset: number): number;
}

/** Letters compared at once: an extraction that keeps a run of 12 (a piece and two steps) is recognised. */
export const PIECE_LENGTH = 10;
/** Every third piece is kept. */
export const PIECE_STEP = 3;
/** A piece that stands in more places is a header, or means nothing. */
const MAX_PLACES = 24;
/** Pages whose letters are taken before other work gets its turn. */
const PAGES_AT_ONCE = 20;

const indexes = new WeakMap<readonly Page[], Promise<LetterIndex>>();

/** The index of a list of pages; all citations of one answer share it, and it goes with the list. */
export function toLetterIndex(pages: readonly Page[]): Promise<LetterIndex> {
  const known = indexes.get(pages) ?? index(pages);
  indexes.set(pages, known);
  return known;
}

/** Only letters and digits, composed and in lower case: what every extraction of a text has in common. */
export function lettersOf(text: string): string {
  return (
    text
      .normalize("NFKC")
      .toLowerCase()
      // In two steps, as the classes of Unicode are slow: a book has a million letters.
      .replace(/[^a-z0-9\u0080-\u{10FFFF}]+/gu, "")
      .replace(/[\u0080-\u{10FFFF}]+/gu, (rest) => rest.replace(/[^\p{L}\p{N}]+/gu, ""))
  );
}

async function index(pages: readonly Page[]): Promise<LetterIndex> {
  const starts: number[] = [];
  const parts: string[] = [];
  let length = 0;
  for (const [number, page] of pages.entries()) {
    const part = lettersOf(page.text);
    starts.push(length);
    parts.push(part);
    length += part.length;
    if (number % PAGES_AT_ONCE === PAGES_AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve));
  }
  const letters = parts.join("");
  // Buckets of a hash table, each the head of a chain through `next`: numbers only, as a long book has a million.
  const count = Math.max(0, Math.floor((length - PIECE_LENGTH) / PIECE_STEP) + 1);
  const mask = 2 ** Math.ceil(Math.log2(count + 1)) - 1;
  const heads = new Int32Array(mask + 1).fill(-1);
  const next = new Int32Array(count);
  // From the end, so that chains run in the order of the text.
  for (let piece = count - 1; piece >= 0; piece -= 1) {
    const bucket = toHash(letters, piece * PIECE_STEP) & mask;
    next[piece] = heads[bucket] ?? -1;
    heads[bucket] = piece;
  }

  return {
    length,
    find(text, at) {
      const found: number[] = [];
      if (count === 0) return found;
      const wanted = text.slice(at, at + PIECE_LENGTH);
      let piece = heads[toHash(text, at) & mask] ?? -1;
      for (; piece >= 0; piece = next[piece] ?? -1) {
        if (!letters.startsWith(wanted, piece * PIECE_STEP)) continue;
        if (found.push(piece * PIECE_STEP) > MAX_PLACES) return undefined;
      }
      return found;
    },
    findWhole(text) {
      const found: number[] = [];
      for (let at = letters.indexOf(text); at >= 0 && found.length < MAX_PLACES; at = letters.indexOf(text, at + 1)) {
        found.push(at);
      }
      return found;
    },
    pageAt(offset) {
      const middle = offset + PIECE_LENGTH / 2;
      let [low, high] = [0, starts.length - 1];
      while (low < high) {
        const half = Math.ceil((low + high) / 2);
        if ((starts[half] ?? 0) <= middle) low = half;
        else high = half - 1;
      }
      return low;
    },
  };
}

function toHash(text: string, at: number): number {
  let hash = 7;
  for (let offset = at; offset < at + PIECE_LENGTH; offset += 1) hash = Math.imul(hash, 31) + text.charCodeAt(offset);
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 4;
}
