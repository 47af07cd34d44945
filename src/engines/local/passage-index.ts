import { findBestPassage } from "./best-passage.ts";
import { createPostingsBuilder, type PostingsBuilder } from "./document-postings.ts";
import { judgeRelevance } from "./judge-relevance.ts";
import { findNearestTerm, isCorrectable } from "./nearest-term.ts";
import type { IndexedDocument, PostingsStore, StoredDocument, StoredPage } from "./postings-store.ts";
import { parseQuestionTerms, type QuestionTerm, type QuestionTerms } from "./question-terms.ts";
import { rankPages, type RankedPage, type Ranking } from "./rank-pages.ts";
import { selectDocuments } from "./select-documents.ts";

export interface IndexedPage {
  readonly number: number;
  readonly text: string;
}

/** A piece of a page that fits a question. */
export interface Passage {
  readonly documentId: string;
  readonly page: number;
  /** Verbatim from the page, at most about 1,100 characters: a chunk, with its first and last sentence whole. */
  readonly text: string;
  /** 0 to 1; only comparable between passages of one search. */
  readonly score: number;
  /** False when the page lacks most of what was asked, or is far behind the best one: nothing worth showing. */
  readonly relevant: boolean;
}

/** Full-text search over the pages of documents, for questions in any language. */
export interface PassageIndex {
  /**
   * Indexes a document in place of what it had before; until it is complete the former text is found. Rejects with the
   * signal's reason when aborted, and with an AbortError when the document is removed or added again meanwhile.
   */
  add(document: IndexedDocument, pages: readonly IndexedPage[], signal?: AbortSignal): Promise<void>;
  remove(documentId: string): Promise<void>;
  /** The best pages of these documents, best first, at most one passage a page. */
  search(
    question: string,
    options: { readonly documentIds: readonly string[]; readonly limit: number },
  ): Promise<readonly Passage[]>;
}

/** Above this, only the documents that fit the question best are looked at page by page. */
const MAX_DOCUMENTS_RANKED = 100;
/** A search is done again when what it found was replaced meanwhile. */
const MAX_SEARCHES = 3;

/** An index that keeps its text and terms in the given tables. */
export function createPassageIndex(store: PostingsStore): PassageIndex {
  return {
    add: (document, pages, signal) => addDocument(store, document, pages, signal),
    remove: (documentId) => store.remove(documentId),
    async search(question, { documentIds, limit }) {
      const asked = parseQuestionTerms(question);
      for (let search = 1; ; search++) {
        const documents = await findDocuments(store, asked, documentIds);
        await store.load(documents, termsOf(asked.terms));
        const terms = await correctSpelling(store, asked, documents);
        const ranking = rankPages(terms, documents);
        const ranked = ranking.ranked.slice(0, limit);
        const texts = await store.pageTexts(ranked);
        if (search === MAX_SEARCHES || !texts.includes(undefined)) return toPassages(terms, ranking, ranked, texts);
      }
    },
  };
}

/** The documents whose pages are ranked, in an order that decides between equals. */
async function findDocuments(
  store: PostingsStore,
  question: QuestionTerms,
  documentIds: readonly string[],
): Promise<readonly StoredDocument[]> {
  if (documentIds.length <= MAX_DOCUMENTS_RANKED) return await store.documents(documentIds);
  const survey = await store.survey(documentIds, termsOf(question.terms, "asked"));
  if (survey.documents.length <= MAX_DOCUMENTS_RANKED) return await store.documents(documentIds);
  const selected = selectDocuments(question, survey, MAX_DOCUMENTS_RANKED);
  const byId = new Map((await store.documents(selected)).map((document) => [document.id, document]));
  return selected.flatMap((id) => byId.get(id) ?? []);
}

function toPassages(
  question: QuestionTerms,
  ranking: Ranking<StoredDocument>,
  ranked: readonly RankedPage<StoredDocument>[],
  texts: readonly (string | undefined)[],
): Passage[] {
  const best = ranked.map((page, index) => {
    const text = texts[index] ?? "";
    const passage = findBestPassage(text, question, ranking.worths);
    return { ...page, text, passage, passageScore: passage.score };
  });
  const relevant = judgeRelevance(question, ranking, best);
  return best.map(({ document, page, score, passage }, index) => ({
    documentId: document.id,
    page: document.layout.numbers[page] ?? page + 1,
    text: passage.text,
    score: score / (score + ranking.wanted + 1),
    relevant: relevant[index] ?? false,
  }));
}

function termsOf(terms: readonly QuestionTerm[], kind?: QuestionTerm["kind"]): string[] {
  const wanted = kind === undefined ? terms : terms.filter((term) => term.kind === kind);
  return [...new Set(wanted.flatMap(({ alternatives }) => alternatives.flat()))];
}

/** A word that stands in none of the documents is taken for the nearest word that does. */
async function correctSpelling(
  store: PostingsStore,
  question: QuestionTerms,
  documents: readonly StoredDocument[],
): Promise<QuestionTerms> {
  const unknown = termsOf(question.terms, "asked").filter(
    (word) => isCorrectable(word) && documents.every((document) => document.positions(word).length === 0),
  );
  if (unknown.length === 0 || documents.length === 0) return question;
  const alike = await store.termsLike(documents, unknown);
  const nearest = new Map(unknown.map((word) => [word, findNearestTerm(word, alike.get(word) ?? [])]));
  await store.load(
    documents,
    [...nearest.values()].filter((term) => term !== undefined),
  );
  const terms = question.terms.map((term): QuestionTerm => {
    const meant = term.kind === "asked" ? nearest.get(term.alternatives[0]?.[0] ?? "") : undefined;
    return meant === undefined ? term : { ...term, alternatives: [[meant]], nameForms: [...term.nameForms, meant] };
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
  const key = await store.begin({ ...document, name: withoutNul(document.name) });
  const goOn = (): void => signal?.throwIfAborted();
  try {
    const builder = createPostingsBuilder();
    const isWhole =
      (await store.putPages(key, addPages(builder, pages), goOn)) &&
      (await store.putPostings(key, inOrder(builder.postings), goOn));
    goOn();
    if (!isWhole || !(await store.finish(key, builder.layout)))
      throw new DOMException("The document was removed or added again while it was indexed.", "AbortError");
  } catch (error) {
    // What cannot be deleted now stays invisible, and goes with the next copy.
    await store.discard(key).catch(() => undefined);
    throw error;
  }
}

function* addPages(builder: PostingsBuilder, pages: readonly IndexedPage[]): Iterable<StoredPage> {
  for (const [page, { number, text }] of pages.entries()) {
    const stored = withoutNul(text);
    builder.addPage(number, stored);
    yield { page, text: stored };
  }
}

/** Postgres refuses the NUL character. */
function withoutNul(text: string): string {
  return text.replaceAll("\0", "");
}

/** In the order of the table, where inserting is fastest; sorted letter by letter, as all at once holds the thread. */
function* inOrder<Value>(postings: ReadonlyMap<string, Value>): Iterable<readonly [term: string, value: Value]> {
  const byLetter = Map.groupBy(postings, ([term]) => term.charAt(0));
  for (const letter of [...byLetter.keys()].toSorted()) {
    yield* (byLetter.get(letter) ?? []).toSorted(([first], [second]) => (first < second ? -1 : 1));
  }
}
