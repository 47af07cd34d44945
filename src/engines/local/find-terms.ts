import type { DocumentPostings } from "./document-postings.ts";
import type { QuestionTerm } from "./question-terms.ts";
import { tokenize } from "./tokenize.ts";

/** Where a term of the question stands in one document. */
export interface FoundTerm {
  readonly term: QuestionTerm;
  readonly positions: Int32Array;
  /** On how many pages it stands. */
  readonly pages: number;
  readonly inName: boolean;
}

/** Words of a phrase may be separated by one other word: "provision (benefit) for income taxes". */
const PHRASE_STEP = 2;

/** Finds every term of a question in a document, phrases included. */
export function findTerms(terms: readonly QuestionTerm[], document: DocumentPostings): FoundTerm[] {
  const name = toNameTerms(document.name);
  return terms.map((term) => {
    const positions = findAlternatives(term, document);
    const inName = term.nameForms.some((form) => name.has(form));
    return { term, positions, pages: countPages(positions, document.layout.starts), inName };
  });
}

/** The terms of a document's name, without its extension. */
export function toNameTerms(name: string): ReadonlySet<string> {
  const withoutExtension = name.replace(/\.[a-z0-9]{2,5}$/i, "");
  return new Set(tokenize(withoutExtension.replaceAll("_", " ")).map((token) => token.term));
}

function findAlternatives(term: QuestionTerm, document: DocumentPostings): Int32Array {
  const [only] = term.alternatives;
  if (term.alternatives.length === 1 && only !== undefined) return findPhrase(only, document);
  const positions = new Set(term.alternatives.flatMap((phrase) => [...findPhrase(phrase, document)]));
  return Int32Array.from(positions).toSorted();
}

function findPhrase(phrase: readonly string[], document: DocumentPostings): Int32Array {
  const [first, ...others] = phrase.map((term) => document.positions(term));
  if (first === undefined || others.length === 0) return first ?? new Int32Array();
  return first.filter((start) => {
    let position = start;
    for (const positions of others) {
      const next = firstAfter(positions, position);
      if (next === undefined || next - position > PHRASE_STEP) return false;
      position = next;
    }
    return true;
  });
}

/** The first of ascending positions that is greater than `position`. */
function firstAfter(positions: Int32Array, position: number): number | undefined {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((positions[middle] ?? 0) > position) high = middle;
    else low = middle + 1;
  }
  return positions[low];
}

function countPages(positions: Int32Array, starts: readonly number[]): number {
  let pages = 0;
  let page = 0;
  let end = -1;
  for (const position of positions) {
    if (position < end) continue;
    while (position >= (starts[page + 1] ?? Infinity)) page++;
    end = starts[page + 1] ?? Infinity;
    pages++;
  }
  return pages;
}
