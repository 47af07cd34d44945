import { toSentences } from "./search-chunks.ts";

/**
 * A text in two spellings, word by word: `plain`, as a careful reader writes it, and `shown`, as the extraction left it.
 * `pages` says on which page each word begins; the API never tells.
 */
export interface Extracted {
  readonly plain: string;
  readonly shown: string;
  readonly plainStarts: readonly number[];
  readonly shownStarts: readonly number[];
  readonly pages: readonly number[];
}

/** The words of a text from `first` to before `end`. */
export interface Piece {
  readonly source: Extracted;
  readonly first: number;
  readonly end: number;
}

/** How the extraction spells a word; `space` is what stands before it. */
export type Shape = (word: string, at: { page: number; space: string }) => { text: string; space: string };

/** A sentence with the share of its letters on each page. */
export interface Sentence {
  readonly plain: string;
  readonly shown: string;
  readonly pages: ReadonlyMap<number, number>;
}

const UNITS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu;

/** Without a `shape` both spellings are the plain one. */
export function toExtracted(pages: readonly (readonly string[])[], shape?: Shape): Extracted {
  const units: { plain: string; shown: string; space: string; shownSpace: string; page: number }[] = [];
  let isBroken = false;
  for (const [index, lines] of pages.entries()) {
    for (const line of lines) {
      const words = line.split(/\s+/u).filter((word) => word !== "");
      for (const [place, word] of words.entries()) addWord(word, index + 1, place === 0 && isBroken);
      if (words.length > 0) isBroken = /\p{L}-$/u.test(words.at(-1) ?? "");
    }
  }
  return join();

  function addWord(word: string, page: number, isSecondHalf: boolean): void {
    const last = units.at(-1);
    if (isSecondHalf && last !== undefined && /^\p{Ll}/u.test(word)) {
      last.plain = last.plain.slice(0, -1) + word.normalize("NFKC");
      last.shown += ` ${shape?.(word, { page, space: " " }).text ?? word}`;
      return;
    }
    for (const { 0: unit, index } of word.matchAll(UNITS)) {
      const space = units.length === 0 || index > 0 ? "" : " ";
      const plain = unit.normalize("NFKC");
      const shown = shape?.(unit, { page, space }) ?? { text: plain, space };
      units.push({ plain, shown: shown.text, space, shownSpace: shown.space, page });
    }
  }

  function join(): Extracted {
    const [plainStarts, shownStarts]: [number[], number[]] = [[], []];
    let [plain, shown] = ["", ""];
    for (const unit of units) {
      plain += unit.space;
      shown += unit.shownSpace;
      plainStarts.push(plain.length);
      shownStarts.push(shown.length);
      plain += unit.plain;
      shown += unit.shown;
    }
    const spelled = shape === undefined ? { shown: plain, shownStarts: plainStarts } : { shown, shownStarts };
    return { plain, plainStarts, ...spelled, pages: units.map(({ page }) => page) };
  }
}

export function plainOf({ source, first, end }: Piece): string {
  return source.plain.slice(source.plainStarts[first] ?? 0, source.plainStarts[end] ?? source.plain.length).trim();
}

export function shownOf({ source, first, end }: Piece): string {
  return source.shown.slice(source.shownStarts[first] ?? 0, source.shownStarts[end] ?? source.shown.length).trim();
}

export function wholeOf(source: Extracted): Piece {
  return { source, first: 0, end: source.plainStarts.length };
}

/** The sentences of a piece; one longer than `maxWords` comes in several. */
export function sentencesOf(piece: Piece, maxWords: number): Sentence[] {
  const { source, end } = piece;
  const plain = plainOf(piece);
  const offset = source.plainStarts[piece.first] ?? 0;
  const sentences: Sentence[] = [];
  let from = 0;
  let word = piece.first;
  for (const sentence of toSentences(plain)) {
    const start = plain.indexOf(sentence, from);
    from = start + sentence.length;
    while (word < end && (source.plainStarts[word] ?? 0) < offset + start) word += 1;
    while (word < end && (source.plainStarts[word] ?? 0) < offset + from) {
      let last = word;
      while (last < end && last - word < maxWords && (source.plainStarts[last] ?? 0) < offset + from) last += 1;
      sentences.push(toSentence({ source, first: word, end: last }));
      word = last;
    }
  }
  return sentences;
}

function toSentence(piece: Piece): Sentence {
  const { source, first, end } = piece;
  const pages = new Map<number, number>();
  let total = 0;
  for (let word = first; word < end; word += 1) {
    const start = source.plainStarts[word] ?? 0;
    const length = source.plain.slice(start, source.plainStarts[word + 1]).replaceAll(/[^\p{L}\p{N}]/gu, "").length;
    const page = source.pages[word] ?? 1;
    pages.set(page, (pages.get(page) ?? 0) + length);
    total += length;
  }
  for (const [page, length] of pages) pages.set(page, length / Math.max(1, total));
  return { plain: plainOf(piece), shown: shownOf(piece), pages };
}
