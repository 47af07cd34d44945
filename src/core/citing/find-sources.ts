import type { Page } from "../document.ts";
import { findClaim, isAsGood } from "./find-claim.ts";
import { lettersOf } from "./letter-index.ts";
import { locateSentence } from "./locate-passage.ts";
import { mostAlike, shorten, splitSentences, termsOf } from "./text-terms.ts";
import type { Source } from "../ports/engine.ts";

/** A sentence with fewer terms says too little to be traced. */
const MIN_TERMS = 3;
/** How much of a sentence, weighted by rarity, must stand on a page to call the page its source. */
const MIN_COVERAGE = 0.6;
/** How far the best page must be ahead of the next. */
const MIN_LEAD = 1.15;

/** How much of a sentence must stand together on a page, and how much less of it on the next. */
const RETOLD = { coverage: 0.4, rival: 0.9 };
const QUOTED = 0.95;
const COMPARED_BY_LETTERS = 6;

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
    const best = quoted ?? findBestPage(sentence, candidates, rarity);
    if (best === undefined) continue;
    const { documentId, page } = best;
    const passage = shorten(mostAlike(splitSentences(page.text), sentence), 300);
    sources.push({ documentId, at: from, page: page.number, passage });
  }
  return sources;
}

/** The one page of all documents from which a sentence is taken word by word. */
async function findQuoted(
  sentence: string,
  documents: readonly SourceDocument[],
): Promise<Omit<CandidatePage, "terms"> | undefined> {
  let best: Omit<CandidatePage, "terms"> | undefined;
  for (const { documentId, pages } of documents) {
    const page = await locateSentence(pages, sentence);
    if (page === "unsure" || (page !== undefined && best !== undefined)) return undefined;
    if (page !== undefined) best = { documentId, page };
  }
  return best;
}

function toRarity(candidates: readonly CandidatePage[]): (term: string) => number {
  const counts = new Map<string, number>();
  for (const { terms } of candidates) for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return (term) => Math.log(1 + (candidates.length + 1) / ((counts.get(term) ?? 0) + 0.5));
}

function findBestPage(
  sentence: string,
  candidates: readonly CandidatePage[],
  rarity: (term: string) => number,
): CandidatePage | undefined {
  const terms = termsOf(sentence);
  if (terms.size < MIN_TERMS) return undefined;
  const total = [...terms].reduce((sum, term) => sum + rarity(term), 0);
  const ranked = candidates
    .map((candidate) => {
      let score = 0;
      for (const term of terms) if (candidate.terms.has(term)) score += rarity(term);
      return { candidate, score: score / total };
    })
    .toSorted((a, b) => b.score - a.score);
  const [best] = ranked;
  if (best === undefined || best.score < MIN_COVERAGE) return undefined;
  const likely = ranked.slice(0, COMPARED_BY_LETTERS).map(({ candidate }) => candidate);
  const retold = findRetold(sentence, likely);
  if (retold !== undefined) return retold === "unsure" ? undefined : retold;
  const second = ranked.find(({ candidate }) => !isSamePage(candidate, best.candidate));
  return best.score >= (second?.score ?? 0) * MIN_LEAD ? best.candidate : undefined;
}

/** Of pages with the same words the one that has them next to each other. */
function findRetold(sentence: string, candidates: readonly CandidatePage[]): CandidatePage | "unsure" | undefined {
  const claim = lettersOf(sentence);
  const ranked = candidates
    .map((candidate) => ({ candidate, coverage: findClaim(lettersOf(candidate.page.text), claim)[0]?.coverage ?? 0 }))
    .toSorted((a, b) => b.coverage - a.coverage);
  const [best] = ranked;
  if (best === undefined || best.coverage < RETOLD.coverage) return undefined;
  // A long page comes in several pieces: only another page makes it uncertain.
  const second = ranked.find(({ candidate }) => !isSamePage(candidate, best.candidate))?.coverage ?? 0;
  const isQuoted = best.coverage >= QUOTED && !isAsGood(second, best.coverage);
  return isQuoted || second < best.coverage * RETOLD.rival ? best.candidate : "unsure";
}

function isSamePage(one: CandidatePage, other: CandidatePage): boolean {
  return one.documentId === other.documentId && one.page.number === other.page.number;
}
