import type { Postgres, Query } from "../postgres/open-postgres.ts";
import type { Cursor, Moved, Part, SourceRow } from "./part.ts";

/** Read into memory at once, unless a single row is longer. */
const LETTERS_AT_ONCE = 2_000_000;

/**
 * Moves what is not moved yet. How far it came is written with the rows, in one transaction: a repeat of any kind goes
 * on behind them, and does not bring back what was deleted in the target since.
 */
export async function movePart(postgres: Postgres, part: Part, onBatch: (rows: number) => void): Promise<void> {
  await addProgress(postgres.query, { part: part.name, added: 0, kept: 0 });
  for (;;) {
    const moved = await postgres.transaction((query) => moveBatch(query, part));
    if (moved === 0) return;
    onBatch(moved);
  }
}

async function moveBatch(query: Query, part: Part): Promise<number> {
  const rows = takeBatch(part.read(await readCursor(query, part.name)), part.rowsAtOnce);
  const last = rows.at(-1);
  if (last === undefined) return 0;
  const added = await part.add(query, rows);
  const kept = rows.length - (added[part.name] ?? 0);
  for (const [name, count] of Object.entries(added)) {
    await addProgress(query, { part: name, added: count, kept: name === part.name ? kept : 0 });
  }
  await writeCursor(query, part.name, part.toCursor(last));
  return rows.length;
}

export async function readCursor(query: Query, part: string): Promise<Cursor | null> {
  const { rows } = await query<{ cursor: string | null }>("SELECT cursor FROM docent.move_parts WHERE part = $1", [
    part,
  ]);
  const cursor = rows[0]?.cursor ?? null;
  // What this module wrote itself.
  return cursor === null ? null : (JSON.parse(cursor) as Cursor);
}

export async function writeCursor(query: Query, part: string, cursor: Cursor): Promise<void> {
  await query("UPDATE docent.move_parts SET cursor = $2 WHERE part = $1", [part, JSON.stringify(cursor)]);
}

/** Adds to the counts of a table; what is more than nothing, in a transaction. */
export async function addProgress(query: Query, { part, added, kept }: Moved): Promise<void> {
  await query(
    `INSERT INTO docent.move_parts (part, added, kept) VALUES ($1, $2, $3)
     ON CONFLICT (part) DO UPDATE SET added = move_parts.added + excluded.added, kept = move_parts.kept + excluded.kept`,
    [part, added, kept],
  );
}

/** What was moved so far, by table. */
export async function readProgress(query: Query): Promise<readonly Moved[]> {
  return (await query<Moved>("SELECT part, added, kept FROM docent.move_parts ORDER BY part")).rows;
}

function takeBatch(rows: Iterable<SourceRow>, atMost: number): SourceRow[] {
  const batch: SourceRow[] = [];
  let letters = 0;
  for (const row of rows) {
    batch.push(row);
    for (const value of Object.values(row)) if (typeof value === "string") letters += value.length;
    if (batch.length === atMost || letters >= LETTERS_AT_ONCE) break;
  }
  return batch;
}
