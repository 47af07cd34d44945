import { alignPassage, EVERYWHERE, type Alignment } from "./align-passage.ts";
import type { Page } from "../document.ts";
import { findClaim, isAsGood, type FoundClaim } from "./find-claim.ts";
import { lettersOf, toLetterIndex, type LetterIndex } from "./letter-index.ts";
import { mostAlike, shorten, splitSentences, termsOf } from "./text-terms.ts";

/** A place in a document's text, with the words that stand there. */
export interface Located {
  readonly page: number;
  readonly quote: string;
}

const MAX_QUOTE_CHARACTERS = 300;
/** Shorter passages stand in too many places to be certain of one. In letters and digits. */
const MIN_CERTAIN_LENGTH = 16;
/** A longer claim is no sentence; then so many letters before the mark are looked for, the longest first. */
const MAX_SENTENCE_LENGTH = 400;
const TAIL_LENGTHS = [120, 60, 24];
/** How much of the passage must be found at all, and how much of it on a page that is to be considered. */
const MIN_FOUND = 0.6;
const MIN_SHARE = 0.03;
/** The share of the passage with which a page is its place, when the claim does not tell pages apart. */
const CLEAR_SHARE = 0.75;
/** How much of the claim must stand in one place of the passage, and how little of it in another. */
const QUOTED = 0.5;
const RETOLD = { coverage: 0.25, rival: 0.5 };
/** The share of a quoted sentence that must stand on the page that is cited for it. */
const MIN_SENTENCE_SHARE = 0.4;
/** How far the place of a sentence alone must be ahead of the next: there is nothing around it that would tell. */
const SENTENCE_LEAD = 1.5;
/** How far the page that carries the claim must be ahead of the next. */
const CLAIM_LEAD = 1.2;

/**
 * Finds the page on which a provider's passage stands, although its extraction differs from ours in spaces, hyphens,
 * ligatures, composition of Hangul, the order of columns, or headers. `claim` is the sentence of the answer that the
 * passage supports: a passage may run over several pages, and then the page that holds most of the claim, or carries it,
 * decides. Returns undefined when no page is certain.
 */
export async function locatePassage(
  pages: readonly Page[],
  passage: string,
  claim: string | null,
): Promise<Located | undefined> {
  const letters = lettersOf(passage);
  if (letters.length < MIN_CERTAIN_LENGTH) return undefined;
  const index = await toLetterIndex(pages);
  const only = claim === null ? undefined : findOnly(index, letters, lettersOf(claim), pages);
  if (only !== undefined) return { page: only.number, quote: toQuote(only.text, passage, claim) };
  const alignment = alignPassage(index, letters);
  if (typeof alignment === "string" || alignment.coverage < MIN_FOUND) return undefined;
  const shares = sharesOf(alignment.pages, pages);
  const quoted = claim === null ? "elsewhere" : findQuoted(letters, lettersOf(claim), alignment, pages);
  if (quoted === "unsure") return undefined;
  const best = quoted === "elsewhere" ? decide(shares, pages, claim) : quoted;
  if (best === undefined) return undefined;
  return { page: best.number, quote: toQuote(best.text, passage, claim) };
}

/**
 * The one page on which the claim stands to the letter, when the passage holds it: then nothing around it has to tell,
 * which in a document that says everything many times could not. Of a claim without an end, as a table or a list gives
 * it, the words right before the mark count.
 */
function findOnly(index: LetterIndex, passage: string, claim: string, pages: readonly Page[]): Page | undefined {
  const parts = claim.length <= MAX_SENTENCE_LENGTH ? [claim] : TAIL_LENGTHS.map((length) => claim.slice(-length));
  for (const part of parts) {
    if (part.length < MIN_CERTAIN_LENGTH || !passage.includes(part)) continue;
    const places = index.findWhole(part).map((offset) => pages[index.pageAt(offset + part.length / 2)]);
    const [first] = places;
    if (first === undefined) continue;
    return places.every((page) => page?.number === first.number) ? first : undefined;
  }
  return undefined;
}

/**
 * The page from which a sentence of an answer is taken word by word: `unsure` when it stands in several places,
 * undefined when it is not taken from there.
 */
