import { countWords, type DocumentPostings } from "./document-postings.ts";
import { findTerms, type FoundTerm } from "./find-terms.ts";
import type { QuestionTerm, QuestionTerms } from "./question-terms.ts";
import { COMMON_WORTH, toRarity, toRarityOfMissing } from "./rarity.ts";
import { scoreDocuments } from "./score-document.ts";
import { scorePages, type WeighedTerm } from "./score-pages.ts";

/** A page in the order of the ranking. */
export interface RankedPage<Document extends DocumentPostings> {
  readonly document: Document;
  /** Index into the document's layout. */
  readonly page: number;
  readonly score: number;
  /** How much of what was asked the page has, 0 to 1, weighed by rarity. */
  readonly coverage: number;
  /** True when the question points to this page: by its number, as the title page, or by the statement it is. */
  readonly isPointedTo: boolean;
}

const WEIGHT = { namedPage: 20, firstPage: 1, titlePage: 4 };
/** Of its own score, at most: among a few short pages the first one would else win with nothing but being first. */
const FIRST_PAGE_SHARE = 0.1;
/** A term that names the document says little about the page: every page is about it. */
const IMPORTANCE_IN_NAME = 0.2;
/** How fast documents fall behind the best one: scores are multiplied by e to the power of this times the distance. */
const DOCUMENT_DECAY = 0.5;
/** A rare pair of Chinese or Japanese characters is often no word at all, but the end of one and the start of another. */
const RAREST_PAIR = 3;
const MISSING_PAIR = 0.3;
const UNSPACED_PAIR = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]{2}$/u;

/** The pages of the documents for a question, best first, and how much each of its terms counts. */
export interface Ranking<Document extends DocumentPostings> {
  readonly ranked: readonly RankedPage<Document>[];
  readonly worths: readonly number[];
  /** The worth of all that a page about the question should have. */
  readonly wanted: number;
}

/** Ranks all pages of the documents for a question. Rarity is counted over these documents alone. */
export function rankPages<Document extends DocumentPostings>(
  { terms, pages, asksForTitlePage }: QuestionTerms,
  documents: readonly Document[],
): Ranking<Document> {
  const findings = documents.map((document) => ({ document, found: findTerms(terms, document) }));
  const pageCount = sum(documents, ({ layout }) => layout.numbers.length);
  const rarities = terms.map((term, index) => {
    const having = sum(findings, ({ found }) => found[index]?.pages ?? 0);
    return Math.min(toRarity(having, pageCount), isUnspacedPair(term) ? RAREST_PAIR : Infinity);
  });
  const wanted = sum(terms, (term, index) =>
    term.isKey ? term.weight * ((rarities[index] || rarityOfMissing(term, pageCount)) + COMMON_WORTH) : 0,
  );
  const fits = toFits(
    scoreDocuments(
      documents.map(({ layout }) => countWords(layout)),
      terms.flatMap(({ kind, weight }, index) => {
        if (kind !== "asked") return [];
        const column = findings.map(({ found }) => found[index]);
        const uses = column.map((found) => found?.positions.length ?? 0);
        return [{ weight, uses, inName: column.map((found) => found?.inName === true) }];
      }),
    ),
  );

  const ranked: RankedPage<Document>[] = [];
  for (const [row, { document, found }] of findings.entries()) {
    const weighed = found.map((term, index) => weigh(term, rarities[index] ?? 0));
    const { scores, covered, headings } = scorePages(document, weighed);
    const inName = sum(weighed, ({ term, inName: isInName, rarity }) =>
      isInName && term.isKey ? term.weight * (rarity + COMMON_WORTH) : 0,
    );
    const { numbers } = document.layout;
    for (const [page, number] of numbers.entries()) {
      const isNamed = pages.includes(number) || pages.includes(page - numbers.length);
      let score = scores[page] ?? 0;
      if (isNamed) score += WEIGHT.namedPage;
      if (page === 0)
        score += asksForTitlePage ? WEIGHT.titlePage : Math.min(WEIGHT.firstPage, score * FIRST_PAGE_SHARE);
      const coverage = wanted === 0 ? 0 : Math.min(1, ((covered[page] ?? 0) + inName) / wanted);
      const isTitlePage = page === 0 && (asksForTitlePage || wanted === 0);
      const isPointedTo = isNamed || isTitlePage || (headings[page] ?? 0) > 0;
      ranked.push({ document, page, score: score * (fits[row] ?? 1), coverage, isPointedTo });
    }
  }
  const worths = terms.map(({ weight }, index) => weight * (rarities[index] ?? 0));
  return { ranked: ranked.toSorted((first, second) => second.score - first.score), worths, wanted };
}

function rarityOfMissing(term: QuestionTerm, pageCount: number): number {
  return toRarityOfMissing(pageCount) * (isUnspacedPair(term) ? MISSING_PAIR : 1);
}

function isUnspacedPair({ alternatives }: QuestionTerm): boolean {
  return UNSPACED_PAIR.test(alternatives[0]?.[0] ?? "");
}

function weigh(found: FoundTerm, rarity: number): WeighedTerm {
  return { ...found, rarity, importance: found.term.weight * (found.inName ? IMPORTANCE_IN_NAME : 1) };
}

/** What the scores of each document's pages are multiplied by: 1 for the document that fits best. */
function toFits(scores: readonly number[]): number[] {
  const best = scores.reduce((first, second) => Math.max(first, second), 0);
  return scores.map((score) => Math.exp(DOCUMENT_DECAY * (score - best)));
}

function sum<Item>(items: readonly Item[], value: (item: Item, index: number) => number): number {
  return items.reduce((total, item, index) => total + value(item, index), 0);
}
