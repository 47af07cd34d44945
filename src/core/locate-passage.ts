import type { Page } from "./document.ts";

/** A place in a document's text, with the words that stand there. */
export interface Located {
  readonly page: number;
  readonly quote: string;
}

const MAX_QUOTE_CHARACTERS = 300;
/** Shorter passages stand in too many places to be certain of one. In letters and digits. */
const MIN_CERTAIN_LENGTH = 16;
const PIECE_LENGTH = 12;
const PIECE_STEP = 3;
/** How much of the passage must be found at all, and how much of it on a page that is to be considered. */
const MIN_FOUND = 0.6;
const MIN_SHARE = 0.1;
/** The share of the passage with which a page is its place, when the claim does not tell pages apart. */
const CLEAR_SHARE = 0.75;
/** How far the page that carries the claim must be ahead of the next. */
const CLAIM_LEAD = 1.2;
/** Pages whose letters are compared before other work gets its turn. */
const PAGES_AT_ONCE = 40;

/**
 * Finds the page on which a provider's passage stands, although its extraction differs from ours in spaces, hyphens,
 * ligatures and Hangul composition. `claim` is the sentence of the answer that the passage supports: a passage may run
 * over several pages, and then the page that carries the claim decides. Returns undefined when no page is certain.
 */
export async function locatePassage(
  pages: readonly Page[],
  passage: string,
  claim: string | null,
): Promise<Located | undefined> {
  const wanted = lettersOf(passage);
  if (wanted.length < MIN_CERTAIN_LENGTH) return undefined;
  const { coverage, shares } = await comparePieces(await toLettersOfPages(pages), wanted);
  if (coverage < MIN_FOUND) return undefined;
  const ranked = pages
    .map((page, index) => ({ page, share: shares[index] ?? 0 }))
    .toSorted((a, b) => b.share - a.share);
  const likely = ranked.filter(({ share }) => share >= MIN_SHARE);
  // Where pages repeat each other no page stands out, and the claim alone has to decide.
  const best = likely.length > 0 ? decide(likely, claim) : findCarrier(ranked.slice(0, 6), claim);
  if (best === undefined) return undefined;
  return { page: best.number, quote: toQuote(best.text, passage, claim) };
}

/**
 * `coverage`: how much of the passage stands on any page. `shares`: how the found pieces are spread over the pages; a
 * piece that stands on several is divided by the square of their number, so that headers and footers say little.
 */
async function comparePieces(
  letters: readonly string[],
  wanted: string,
): Promise<{ coverage: number; shares: readonly number[] }> {
  const pieces = new Set<string>();
  for (let at = 0; at + PIECE_LENGTH <= wanted.length; at++) pieces.add(wanted.slice(at, at + PIECE_LENGTH));
  const holders = new Map<string, Set<number>>();
  for (const [index, page] of letters.entries()) {
    for (let at = 0; at + PIECE_LENGTH <= page.length; at += PIECE_STEP) {
      const piece = page.slice(at, at + PIECE_LENGTH);
      if (!pieces.has(piece)) continue;
      const known = holders.get(piece) ?? new Set();
      holders.set(piece, known.add(index));
    }
    if (index % PAGES_AT_ONCE === PAGES_AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve));
  }
  const scores = letters.map(() => 0);
  let total = 0;
  for (const pages of holders.values()) {
    const worth = 1 / pages.size ** 2;
    total += worth;
    for (const index of pages) scores[index] = (scores[index] ?? 0) + worth;
  }
  const covered = new Uint8Array(wanted.length);
  for (let at = 0; at + PIECE_LENGTH <= wanted.length; at++) {
    if (holders.has(wanted.slice(at, at + PIECE_LENGTH))) covered.fill(1, at, at + PIECE_LENGTH);
  }
  const coverage = covered.reduce((sum, one) => sum + one, 0) / wanted.length;
  return { coverage, shares: scores.map((score) => score / Math.max(total, Number.EPSILON)) };
}

type Candidate = { readonly page: Page; readonly share: number };

