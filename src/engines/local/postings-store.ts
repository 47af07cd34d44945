import type { DatabaseSync } from "node:sqlite";

import {
  decodePositions,
  encodePositions,
  parseLayout,
  serializeLayout,
  type DocumentPostings,
  type PageLayout,
} from "./document-postings.ts";

/** The tables of the index: per document its pages' text, and for each of its terms the positions. */
export interface PostingsStore {
  /** Begins a new copy of a document, which stays invisible until `finish`. Returns its key. */
  begin(document: { readonly id: string; readonly name: string }): number;
  /** False once the copy was removed or replaced. */
  exists(key: number): boolean;
  putPage(key: number, page: number, text: string): void;
  putPositions(key: number, term: string, positions: readonly number[]): void;
  /** Makes a copy the document's visible one in place of all older ones, which wait for `deleteSome`. */
  finish(key: number, layout: PageLayout): void;
  /** The keys of the copies that are older than this one. */
  olderKeys(key: number): number[];
  /** Deletes up to `count` rows of a copy; true when nothing of it is left. */
  deleteSome(key: number, count: number): boolean;
  deleteAll(id: string): void;
  has(id: string): boolean;
  /** The visible documents among these, without positions. */
  documents(ids: readonly string[]): StoredDocument[];
  /** Loads the positions of terms in all of these documents. */
  load(documents: readonly StoredDocument[], terms: readonly string[]): void;
  /** Terms of these documents that begin with the same letter, of a length from `shortest` to `longest`. */
  termsLike(documents: readonly StoredDocument[], letter: string, shortest: number, longest: number): string[];
  pageText(document: StoredDocument, page: number): string;
  inTransaction(write: () => void): void;
}

/** A document with the positions of the terms that were loaded. */
export interface StoredDocument extends DocumentPostings {
  readonly key: number;
  readonly loaded: Map<string, Int32Array>;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS passage_document (
    key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('adding', 'ready', 'replaced')), layout TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS passage_document_id ON passage_document (id);
  CREATE TABLE IF NOT EXISTS passage_page (
    document INTEGER NOT NULL, page INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (document, page)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS passage_term (
    document INTEGER NOT NULL, term TEXT NOT NULL, positions BLOB NOT NULL, PRIMARY KEY (document, term)
  ) STRICT, WITHOUT ROWID;
`;
const NOWHERE = new Int32Array();

/** Opens the index's tables in a database; they are created when missing. */
export function createPostingsStore(db: DatabaseSync): PostingsStore {
  db.exec(SCHEMA);
  const insertDocument = db.prepare(
    "INSERT INTO passage_document (id, name, state, layout) VALUES (?, ?, 'adding', '')",
  );
  const selectKey = db.prepare("SELECT 1 FROM passage_document WHERE key = ? AND state <> 'replaced'");
  const insertPage = db.prepare("INSERT INTO passage_page (document, page, text) VALUES (?, ?, ?)");
  const insertTerm = db.prepare("INSERT INTO passage_term (document, term, positions) VALUES (?, ?, ?)");
  const older = "key < ?1 AND id = (SELECT id FROM passage_document WHERE key = ?1)";
  const replaceOlder = db.prepare(`UPDATE passage_document SET state = 'replaced' WHERE ${older}`);
  const selectOlder = db.prepare(`SELECT key FROM passage_document WHERE ${older}`);
  const makeReady = db.prepare("UPDATE passage_document SET state = 'ready', layout = ? WHERE key = ?");
  const selectCopies = db.prepare("SELECT key FROM passage_document WHERE id = ?");
  const deleteTerms = db.prepare(
    "DELETE FROM passage_term WHERE document = ?1 AND term IN (SELECT term FROM passage_term WHERE document = ?1 LIMIT ?2)",
  );
  const deletePages = db.prepare(
    "DELETE FROM passage_page WHERE document = ?1 AND page IN (SELECT page FROM passage_page WHERE document = ?1 LIMIT ?2)",
  );
  const deleteDocument = db.prepare("DELETE FROM passage_document WHERE key = ?");
  const selectVisible = db.prepare("SELECT 1 FROM passage_document WHERE id = ? AND state = 'ready'");
  const selectDocuments = db.prepare(
    "SELECT key, id, name, layout FROM passage_document WHERE state = 'ready' AND id IN (SELECT value FROM json_each(?)) ORDER BY key",
  );
  const selectPositions = db.prepare(
    `SELECT p.document AS document, p.term AS term, p.positions AS positions
     FROM json_each(?1) d CROSS JOIN json_each(?2) t CROSS JOIN passage_term p ON p.document = d.value AND p.term = t.value`,
  );
  const selectTermsLike = db.prepare(
    `SELECT DISTINCT p.term AS term FROM json_each(?1) d CROSS JOIN passage_term p
     ON p.document = d.value AND p.term >= ?2 AND p.term < ?3 WHERE length(p.term) BETWEEN ?4 AND ?5`,
  );
  const selectText = db.prepare("SELECT text FROM passage_page WHERE document = ? AND page = ?");

  function inTransaction(write: () => void): void {
    // A savepoint also works inside a transaction of the caller.
    db.exec("SAVEPOINT passage_index");
    try {
      write();
      db.exec("RELEASE passage_index");
    } catch (error) {
      db.exec("ROLLBACK TO passage_index; RELEASE passage_index");
      throw error;
    }
  }

  function deleteSome(key: number, count: number): boolean {
    const deleted = Number(deleteTerms.run(key, count).changes) + Number(deletePages.run(key, count).changes);
    if (deleted > 0) return false;
    deleteDocument.run(key);
    return true;
  }

  return {
    begin: ({ id, name }) => Number(insertDocument.run(id, name).lastInsertRowid),
    exists: (key) => selectKey.get(key) !== undefined,
    putPage: (key, page, text) => void insertPage.run(key, page, text),
    putPositions: (key, term, positions) => void insertTerm.run(key, term, encodePositions(positions)),
    finish(key, layout) {
      replaceOlder.run(key);
      makeReady.run(serializeLayout(layout), key);
    },
    olderKeys: (key) => selectOlder.all(key).map((row) => row["key"] as number),
    deleteSome,
    deleteAll(id) {
      inTransaction(() => {
        for (const row of selectCopies.all(id)) while (!deleteSome(row["key"] as number, 1_000_000));
      });
    },
    has: (id) => selectVisible.get(id) !== undefined,
    documents: (ids) =>
      selectDocuments.all(JSON.stringify(ids)).map((row): StoredDocument => {
        const loaded = new Map<string, Int32Array>();
        return {
          key: row["key"] as number,
          id: row["id"] as string,
          name: row["name"] as string,
          layout: parseLayout(row["layout"] as string),
          loaded,
          positions: (term) => loaded.get(term) ?? NOWHERE,
        };
      }),
    load(documents, terms) {
      const byKey = new Map(documents.map((document) => [document.key, document.loaded]));
      for (const row of selectPositions.iterate(JSON.stringify([...byKey.keys()]), JSON.stringify(terms))) {
        byKey
          .get(row["document"] as number)
          ?.set(row["term"] as string, decodePositions(row["positions"] as Uint8Array));
      }
    },
    termsLike(documents, letter, shortest, longest) {
      const keys = JSON.stringify(documents.map(({ key }) => key));
      const next = String.fromCodePoint((letter.codePointAt(0) ?? 0) + 1);
      return selectTermsLike.all(keys, letter, next, shortest, longest).map((row) => row["term"] as string);
    },
    pageText: (document, page) => (selectText.get(document.key, page)?.["text"] as string | undefined) ?? "",
    inTransaction,
  };
}