export async function locateSentence(pages: readonly Page[], sentence: string): Promise<Page | "unsure" | undefined> {
  const letters = lettersOf(sentence);
  if (letters.length < MIN_CERTAIN_LENGTH) return undefined;
  const alignment = alignPassage(await toLetterIndex(pages), letters, SENTENCE_LEAD);
  if (alignment === "repeated") return "unsure";
  if (alignment === "nowhere" || alignment.coverage < MIN_FOUND) return undefined;
  return ownerOf(alignment.pages, pages) ?? "unsure";
}

/** The page of what the claim repeats of the passage; `unsure` when it could be two, `elsewhere` when it repeats nothing. */
function findQuoted(
  passage: string,
  claim: string,
  { pages: pageOfLetter }: Alignment,
  pages: readonly Page[],
): Page | "unsure" | "elsewhere" {
  const [first, second] = findClaim(passage, claim);
  if (first === undefined) return "elsewhere";
  const page = pageOfClaim(first);
  const next = second?.coverage ?? 0;
  const isQuoted = first.coverage >= QUOTED && !isAsGood(next, first.coverage);
  const isRetold = first.coverage >= RETOLD.coverage && next < first.coverage * RETOLD.rival;
  if (isQuoted || isRetold) return page ?? "unsure";
  if (first.coverage < QUOTED) return "elsewhere";
  // It stands there twice: certain when both are on one page.
  const other = second === undefined ? undefined : pageOfClaim(second);
  return page !== undefined && page.number === other?.number ? page : "unsure";

  function pageOfClaim({ from, to, isOfClaim }: FoundClaim): Page | undefined {
    return ownerOf(
      pageOfLetter.subarray(from, to).filter((_, at) => isOfClaim[from + at] === 1),
      pages,
    );
  }
}

/** The page of most letters of a sentence, unless too few of them can be told. */
function ownerOf(pageOfLetter: Int32Array, pages: readonly Page[]): Page | undefined {
  const [best] = sharesOf(pageOfLetter, pages);
  const known = pageOfLetter.filter((page) => page >= 0).length;
  const telling = pageOfLetter.filter((page) => page !== EVERYWHERE).length;
  return best !== undefined && best.share * known >= telling * MIN_SENTENCE_SHARE ? best.page : undefined;
}

interface Share {
  readonly page: Page;
  readonly share: number;
}

/** How letters are spread over page numbers, the largest share first; of a page in several pieces the fullest. */
function sharesOf(pageOfLetter: Int32Array, pages: readonly Page[]): Share[] {
  const counts = new Map<number, number>();
  for (const index of pageOfLetter) if (index >= 0) counts.set(index, (counts.get(index) ?? 0) + 1);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const shares = new Map<number, Share>();
  for (const [index, count] of [...counts].toSorted(([, a], [, b]) => b - a)) {
    const page = pages[index];
    if (page === undefined) continue;
    const known = shares.get(page.number) ?? { page, share: 0 };
    shares.set(page.number, { ...known, share: known.share + count / total });
  }
  return [...shares.values()].toSorted((a, b) => b.share - a.share);
}

/** `shares` come with the largest first. */
function decide(shares: readonly Share[], pages: readonly Page[], claim: string | null): Page | undefined {
  const likely = new Set(shares.filter(({ share }) => share >= MIN_SHARE).map(({ page }) => page.number));
  const [first] = shares;
  if (first === undefined || likely.size < 2) return first?.page;
  const carrier = findCarrier(
    pages.filter(({ number }) => likely.has(number)),
    claim,
  );
  return carrier ?? (first.share >= CLEAR_SHARE ? first.page : undefined);
}

/** The page that holds more of the claim than the others do; a term that stands on all of them tells nothing. */
function findCarrier(candidates: readonly Page[], claim: string | null): Page | undefined {
  if (claim === null) return undefined;
  const terms = candidates.map(({ text }) => termsOf(text));
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
  const second = ranked.find((index) => candidates[index]?.number !== candidates[first]?.number);
  const next = second === undefined ? 0 : (scores[second] ?? 0);
  return best > 0 && best >= next * CLAIM_LEAD ? candidates[first] : undefined;
}

/** The sentence of the page that stands in the passage and shares most with the claim. */
function toQuote(pageText: string, passage: string, claim: string | null): string {
  const letters = lettersOf(passage);
  const sentences = splitSentences(pageText);
  const shared = sentences.filter((sentence) => letters.includes(lettersOf(sentence)));
  if (claim !== null) return shorten(mostAlike(shared.length > 0 ? shared : sentences, claim), MAX_QUOTE_CHARACTERS);
  return quoteFrom(pageText, shared.length > 0 ? shared.join(" ") : passage);
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
