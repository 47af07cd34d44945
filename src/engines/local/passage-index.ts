import { setImmediate as yieldToOthers } from "node:timers/promises";
import type { DatabaseSync } from "node:sqlite";

import { findBestPassage } from "./best-passage.ts";
import { createPostingsBuilder } from "./document-postings.ts";
import { findNearestTerm, isCorrectable } from "./nearest-term.ts";
import { createPostingsStore, type PostingsStore, type StoredDocument } from "./postings-store.ts";
import { parseQuestionTerms, type QuestionTerm, type QuestionTerms } from "./question-terms.ts";
import { judgeRelevance } from "./judge-relevance.ts";
import { rankPages, selectDocuments } from "./rank-pages.ts";

export interface IndexedDocument {
  readonly id: string;
  readonly name: string;
}

export interface IndexedPage {
  readonly number: number;
  readonly text: string;
}

/** A piece of a page that fits a question. */
export interface Passage {
  readonly documentId: string;
  readonly page: number;
  /** Verbatim from the page, at most about 700 characters. */
  readonly text: string;
  /** 0 to 1; only comparable between passages of one search. */
  readonly score: number;
  /** False when the page lacks most of what was asked: nothing worth showing. */
  readonly relevant: boolean;
}

/** Full-text search over the pages of documents, for questions in any language. */
export interface PassageIndex {
  /**
   * Indexes a document in place of what it had before; until it is complete the former text is found. Rejects with the
   * signal's reason when aborted, and with an AbortError when the document is removed or added again meanwhile.
   */
  add(document: IndexedDocument, pages: readonly IndexedPage[], signal?: AbortSignal): Promise<void>;
  remove(documentId: string): void;
  /** True once the document is indexed completely. */
  has(documentId: string): boolean;
  /** The best pages of these documents, best first, at most one passage a page. */
  search(
    question: string,
    options: { readonly documentIds: readonly string[]; readonly limit: number },
  ): readonly Passage[];
}

/** How long writing may hold the thread before the commit. */
const SLICE_MS = 6;
const ROWS_DELETED_AT_ONCE = 500;
/** Above this, only the documents that fit the question best are looked at page by page. */
const MAX_DOCUMENTS_RANKED = 100;

/** An index that keeps its text and terms in tables of the given database; it must outlive the index. */
export function createPassageIndex(db: DatabaseSync): PassageIndex {
  const store = createPostingsStore(db);
  return {
    add: (document, pages, signal) => addDocument(store, document, pages, signal),
    remove: (documentId) => store.deleteAll(documentId),
    has: (documentId) => store.has(documentId),
    search(question, { documentIds, limit }) {
      const asked = parseQuestionTerms(question);
      const all = store.documents(documentIds);
      store.load(all, termsOf(asked.terms, "asked"));
      const documents = selectDocuments(asked, all, MAX_DOCUMENTS_RANKED);
      const terms = correctSpelling(store, asked, documents);
      store.load(documents, [...termsOf(terms.terms, "written"), ...termsOf(terms.terms, "heading")]);
      return toPassages(store, terms, documents, limit);
    },
  };
}

function toPassages(
  store: PostingsStore,
  question: QuestionTerms,
  documents: readonly StoredDocument[],
  limit: number,
): Passage[] {
  const ranking = rankPages(question, documents);
  const best = ranking.ranked
    .slice(0, limit)
    .map((ranked) => ({ ...ranked, text: store.pageText(ranked.document, ranked.page) }));
  const relevant = judgeRelevance(question, ranking, best);
  return best.map(({ document, page, score, text }, index) => ({
    documentId: document.id,
    page: document.layout.numbers[page] ?? page + 1,
    text: findBestPassage(text, question, ranking.worths),
    score: score / (score + ranking.wanted + 1),
    relevant: relevant[index] ?? false,
  }));
}

function termsOf(terms: readonly QuestionTerm[], kind: QuestionTerm["kind"]): string[] {
  return [...new Set(terms.filter((term) => term.kind === kind).flatMap(({ alternatives }) => alternatives.flat()))];
}

/** A word that stands in none of the documents is taken for the nearest word that does. */
function correctSpelling(
  store: PostingsStore,
  question: QuestionTerms,
  documents: readonly StoredDocument[],
): QuestionTerms {
  const terms = question.terms.map((term): QuestionTerm => {
    const word = term.alternatives[0]?.[0] ?? "";
    if (term.kind !== "asked" || !isCorrectable(word)) return term;
    if (documents.some((document) => document.positions(word).length > 0)) return term;
    const known = store.termsLike(documents, word.charAt(0), word.length - 2, word.length + 2);
    const nearest = findNearestTerm(word, known);
    if (nearest === undefined) return term;
    store.load(documents, [nearest]);
    return { ...term, alternatives: [[nearest]], nameForms: [...term.nameForms, nearest] };
  });
  return { ...question, terms };
}

async function addDocument(
  store: PostingsStore,
  document: IndexedDocument,
  pages: readonly IndexedPage[],
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  const key = store.begin(document);
  const goOn = (): void => {
    signal?.throwIfAborted();
    if (!store.exists(key))
      throw new DOMException("The document was removed or added again while it was indexed.", "AbortError");
  };
  try {
    const builder = createPostingsBuilder();
    await writeInSlices(store, pages.entries(), goOn, ([page, { number, text }]) => {
      builder.addPage(number, text);
      store.putPage(key, page, text);
    });
    await writeInSlices(store, inOrder(builder.postings), goOn, ([term, positions]) =>
      store.putPositions(key, term, positions),
    );
    goOn();
    store.inTransaction(() => store.finish(key, builder.layout));
  } catch (error) {
    await deleteCopy(store, key);
    throw error;
  }
  for (const older of store.olderKeys(key)) await deleteCopy(store, older);
}

/** Writes in short transactions and lets other work run in between. */
async function writeInSlices<Item>(
  store: PostingsStore,
  items: Iterable<Item>,
  goOn: () => void,
  write: (item: Item) => void,
): Promise<void> {
  const iterator = Iterator.from(items);
  let isDone = false;
  while (!isDone) {
    goOn();
    store.inTransaction(() => {
      const end = performance.now() + SLICE_MS;
      while (!isDone && performance.now() < end) {
        const next = iterator.next();
        if (next.done === true) isDone = true;
        else write(next.value);
      }
    });
    await yieldToOthers();
  }
}

/** In the order of the table, where inserting is fastest; sorted letter by letter, as all at once holds the thread. */
function* inOrder<Value>(postings: ReadonlyMap<string, Value>): Iterable<readonly [term: string, value: Value]> {
  const byLetter = Map.groupBy(postings, ([term]) => term.charAt(0));
  for (const letter of [...byLetter.keys()].toSorted()) {
    yield* (byLetter.get(letter) ?? []).toSorted(([first], [second]) => (first < second ? -1 : 1));
  }
}

async function deleteCopy(store: PostingsStore, key: number): Promise<void> {
  let isDone = false;
  while (!isDone) {
    store.inTransaction(() => {
      isDone = store.deleteSome(key, ROWS_DELETED_AT_ONCE);
    });
    await yieldToOthers();
  }
}
