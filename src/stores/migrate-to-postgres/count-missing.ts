import type { Postgres, Query } from "../postgres/open-postgres.ts";
import { readProgress } from "./move-part.ts";
import type { Part } from "./part.ts";

const IDS_AT_ONCE = 5_000;

/** Counts the rows of a part that the target lacks. */
export async function countMissing(postgres: Postgres, part: Part): Promise<number> {
  let ids: string[] = [];
  let missing = 0;
  const look = async (): Promise<void> => {
    const { rows } = await postgres.query<{ n: number }>(
      `SELECT count(*) AS n FROM unnest($1::text[]) AS wanted (id) WHERE NOT (${part.isThere})`,
      [ids],
    );
    missing += rows[0]?.n ?? 0;
    ids = [];
  };
  for (const row of part.read(null)) {
    ids.push(part.toId(row));
    if (ids.length === IDS_AT_ONCE) await look();
  }
  await look();
  return missing;
}

/** Rows that hang on others, of which only the moved ones have a number below zero. */
const DEPENDENT: readonly (readonly [table: string, count: string])[] = [
  ["pages", "docent.pages JOIN docent.documents ON documents.id = pages.document_id WHERE documents.seq < 0"],
  ["passage_pages", "docent.passage_pages WHERE document < 0"],
  ["passage_terms", "docent.passage_terms WHERE document < 0"],
];

/** Counts the rows that came with documents and are not there, by table. */
export async function countMissingDependents(query: Query): Promise<Readonly<Record<string, number>>> {
  const moved = await readProgress(query);
  const missing: Record<string, number> = {};
  for (const [table, count] of DEPENDENT) {
    const { rows } = await query<{ n: number }>(`SELECT count(*) AS n FROM ${count}`);
    missing[table] = (moved.find(({ part }) => part === table)?.added ?? 0) - (rows[0]?.n ?? 0);
  }
  return missing;
}
