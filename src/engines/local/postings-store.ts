import type { DocumentPostings, PageLayout } from "./document-postings.ts";

export interface IndexedDocument {
  readonly id: string;
  readonly name: string;
  /** Documents that are asked together share it, so that they can lie together. It decides nothing about answers. */
  readonly scope: string;
}

/** A page of a copy; `page` counts from 0 in the order of the layout. */
export interface StoredPage {
  readonly page: number;
  readonly text: string;
}

export type TermPostings = readonly [term: string, positions: readonly number[]];

/** What choosing between many documents needs to know of one. */
export interface DocumentSummary {
  readonly id: string;
  /** How many words it has. */
  readonly words: number;
  /** The terms of its name. */
  readonly nameTerms: ReadonlySet<string>;
}

/** Many documents, and how often each uses each of some terms: the arrays follow the order of the documents. */
export interface Survey {
  readonly documents: readonly DocumentSummary[];
  readonly uses: ReadonlyMap<string, Int32Array>;
}

/** A document with the positions of the terms that were loaded. */
export interface StoredDocument extends DocumentPostings {
  readonly key: number;
  readonly loaded: Map<string, Int32Array>;
}

/**
 * The tables of the index: per document its pages' text, and for each of its terms the positions. What is written of a
 * copy resolves to false once the copy is gone: its document was removed, or a newer copy was finished.
 */
export interface PostingsStore {
  /** Begins a new copy of a document, which stays invisible until `finish`. Returns its key: newer copies have higher ones. */
  begin(document: IndexedDocument): Promise<number>;
  /** Takes pages from `pages` bit by bit; `goOn` is called in between and may throw. */
  putPages(key: number, pages: Iterable<StoredPage>, goOn: () => void): Promise<boolean>;
  /** The same for terms, each of which comes once. */
  putPostings(key: number, postings: Iterable<TermPostings>, goOn: () => void): Promise<boolean>;
  /** Makes a copy the document's visible one and deletes all older ones. */
  finish(key: number, layout: PageLayout): Promise<boolean>;
  /** Deletes a copy. */
  discard(key: number): Promise<void>;
  /** Deletes every copy of a document. */
  remove(id: string): Promise<void>;
  /** The visible documents among these, oldest copy first, without positions or layouts. */
  survey(ids: readonly string[], terms: readonly string[]): Promise<Survey>;
  /** The visible documents among these, oldest copy first, without positions. */
  documents(ids: readonly string[]): Promise<StoredDocument[]>;
  /** Loads the positions of terms in all of these documents. */
  load(documents: readonly StoredDocument[], terms: readonly string[]): Promise<void>;
  /** For each word the terms of these documents that begin with its letter and are at most two letters longer or shorter. */
  termsLike(
    documents: readonly StoredDocument[],
    words: readonly string[],
  ): Promise<ReadonlyMap<string, readonly string[]>>;
  /** The text of each page; undefined where it was deleted meanwhile. */
  pageTexts(
    pages: readonly { readonly document: StoredDocument; readonly page: number }[],
  ): Promise<(string | undefined)[]>;
}

const NOWHERE = new Int32Array();

/** A document that was read from a table, without positions yet. */
export function createStoredDocument(row: Pick<StoredDocument, "key" | "id" | "name" | "layout">): StoredDocument {
  const loaded = new Map<string, Int32Array>();
  return { ...row, loaded, positions: (term) => loaded.get(term) ?? NOWHERE };
}
