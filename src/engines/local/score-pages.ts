import { createWindows } from "./best-windows.ts";
import type { DocumentPostings, PageLayout } from "./document-postings.ts";
import type { FoundTerm } from "./find-terms.ts";
import { COMMON_WORTH, toRarity } from "./rarity.ts";

/** What is known of a page; the arrays follow the document's layout. */
export interface PageScores {
  readonly scores: Float64Array;
  /** How much of the question's own terms the page has, in rarity. */
  readonly covered: Float64Array;
  /** Above 0 for a page that is the statement the question is about. */
  readonly headings: Float64Array;
}

/** A term found in the document, and how much it counts there. */
export interface WeighedTerm extends FoundTerm {
  /** 0 to about 1: the term's own weight. */
  readonly importance: number;
  /** How rare it is among the pages asked. */
  readonly rarity: number;
}

/**
 * A page is scored as a whole and by its best window, because the answer may be spread over a table's page or stand in
 * one paragraph of a long one. The values are round on purpose: results hardly move when one is halved or doubled.
 */
const WEIGHT = { page: 0.5, window: 1, pair: 0.25, lead: 0.25, heading: 10, neighbour: 0.1, listing: 0.5 };
const SATURATION = 1.2;
const LENGTH_SHARE = 0.5;
/** The words at the top of a page among which its heading stands. */
const LEAD = 40;
/** A page with this share of figures is a table. */
const TABLE_FIGURES = 0.25;
/** Terms further apart in the question are no pair. */
const PAIR_DISTANCE = 3;

/** Scores every page of a document for the terms of a question. */
export function scorePages({ layout }: DocumentPostings, terms: readonly WeighedTerm[]): PageScores {
  const count = layout.numbers.length;
  const scores = new Float64Array(count);
  const covered = new Float64Array(count);
  const averageLength = layout.lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, count) || 1;
  const windows = createWindows(layout);
  for (const { term, positions, importance, rarity } of terms) {
    if (term.kind === "heading") continue;
    const worth = importance * rarity;
    forEachPage(positions, layout, (page, onPage) => {
      const length = 1 - LENGTH_SHARE + (LENGTH_SHARE * (layout.lengths[page] ?? 0)) / averageLength;
      add(scores, page, WEIGHT.page * worth * saturate(onPage.length, length));
      if (isInLead(onPage, page, layout)) add(scores, page, WEIGHT.lead * worth);
      if (term.isKey || term.kind === "written") add(covered, page, term.weight * (rarity + COMMON_WORTH));
      windows.addPage(page, onPage);
    });
    windows.endTerm(worth);
  }
  const headings = scoreHeadings(layout, terms);
  addPairs(scores, layout, terms);
  for (let page = 0; page < count; page++) {
    add(scores, page, WEIGHT.window * windows.best(page) + (headings[page] ?? 0));
    if (layout.listings[page] === true) add(scores, page, -WEIGHT.listing * (scores[page] ?? 0));
  }
  return { scores: withNeighbours(scores), covered, headings };
}

/** A statement is the page that has its heading at the top and figures below; many other pages mention it. */
function scoreHeadings(layout: PageLayout, terms: readonly WeighedTerm[]): Float64Array {
  const headings = new Float64Array(layout.numbers.length);
  for (const { term, positions } of terms) {
    if (term.kind !== "heading") continue;
    forEachPage(positions, layout, (page, onPage) => {
      if (!isInLead(onPage, page, layout)) return;
      const table = Math.min(1, (layout.figures[page] ?? 0) / TABLE_FIGURES);
      headings[page] = Math.max(headings[page] ?? 0, WEIGHT.heading * term.weight * table);
    });
  }
  return headings;
}

/** Terms that follow each other in the question and on the page are worth more than the same terms far apart. */
function addPairs(scores: Float64Array, layout: PageLayout, terms: readonly WeighedTerm[]): void {
  for (const [index, second] of terms.entries()) {
    const first = terms[index - 1];
    if (first === undefined || first.term.kind !== "asked" || second.term.kind !== "asked") continue;
    const distance = second.term.position - first.term.position;
    if (distance < 0 || distance > PAIR_DISTANCE) continue;
    const found: (readonly [page: number, times: number])[] = [];
    forEachPage(findPairs(first.positions, second.positions, distance + 1), layout, (page, onPage) =>
      found.push([page, onPage.length]),
    );
    const worth = Math.min(first.importance, second.importance) * toRarity(found.length, layout.numbers.length);
    for (const [page, times] of found) add(scores, page, WEIGHT.pair * worth * saturate(times, 1));
  }
}

/** The positions of `first` that have a `second` at most `distance` after or two before them. */
function findPairs(first: Int32Array, second: Int32Array, distance: number): Int32Array {
  let index = 0;
  return first.filter((position) => {
    while (index < second.length && (second[index] ?? 0) < position - 2) index++;
    const next = second[index] === position ? second[index + 1] : second[index];
    return next !== undefined && next - position <= distance;
  });
}

/** The pages next to a good page are a little better: tables and paragraphs run over the edge. */
function withNeighbours(scores: Float64Array): Float64Array {
  return scores.map((score, page) => score + WEIGHT.neighbour * Math.max(scores[page - 1] ?? 0, scores[page + 1] ?? 0));
}

function forEachPage(
  positions: Int32Array,
  layout: PageLayout,
  visit: (page: number, onPage: Int32Array) => void,
): void {
  let page = 0;
  let from = 0;
  while (from < positions.length) {
    while ((positions[from] ?? 0) >= (layout.starts[page + 1] ?? Infinity)) page++;
    const end = layout.starts[page + 1] ?? Infinity;
    let to = from;
    while (to < positions.length && (positions[to] ?? 0) < end) to++;
    visit(page, positions.subarray(from, to));
    from = to;
  }
}

function isInLead(onPage: Int32Array, page: number, layout: PageLayout): boolean {
  return (onPage[0] ?? Infinity) - (layout.starts[page] ?? 0) < LEAD;
}

function saturate(times: number, length: number): number {
  return (times * (SATURATION + 1)) / (times + SATURATION * length);
}

function add(values: Float64Array, index: number, value: number): void {
  values[index] = (values[index] ?? 0) + value;
}
