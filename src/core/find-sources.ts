import type { Page } from "./document.ts";
import { locateSentence } from "./locate-passage.ts";
import { mostAlike, shorten, splitSentences, termsOf } from "./text-terms.ts";
import type { Source } from "./ports/engine.ts";

/** A sentence with fewer terms says too little to be traced. */
const MIN_TERMS = 3;
/** How much of a sentence, weighted by rarity, must stand on a page to call the page its source. */
const MIN_COVERAGE = 0.6;
/** How far the best page must be ahead of the next. */
const MIN_LEAD = 1.15;

interface SourceDocument {
  readonly documentId: string;
  readonly pages: readonly Page[];
}

interface CandidatePage {
  readonly documentId: string;
  readonly page: Page;
  readonly terms: ReadonlySet<string>;
}

/**
 * Finds where the sentences of an answer come from in documents that the model had whole before it. A sentence is given
 * a source only when one page holds most of its terms and no other page comes near.
 */
export async function findSources(answer: string, documents: readonly SourceDocument[]): Promise<Source[]> {
  const candidates: CandidatePage[] = documents.flatMap(({ documentId, pages }) =>
    pages.map((page) => ({ documentId, page, terms: termsOf(page.text) })),
  );
  if (candidates.length === 0) return [];
  const rarity = toRarity(candidates);
  const sources: Source[] = [];
  let from = 0;
  for (const sentence of splitSentences(answer)) {
    const start = answer.indexOf(sentence, from);
    from = start + sentence.length;
    const quoted = await findQuoted(sentence, documents);
    if (quoted === "unsure") continue;
    const best = quoted ?? findBestPage(termsOf(sentence), candidates, rarity);
    if (best === undefined) continue;
    const { documentId, page } = best;
    const passage = shorten(mostAlike(splitSentences(page.text), sentence), 300);
    sources.push({ documentId, at: from, page: page.number, passage });
  }
  return sources;
}

/** The page from which a sentence is taken word by word; `unsure` when it stands in several places. */
async function findQuoted(
  sentence: string,
  documents: readonly SourceDocument[],
): Promise<Omit<CandidatePage, "terms"> | "unsure" | undefined> {
  let best: (Omit<CandidatePage, "terms"> & { readonly coverage: number }) | undefined;
  let isUnsure = false;
  for (const { documentId, pages } of documents) {
    const found = await locateSentence(pages, sentence);
    if (found === "unsure" || (found !== undefined && best !== undefined)) isUnsure = true;
    else if (found !== undefined) best = { documentId, ...found };
  }
  return isUnsure ? "unsure" : best;
}

function toRarity(candidates: readonly CandidatePage[]): (term: string) => number {
  const counts = new Map<string, number>();
  for (const { terms } of candidates) for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return (term) => Math.log(1 + (candidates.length + 1) / ((counts.get(term) ?? 0) + 0.5));
}

function findBestPage(
  terms: ReadonlySet<string>,
  candidates: readonly CandidatePage[],
  rarity: (term: string) => number,
): CandidatePage | undefined {
  if (terms.size < MIN_TERMS) return undefined;
  const total = [...terms].reduce((sum, term) => sum + rarity(term), 0);
  let best: CandidatePage | undefined;
  let bestScore = 0;
  let second = 0;
  for (const candidate of candidates) {
    let score = 0;
    for (const term of terms) if (candidate.terms.has(term)) score += rarity(term);
    const isSamePage =
      best !== undefined && best.documentId === candidate.documentId && best.page.number === candidate.page.number;
    if (score > bestScore) {
      // A long page comes in several pieces: only another page makes it uncertain.
      if (!isSamePage) second = bestScore;
      [best, bestScore] = [candidate, score];
    } else if (score > second && !isSamePage) {
      second = score;
    }
  }
  return bestScore / total >= MIN_COVERAGE && bestScore >= second * MIN_LEAD ? best : undefined;
}
