import type { SQLOutputValue } from "node:sqlite";
import type { Query } from "../postgres/open-postgres.ts";

/** A row of the SQLite file. */
export type SourceRow = Readonly<Record<string, SQLOutputValue>>;

/** Where reading goes on: the key of the last row that was moved. */
export type Cursor = readonly (string | number)[];

/** One table of an installation with what hangs on its rows. */
export interface Part {
  readonly name: string;
  /** Rows moved in one transaction at most. */
  readonly rowsAtOnce: number;
  /** Rows behind a cursor, in its order; with null from the first one. */
  read(cursor: Cursor | null): Iterable<SourceRow>;
  toCursor(row: SourceRow): Cursor;
  /** Adds rows that the target does not know, and tells how many by table, its own under `name`. */
  add(query: Query, rows: readonly SourceRow[]): Promise<Readonly<Record<string, number>>>;
  /** The name by which `isThere` knows a row. */
  toId(row: SourceRow): string;
  /** A condition of SQL on `wanted.id`: the target has it, or knows that it was deleted. */
  readonly isThere: string;
}

/** How many rows a table got, and how many were left out: the target knew them already, or they belong to nothing. */
export interface Moved {
  readonly part: string;
  readonly added: number;
  readonly kept: number;
}

/**
 * Numbers of rows stand before all that the target gives out itself: what was said there is newer, and rows of one
 * installation have one number each however often they are moved. Fits 32 bits.
 */
export function toEarlierSeq(seq: number): number {
  return seq - 2_000_000_000;
}
