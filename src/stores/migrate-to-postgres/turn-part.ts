import type { DatabaseSync } from "node:sqlite";
import type { Turn } from "../../core/turn.ts";
import type { Query } from "../postgres/open-postgres.ts";
import { withoutNul } from "../postgres/without-nul.ts";
import { insertRows, text, type Columns } from "./insert-rows.ts";
import { toEarlierSeq, type Part, type SourceRow } from "./part.ts";
import { readRows } from "./read-rows.ts";

const ROWS_AT_ONCE = 500;

const COLUMNS: Columns = {
  seq: ["bigint", ({ seq }) => toEarlierSeq(Number(seq))],
  id: ["text", text("id")],
  conversation: ["text", text("conversation")],
  channel: ["text", text("channel")],
  workspace: ["text", (row) => withoutNul(toTurn(row).incoming.channel.workspace)],
  kind: ["text", text("kind")],
  state: ["text", text("state")],
  is_open: ["boolean", ({ open }) => open === 1],
  cancel_requested: ["boolean", ({ cancel_requested: wish }) => wish === 1],
  created_at: ["bigint", (row) => toTurn(row).createdAt],
  channel_body: ["text", (row) => JSON.stringify(toTurn(row).incoming.channel)],
  body: ["text", text("body")],
};

/** Turns in the order of their arrival, with their conversations. Nobody works on an open one any more. */
export function createTurnPart(db: DatabaseSync): Part {
  return {
    name: "turns",
    rowsAtOnce: ROWS_AT_ONCE,
    read: (cursor) => readRows(db, { table: "turns", key: ["seq"] }, cursor),
    toCursor: ({ seq }) => [Number(seq)],
    async add(query, rows) {
      const wanted = await withoutForgotten(query, rows);
      const { rows: added } = await insertRows(query, "docent.turns", wanted, {
        columns: COLUMNS,
        unique: "id",
        fixed: { delivery: "gen_random_uuid()" },
        returning: "id",
      });
      await addConversations(
        query,
        added.map(({ id }) => id),
      );
      return { turns: added.length };
    },
    toId: (row) => String(text("id")(row)),
    isThere: `(EXISTS (SELECT 1 FROM docent.turns known WHERE known.id = wanted.id)
      OR EXISTS (SELECT 1 FROM docent.forgotten_turns known WHERE known.id = wanted.id))`,
  };
}

/** Those that the target has not forgotten. */
async function withoutForgotten(query: Query, rows: readonly SourceRow[]): Promise<readonly SourceRow[]> {
  const { rows: forgotten } = await query<{ id: string }>("SELECT id FROM docent.forgotten_turns WHERE id = ANY ($1)", [
    rows.map(text("id")),
  ]);
  const ids = new Set(forgotten.map(({ id }) => id));
  return rows.filter((row) => !ids.has(String(text("id")(row))));
}

/** A worker looks for work in the conversations and not in the turns. */
async function addConversations(query: Query, turnIds: readonly string[]): Promise<void> {
  await query(
    `INSERT INTO docent.conversations AS known (conversation, open_turns, first_seq)
     SELECT conversation, count(*) FILTER (WHERE is_open), coalesce(min(seq) FILTER (WHERE is_open), min(seq))
     FROM docent.turns WHERE id = ANY ($1) GROUP BY conversation ORDER BY conversation
     ON CONFLICT (conversation) DO UPDATE SET
       open_turns = known.open_turns + excluded.open_turns,
       first_seq = CASE WHEN excluded.open_turns = 0 THEN known.first_seq
                        WHEN known.open_turns = 0 THEN excluded.first_seq
                        ELSE least(known.first_seq, excluded.first_seq) END`,
    [turnIds],
  );
}

function toTurn({ body }: SourceRow): Turn {
  // What Docent wrote itself.
  return JSON.parse(String(body)) as Turn;
}
