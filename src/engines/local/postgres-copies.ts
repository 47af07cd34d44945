import { randomUUID } from "node:crypto";
import { setImmediate as yieldToOthers } from "node:timers/promises";

import { countWords, encodePositions, serializeLayout } from "./document-postings.ts";
import type { PostingsStore } from "./postings-store.ts";
import type { SharedDatabase } from "./shared-database.ts";
import { toStoredTerm } from "./stored-term.ts";
import { SLICE_MS } from "./time-slices.ts";

const MAX_ROWS = 1_000;
const MAX_CHARACTERS = 1_000_000;
/** No document takes this long; who began it was killed. */
const ABANDONED_AFTER = "1 day";

/** Held by whatever is written to a copy, so that a copy cannot be deleted between the look at it and the rows. */
const COPY = "SELECT key, scope FROM docent.passage_documents WHERE key = $1 AND state = 'adding' FOR KEY SHARE";

/** Writes copies of documents to Postgres. Rows of a copy never outlive its row in `passage_documents`. */
export function createPostgresCopies(
  database: SharedDatabase,
): Pick<PostingsStore, "begin" | "putPages" | "putPostings" | "finish" | "discard" | "remove"> {
  const { query, transaction } = database;

  /** Locks the rows in the order of their keys, so that no two of these wait for each other. */
  async function deleteCopies(where: string, value: unknown): Promise<void> {
    await transaction(async (run) => {
      const { rows } = await run<{ key: number }>(
        `SELECT key FROM docent.passage_documents WHERE ${where} ORDER BY key FOR UPDATE`,
        [value],
      );
      await deleteRows(
        run,
        rows.map(({ key }) => key),
      );
    });
  }

  return {
    async begin({ id, name, scope }) {
      const { rows } = await query<{ key: number }>(
        `WITH added AS (
           INSERT INTO docent.passage_documents (id, name, scope, state, layout, delivery)
           VALUES ($1, $2, hashtextextended($3, 0), 'adding', '', $4) ON CONFLICT (delivery) DO NOTHING RETURNING key
         )
         SELECT key FROM added UNION ALL SELECT key FROM docent.passage_documents WHERE delivery = $4`,
        [id, name, scope, randomUUID()],
      );
      await deleteCopies("state = 'adding' AND begun_at < now() - $1::interval", ABANDONED_AFTER);
      return rows[0]?.key ?? 0;
    },
    putPages: (key, pages, goOn) =>
      writeBatches(
        pages,
        ({ text }) => text.length,
        async (batch) => {
          goOn();
          return await writeRows(
            query,
            `INSERT INTO docent.passage_pages (document, page, text)
             SELECT copy.key, row.page, row.text FROM copy CROSS JOIN unnest($2::integer[], $3::text[]) AS row (page, text)`,
            [key, batch.map(({ page }) => page), batch.map(({ text }) => text)],
          );
        },
      ),
    putPostings: (key, postings, goOn) =>
      writeBatches(
        postings,
        ([term, positions]) => term.length + 2 * positions.length,
        async (batch) => {
          goOn();
          return await writeRows(
            query,
            `INSERT INTO docent.passage_terms (document, term, scope, uses, positions)
             SELECT copy.key, row.term, copy.scope, row.uses, row.positions
             FROM copy CROSS JOIN unnest($2::text[], $3::integer[], $4::bytea[]) AS row (term, uses, positions)`,
            [
              key,
              batch.map(([term]) => toStoredTerm(term)),
              batch.map(([, positions]) => positions.length),
              batch.map(([, positions]) => Buffer.from(encodePositions(positions))),
            ],
          );
        },
      ),
    finish: (key, layout) =>
      transaction(async (run) => {
        const { rows } = await run<{ key: number }>(
          `SELECT key FROM docent.passage_documents
           WHERE id = (SELECT id FROM docent.passage_documents WHERE key = $1) ORDER BY key FOR UPDATE`,
          [key],
        );
        const keys = rows.map((row) => row.key);
        // A newer copy that was finished took this one with it.
        if (!keys.includes(key)) return false;
        await run("UPDATE docent.passage_documents SET state = 'ready', layout = $2, words = $3 WHERE key = $1", [
          key,
          serializeLayout(layout),
          countWords(layout),
        ]);
        await deleteRows(
          run,
          keys.filter((other) => other < key),
        );
        return true;
      }),
    discard: (key) => deleteCopies("key = $1", key),
    remove: (id) => deleteCopies("id = $1", id),
  };
}

type Run = SharedDatabase["query"];

/** The copies' own rows are locked already: who writes to one has ended, and finds nothing afterwards. */
async function deleteRows(run: Run, keys: readonly number[]): Promise<void> {
  if (keys.length === 0) return;
  await run("DELETE FROM docent.passage_documents WHERE key = ANY($1::bigint[])", [keys]);
  await run("DELETE FROM docent.passage_terms WHERE document = ANY($1::bigint[])", [keys]);
  await run("DELETE FROM docent.passage_pages WHERE document = ANY($1::bigint[])", [keys]);
}

/** False when the copy, whose key is the first value, is gone. */
async function writeRows(run: Run, insert: string, values: readonly unknown[]): Promise<boolean> {
  const { rows } = await run(
    `WITH copy AS MATERIALIZED (${COPY}), written AS (${insert} ON CONFLICT DO NOTHING) SELECT key FROM copy`,
    values,
  );
  return rows.length > 0;
}

/** Hands out items in batches that make one statement each; others have their turn while a batch is put together. */
async function writeBatches<Item>(
  items: Iterable<Item>,
  sizeOf: (item: Item) => number,
  write: (batch: readonly Item[]) => Promise<boolean>,
): Promise<boolean> {
  let batch: Item[] = [];
  let size = 0;
  let end = performance.now() + SLICE_MS;
  for (const item of items) {
    batch.push(item);
    size += sizeOf(item);
    if (batch.length >= MAX_ROWS || size >= MAX_CHARACTERS) {
      if (!(await write(batch))) return false;
      batch = [];
      size = 0;
      end = performance.now() + SLICE_MS;
    } else if (performance.now() > end) {
      await yieldToOthers();
      end = performance.now() + SLICE_MS;
    }
  }
  return batch.length === 0 || (await write(batch));
}
