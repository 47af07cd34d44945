import type { DatabaseSync } from "node:sqlite";
import type { Cursor, SourceRow } from "./part.ts";

/** The rows of a table behind a cursor, in the order of its key. Rows come one by one: the table may be large. */
export function* readRows(
  db: DatabaseSync,
  {
    table,
    key,
    where = "true",
  }: { readonly table: string; readonly key: readonly string[]; readonly where?: string | undefined },
  cursor: Cursor | null,
): Iterable<SourceRow> {
  const columns = key.join(", ");
  const behind = cursor === null ? "true" : `(${columns}) > (${key.map(() => "?").join(", ")})`;
  yield* db
    .prepare(`SELECT * FROM ${table} WHERE ${where} AND ${behind} ORDER BY ${columns}`)
    .iterate(...(cursor ?? []));
}

/** False for tables that are made when they are first used. */
export function hasTable(db: DatabaseSync, table: string): boolean {
  return db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(table) !== undefined;
}