/** `candidates` come with the largest share first. */
function decide(candidates: readonly Candidate[], claim: string | null): Page | undefined {
  const [first, ...others] = candidates;
  if (first === undefined || others.length === 0) return first?.page;
  const total = sumShares(candidates);
  const ofFirst = sumShares(candidates.filter(({ page }) => page.number === first.page.number));
  const isClear = ofFirst / total >= CLEAR_SHARE;
  return findCarrier(candidates, claim) ?? (isClear ? first.page : undefined);
}

function sumShares(candidates: readonly Candidate[]): number {
  return candidates.reduce((sum, { share }) => sum + share, 0);
}

/** The page that holds more of the claim than the others do; a term that stands on all of them tells nothing. */
function findCarrier(candidates: readonly Candidate[], claim: string | null): Page | undefined {
  if (claim === null) return undefined;
  const terms = candidates.map(({ page }) => termsOf(page.text));
  const scores = candidates.map(() => 0);
  for (const term of termsOf(claim)) {
    const holders = [...terms.keys()].filter((index) => terms[index]?.has(term));
    const worth = (/\p{N}/u.test(term) ? 2 : 1) * (1 - holders.length / candidates.length);
    for (const index of holders) scores[index] = (scores[index] ?? 0) + worth;
  }
  const ranked = [...scores.keys()].toSorted((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  const [first = 0] = ranked;
  const best = scores[first] ?? 0;
  // A long page comes in several pieces: only another page makes it uncertain.
  const second = ranked.find((index) => candidates[index]?.page.number !== candidates[first]?.page.number);
  const next = second === undefined ? 0 : (scores[second] ?? 0);
  return best > 0 && best >= next * CLAIM_LEAD ? candidates[first]?.page : undefined;
}

/** The sentence of the page that stands in the passage and shares most with the claim. */
function toQuote(pageText: string, passage: string, claim: string | null): string {
  const letters = lettersOf(passage);
  const sentences = splitSentences(pageText);
  const shared = sentences.filter((sentence) => letters.includes(lettersOf(sentence)));
  if (claim !== null) return shorten(mostAlike(shared.length > 0 ? shared : sentences, claim), MAX_QUOTE_CHARACTERS);
  return quoteFrom(pageText, shared.length > 0 ? shared.join(" ") : passage);
}

/** The sentence that shares most terms with `wanted`; of two that share as much, the shorter. */
export function mostAlike(sentences: readonly string[], wanted: string): string {
  const terms = termsOf(wanted);
  let best = sentences[0] ?? "";
  let bestScore = 0;
  for (const sentence of sentences) {
    const own = termsOf(sentence);
    let shared = 0;
    for (const term of own) if (terms.has(term)) shared += /\p{N}/u.test(term) ? 2 : 1;
    // Divided by the root of its size: a long sentence is not better for being long.
    const score = shared / Math.sqrt(own.size + 4);
    if (score > bestScore) [best, bestScore] = [sentence, score];
  }
  return best;
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

const lettersOfPages = new WeakMap<readonly Page[], Promise<string[]>>();

/** The letters of each page; several citations of one answer share them. */
function toLettersOfPages(pages: readonly Page[]): Promise<string[]> {
  const known = lettersOfPages.get(pages) ?? compare(pages);
  lettersOfPages.set(pages, known);
  return known;

  async function compare(all: readonly Page[]): Promise<string[]> {
    const letters: string[] = [];
    for (const [index, page] of all.entries()) {
      letters.push(lettersOf(page.text));
      if (index % PAGES_AT_ONCE === PAGES_AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve));
    }
    return letters;
  }
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
  if (at < 0 || start === undefined || end === undefined) return shorten(sentence, MAX_QUOTE_CHARACTERS);
  // With the full stop or bracket that follows the last letter.
  const behind = /^.[^\s\p{L}\p{N}]*/su.exec(pageText.slice(end))?.[0] ?? "";
  return shorten(pageText.slice(start, end) + behind, MAX_QUOTE_CHARACTERS);
}

/** On one line, cut at a word near `max` characters, the cut marked. */
export function shorten(text: string, max: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (line.length <= max) return line;
  const cut = line.slice(0, max - 1);
  const space = cut.lastIndexOf(" ");
  return `${(space > max / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
