import type { Query, Result } from "../postgres/open-postgres.ts";
import { withoutNul } from "../postgres/without-nul.ts";
import type { SourceRow } from "./part.ts";

/** A column of the target: the type of what is sent of a row, and where that is not what is written, how it is read. */
export type Column = readonly [type: string, value: (row: SourceRow) => unknown, expression?: string];
export type Columns = Readonly<Record<string, Column>>;

/**
 * Inserts rows in one statement, except those whose `unique` columns are taken; the result has the inserted ids
 * where `returning` asks for them. `fixed` are columns with an expression of SQL.
 */
export async function insertRows(
  query: Query,
  table: string,
  rows: readonly SourceRow[],
  options: {
    readonly columns: Columns;
    readonly unique: string;
    readonly fixed?: Readonly<Record<string, string>>;
    readonly returning?: "id";
  },
): Promise<Result<{ readonly id: string }>> {
  const { columns, unique, fixed = {}, returning } = options;
  const names = Object.keys(columns);
  const types = Object.values(columns);
  const written = names.map((name) => columns[name]?.[2] ?? `source.${name}`);
  const arrays = types.map(([type], index) => `$${index + 1}::${type}[]`);
  return await query(
    `INSERT INTO ${table} (${[...names, ...Object.keys(fixed)].join(", ")}) OVERRIDING SYSTEM VALUE
     SELECT ${[...written, ...Object.values(fixed)].join(", ")}
     FROM unnest(${arrays.join(", ")}) AS source (${names.join(", ")})
     ON CONFLICT (${unique}) DO NOTHING${returning === undefined ? "" : ` RETURNING ${returning}`}`,
    types.map(([, value]) => rows.map(value)),
  );
}

/** A text column as it is, but for the character that Postgres refuses. */
export function text(name: string): (row: SourceRow) => string | null {
  return ({ [name]: value }) => (typeof value === "string" ? withoutNul(value) : null);
}

export function number(name: string): (row: SourceRow) => number {
  return ({ [name]: value }) => Number(value);
}
