import type { DatabaseSync } from "node:sqlite";
import type { Query } from "../postgres/open-postgres.ts";
import { insertRows, number, text, type Columns } from "./insert-rows.ts";
import { countPositions, countWords, toStoredTerm } from "./passage-format.ts";
import { toEarlierSeq, type Part, type SourceRow } from "./part.ts";
import { hasTable, readRows } from "./read-rows.ts";

/** Few, as each comes with all of its pages and terms. */
const DOCUMENTS_AT_ONCE = 5;
const ROWS_AT_ONCE = 1_000;
const BYTES_AT_ONCE = 1_000_000;

const key = (row: SourceRow, column: string): number => toEarlierSeq(Number(row[column]));

/** A number for the scope, so that a term's documents of one scope lie together. */
const SCOPE = "hashtextextended(scope_kind || ':' || scope_key, 0)";

const DOCUMENT: Columns = {
  key: ["bigint", (row) => key(row, "key")],
  id: ["text", text("id")],
  name: ["text", text("name")],
  scope: ["bigint", () => null, `(SELECT ${SCOPE} FROM docent.documents WHERE documents.id = source.id)`],
  state: ["text", text("state")],
  words: ["bigint", ({ layout }) => countWords(String(layout))],
  layout: ["text", text("layout")],
};
const PAGE: Columns = {
  document: ["bigint", (row) => key(row, "document")],
  page: ["integer", number("page")],
  text: ["text", text("text")],
};
const TERM: Columns = {
  document: ["bigint", (row) => key(row, "document")],
  term: ["text", ({ term }) => toStoredTerm(String(term))],
  scope: ["bigint", () => null, "(SELECT scope FROM docent.passage_documents WHERE key = source.document)"],
  uses: ["integer", ({ positions }) => (positions instanceof Uint8Array ? countPositions(positions) : 0)],
  positions: ["bytea", ({ positions }) => positions],
};
const IS_INDEXED = `EXISTS (SELECT 1 FROM docent.passage_documents known WHERE known.id = wanted.id AND known.state = 'ready')`;
const IS_GONE = "NOT EXISTS (SELECT 1 FROM docent.documents known WHERE known.id = wanted.id AND NOT known.is_retired)";

/**
 * The local engine's index. Left out are copies that were not complete, which the engine makes again, and documents that
 * are not there any more.
 */
export function createPassagePart(db: DatabaseSync): Part {
  return {
    name: "passage_documents",
    rowsAtOnce: DOCUMENTS_AT_ONCE,
    read: (cursor) =>
      hasTable(db, "passage_document")
        ? readRows(db, { table: "passage_document", key: ["key"], where: "state = 'ready'" }, cursor)
        : [],
    toCursor: (row) => [Number(row["key"])],
    async add(query, rows) {
      const { rows: wanted } = await query<{ id: string }>(
        `SELECT wanted.id FROM unnest($1::text[]) AS wanted (id) WHERE NOT (${IS_INDEXED} OR ${IS_GONE})`,
        [rows.map(text("id"))],
      );
      const ids = new Set(wanted.map(({ id }) => id));
      const added = rows.filter((row) => ids.has(String(text("id")(row))));
      await insertRows(query, "docent.passage_documents", added, {
        columns: DOCUMENT,
        unique: "key",
        fixed: { delivery: "gen_random_uuid()" },
      });
      const counts = { passage_documents: added.length, passage_pages: 0, passage_terms: 0 };
      for (const row of added) {
        const { page, term } = rowsOf(db, Number(row["key"]));
        counts.passage_pages += await addAll(query, "docent.passage_pages", page, PAGE, "document, page");
        counts.passage_terms += await addAll(query, "docent.passage_terms", term, TERM, "document, term");
      }
      return counts;
    },
    toId: (row) => String(text("id")(row)),
    isThere: `(${IS_INDEXED} OR ${IS_GONE})`,
  };
}

function rowsOf(db: DatabaseSync, document: number): Readonly<Record<"page" | "term", Iterable<SourceRow>>> {
  const rows = (table: "page" | "term"): Iterable<SourceRow> =>
    db.prepare(`SELECT * FROM passage_${table} WHERE document = ? ORDER BY ${table}`).iterate(document);
  return { page: rows("page"), term: rows("term") };
}

async function addAll(
  query: Query,
  table: string,
  rows: Iterable<SourceRow>,
  columns: Columns,
  unique: string,
): Promise<number> {
  let added = 0;
  let batch: SourceRow[] = [];
  let bytes = 0;
  const addBatch = async (): Promise<void> => {
    added += (await insertRows(query, table, batch, { columns, unique })).count;
    batch = [];
    bytes = 0;
  };
  for (const row of rows) {
    batch.push(row);
    for (const value of Object.values(row)) {
      if (typeof value === "string" || value instanceof Uint8Array) bytes += value.length;
    }
    if (batch.length === ROWS_AT_ONCE || bytes >= BYTES_AT_ONCE) await addBatch();
  }
  if (batch.length > 0) await addBatch();
  return added;
}
