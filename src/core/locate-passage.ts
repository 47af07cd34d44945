import type { Page } from "./document.ts";

/** A place in a document's text, with the words that stand there. */
export interface Located {
  readonly page: number;
  readonly quote: string;
}

const MAX_QUOTE_CHARACTERS = 300;
/** Shorter passages stand in too many places to be certain of one. In letters and digits. */
const MIN_CERTAIN_LENGTH = 16;
const SHINGLE_LENGTH = 12;
/** Pages whose letters are compared before other work gets its turn. */
const PAGES_AT_ONCE = 40;

/**
 * Finds the page on which a provider's passage stands, although its extraction differs from ours in spaces, hyphens,
 * ligatures and Hangul composition. `claim` is the sentence of the answer that the passage supports: a passage may run
 * over several pages, and only the part that carries the claim decides. Returns undefined when no page is certain.
 */
export async function locatePassage(
  pages: readonly Page[],
  passage: string,
  claim: string | null,
): Promise<Located | undefined> {
  const wanted = rankSentences(passage, claim);
  const letters = await toLettersOfPages(pages);
  for (const sentence of wanted.slice(0, 3)) {
    const page = findExact(letters, lettersOf(sentence));
    if (page !== undefined)
      return { page: pageNumber(pages, page), quote: quoteFrom(pages[page]?.text ?? "", sentence) };
  }
  for (const candidate of [wanted[0] ?? "", passage]) {
    const page = findByShingles(letters, lettersOf(candidate));
    if (page !== undefined) {
      const best = wanted.find((sentence) => letters[page]?.includes(lettersOf(sentence))) ?? candidate;
      return { page: pageNumber(pages, page), quote: quoteFrom(pages[page]?.text ?? "", best) };
    }
  }
  return undefined;
}

/** Only letters and digits, composed and in lower case: what every extraction of a text has in common. */
export function lettersOf(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
}

/** Splits text into sentences or lines, in order. */
export function splitSentences(text: string): string[] {
  return text
    .split(/(?<=[.!?。！？])\s+|(?<=[。！？])|\n+/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}

/** The words of a text that carry meaning enough to compare: numbers, words of three letters, pairs of CJK letters. */
export function termsOf(text: string): Set<string> {
  const terms = new Set<string>();
  const normal = text.normalize("NFKC").toLowerCase();
  for (const [word] of normal.matchAll(/\p{N}[\p{N}.,]*\p{N}|\p{N}|[\p{L}\p{M}]+/gu)) {
    if (/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u.test(word)) {
      const letters = [...word];
      for (let at = 0; at + 1 < letters.length; at++) terms.add(`${letters[at]}${letters[at + 1]}`);
    } else if (/\p{N}/u.test(word) || word.length >= 3) {
      terms.add(word.replace(/,/g, ""));
    }
  }
  return terms;
}

/** Sentences of the passage, the one that shares most with the claim first; long enough ones only. */
function rankSentences(passage: string, claim: string | null): string[] {
  const sentences = splitSentences(passage).filter((sentence) => lettersOf(sentence).length >= MIN_CERTAIN_LENGTH);
  if (claim === null) return sentences.toSorted((a, b) => b.length - a.length);
  const claimed = termsOf(claim);
  const share = (sentence: string): number => {
    const terms = termsOf(sentence);
    let shared = 0;
    for (const term of terms) if (claimed.has(term)) shared += /\p{N}/u.test(term) ? 2 : 1;
    // Divided by the root of its size: a long sentence is not better for being long.
    return shared / Math.sqrt(terms.size + 4);
  };
  return sentences
    .map((sentence) => ({ sentence, score: share(sentence) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .map(({ sentence }) => sentence);
}

async function toLettersOfPages(pages: readonly Page[]): Promise<string[]> {
  const letters: string[] = [];
  for (const [index, page] of pages.entries()) {
    letters.push(lettersOf(page.text));
    if (index % PAGES_AT_ONCE === PAGES_AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve));
  }
  return letters;
}

/** The one page that holds these letters; also when they begin on one page and end on the next. */
function findExact(letters: readonly string[], wanted: string): number | undefined {
  if (wanted.length < MIN_CERTAIN_LENGTH) return undefined;
  const hits = [...letters.keys()].filter((index) => letters[index]?.includes(wanted));
  return hits.length === 1 ? hits[0] : undefined;
}

/** The page that holds most of the passage's pieces, when it holds enough and no other page comes near. */
function findByShingles(letters: readonly string[], wanted: string): number | undefined {
  if (wanted.length < MIN_CERTAIN_LENGTH * 2) return undefined;
  const shingles: string[] = [];
  for (let at = 0; at + SHINGLE_LENGTH <= wanted.length; at += SHINGLE_LENGTH / 2) {
    shingles.push(wanted.slice(at, at + SHINGLE_LENGTH));
  }
  let best: { index: number; hits: number } | undefined;
  let second = 0;
  for (const [index, page] of letters.entries()) {
    const hits = shingles.reduce((sum, shingle) => sum + (page.includes(shingle) ? 1 : 0), 0);
    if (best === undefined || hits > best.hits) {
      second = best?.hits ?? 0;
      best = { index, hits };
    } else if (hits > second) {
      second = hits;
    }
  }
  if (best === undefined || best.hits < shingles.length * 0.6 || best.hits < second * 1.5) return undefined;
  return best.index;
}

/** The stretch of the page that holds the sentence, in the page's own spelling; else the sentence as it came. */
export function quoteFrom(pageText: string, sentence: string): string {
  const wanted = lettersOf(sentence);
  const offsets: number[] = [];
  let letters = "";
  for (const { segment, index } of new Intl.Segmenter().segment(pageText)) {
    for (const letter of lettersOf(segment)) {
      letters += letter;
      for (let unit = 0; unit < letter.length; unit++) offsets.push(index);
    }
  }
  const at = letters.indexOf(wanted);
  const start = offsets[at];
  const end = offsets[at + wanted.length - 1];
  const found = at >= 0 && start !== undefined && end !== undefined ? pageText.slice(start, end + 1) : sentence;
  return shorten(found, MAX_QUOTE_CHARACTERS);
}

/** On one line, cut at a word near `max` characters, the cut marked. */
export function shorten(text: string, max: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (line.length <= max) return line;
  const cut = line.slice(0, max - 1);
  const space = cut.lastIndexOf(" ");
  return `${(space > max / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}

function pageNumber(pages: readonly Page[], index: number): number {
  return pages[index]?.number ?? index + 1;
}
