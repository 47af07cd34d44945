import { setImmediate as yieldToOthers } from "node:timers/promises";
import type { DatabaseSync } from "node:sqlite";

import {
  countPositions,
  countWords,
  decodePositions,
  encodePositions,
  parseLayout,
  serializeLayout,
} from "./document-postings.ts";
import { createStoredDocument, type PostingsStore } from "./postings-store.ts";
import { createSummaryCache, type SummaryRow } from "./summary-cache.ts";
import { forEachInSlices, SLICE_MS } from "./time-slices.ts";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS passage_document (
    key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('adding', 'ready', 'replaced')), layout TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS passage_document_id ON passage_document (id);
  CREATE INDEX IF NOT EXISTS passage_document_ready ON passage_document (id) WHERE state = 'ready';
  CREATE TABLE IF NOT EXISTS passage_page (
    document INTEGER NOT NULL, page INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (document, page)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS passage_term (
    document INTEGER NOT NULL, term TEXT NOT NULL, positions BLOB NOT NULL, PRIMARY KEY (document, term)
  ) STRICT, WITHOUT ROWID;
`;
const ROWS_DELETED_AT_ONCE = 500;
/** So few that looking up terms in them does not hold the thread. */
const DOCUMENTS_AT_ONCE = 100;

/** The index's tables in a SQLite database, which must outlive this; they are created when missing. */
export function createSqlitePostings(db: DatabaseSync): PostingsStore {
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
  const selectVisibleKeys = db.prepare(
    `SELECT json_group_array(d.key) AS keys FROM json_each(?) i
     CROSS JOIN passage_document d ON d.id = i.value AND d.state = 'ready'`,
  );
  const selectRows = db.prepare(
    "SELECT key, id, name, layout FROM passage_document WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key",
  );
  const selectPositions = db.prepare(
    `SELECT p.document AS document, p.term AS term, p.positions AS positions FROM json_each(?1) d
     CROSS JOIN passage_term p ON p.document = d.value WHERE p.term IN (SELECT value FROM json_each(?2))`,
  );
  // Objects take twice as long, and there are tens of thousands of rows.
  selectPositions.setReturnArrays(true);
  const selectTermsLike = db.prepare(
    `SELECT DISTINCT p.term AS term FROM json_each(?1) d CROSS JOIN passage_term p
     ON p.document = d.value AND p.term >= ?2 AND p.term < ?3 WHERE length(p.term) BETWEEN ?4 AND ?5`,
  );
  const selectText = db.prepare("SELECT text FROM passage_page WHERE document = ? AND page = ?");
  const summaries = createSummaryCache();

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

  /** Writes in short transactions and lets other work run in between. False once the copy is gone. */
  async function writeInSlices<Item>(
    key: number,
    items: Iterable<Item>,
    goOn: () => void,
    write: (item: Item) => void,
  ): Promise<boolean> {
    const iterator = Iterator.from(items);
    let isDone = false;
    while (!isDone) {
      goOn();
      if (selectKey.get(key) === undefined) return false;
      inTransaction(() => {
        const end = performance.now() + SLICE_MS;
        while (!isDone && performance.now() < end) {
          const next = iterator.next();
          if (next.done === true) isDone = true;
          else write(next.value);
        }
      });
      await yieldToOthers();
    }
    return true;
  }

  /** Deletes up to `count` rows of a copy; true when nothing of it is left. */
  function deleteSome(key: number, count: number): boolean {
    const deleted = Number(deleteTerms.run(key, count).changes) + Number(deletePages.run(key, count).changes);
    if (deleted > 0) return false;
    deleteDocument.run(key);
    return true;
  }

  async function discard(key: number): Promise<void> {
    let isDone = false;
    while (!isDone) {
      inTransaction(() => {
        isDone = deleteSome(key, ROWS_DELETED_AT_ONCE);
      });
      await yieldToOthers();
    }
  }

  function findVisible(ids: readonly string[]): number[] {
    const keys = JSON.parse(selectVisibleKeys.get(JSON.stringify(ids))?.["keys"] as string) as number[];
    // An id that is asked twice is found twice.
    return [...new Set(keys)].toSorted((first, second) => first - second);
  }

  function readSummaries(keys: readonly number[]): SummaryRow[] {
    return selectRows.all(JSON.stringify(keys)).map((row) => ({
      key: row["key"] as number,
      id: row["id"] as string,
      name: row["name"] as string,
      words: countWords(parseLayout(row["layout"] as string)),
    }));
  }

  function forEachPosting(
    keys: readonly number[],
    terms: readonly string[],
    use: (key: number, term: string, positions: Uint8Array) => void,
  ): void {
    // `setReturnArrays` is not in the types of what is returned.
    const rows = selectPositions.iterate(JSON.stringify(keys), JSON.stringify(terms)) as Iterable<unknown>;
    for (const [key, term, positions] of rows as Iterable<readonly [number, string, Uint8Array]>)
      use(key, term, positions);
  }

  return {
    begin: async ({ id, name }) => Number(insertDocument.run(id, name).lastInsertRowid),
    putPages: (key, pages, goOn) =>
      writeInSlices(key, pages, goOn, ({ page, text }) => void insertPage.run(key, page, text)),
    putPostings: (key, postings, goOn) =>
      writeInSlices(
        key,
        postings,
        goOn,
        ([term, positions]) => void insertTerm.run(key, term, encodePositions(positions)),
      ),
    async finish(key, layout) {
      if (selectKey.get(key) === undefined) return false;
      inTransaction(() => {
        replaceOlder.run(key);
        makeReady.run(serializeLayout(layout), key);
      });
      for (const row of selectOlder.all(key)) await discard(row["key"] as number);
      return true;
    },
    discard,
    async remove(id) {
      inTransaction(() => {
        for (const row of selectCopies.all(id)) while (!deleteSome(row["key"] as number, 1_000_000));
      });
    },
    async survey(ids, terms) {
      const { keys, documents } = await summaries.take(findVisible(ids), readSummaries);
      const uses = new Map(terms.map((term) => [term, new Int32Array(keys.length)]));
      const parts = Array.from({ length: Math.ceil(keys.length / DOCUMENTS_AT_ONCE) }, (_, part) =>
        keys.slice(part * DOCUMENTS_AT_ONCE, (part + 1) * DOCUMENTS_AT_ONCE),
      );
      const rows = new Map(keys.map((key, row) => [key, row]));
      await forEachInSlices(parts, (part) =>
        forEachPosting(part, terms, (key, term, positions) => {
          const column = uses.get(term);
          if (column !== undefined) column[rows.get(key) ?? -1] = countPositions(positions);
        }),
      );
      return { documents, uses };
    },
    documents: async (ids) =>
      selectRows.all(JSON.stringify(findVisible(ids))).map((row) =>
        createStoredDocument({
          key: row["key"] as number,
          id: row["id"] as string,
          name: row["name"] as string,
          layout: parseLayout(row["layout"] as string),
        }),
      ),
    async load(documents, terms) {
      const byKey = new Map(documents.map((document) => [document.key, document.loaded]));
      forEachPosting([...byKey.keys()], terms, (key, term, positions) =>
        byKey.get(key)?.set(term, decodePositions(positions)),
      );
    },
    async termsLike(documents, words) {
      const keys = JSON.stringify(documents.map(({ key }) => key));
      const alike = words.map((word) => {
        const letter = word.charAt(0);
        const next = String.fromCodePoint((letter.codePointAt(0) ?? 0) + 1);
        const rows = selectTermsLike.all(keys, letter, next, word.length - 2, word.length + 2);
        return [word, rows.map((row) => row["term"] as string)] as const;
      });
      return new Map(alike);
    },
    pageTexts: async (pages) =>
      pages.map(({ document, page }) => selectText.get(document.key, page)?.["text"] as string | undefined),
  };
}
