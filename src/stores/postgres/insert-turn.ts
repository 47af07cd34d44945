import type { Take } from "../../core/ports/stores.ts";
import { isFinal, type Turn } from "../../core/turn.ts";
import type { Postgres } from "./open-postgres.ts";

/**
 * Adds a turn, with $14 an owner that takes it at once if its conversation is free. That is looked at before the
 * conversation's row is locked: of two turns that come at once both may be stored as taken, and one of them is.
 */
const INSERT = `
  WITH free AS (
    SELECT $14::text IS NOT NULL AND NOT EXISTS (
      SELECT FROM docent.conversations
      WHERE conversation = $2 AND (open_turns > 0 OR lease_until > '-infinity')) AS yes),
  added AS (
    INSERT INTO docent.turns
      (id, conversation, channel, workspace, kind, state, body, is_open, created_at, delivery, channel_body)
    SELECT $1, $2, $3, $4, $5, CASE WHEN free.yes THEN $8 ELSE $6 END, CASE WHEN free.yes THEN $9 ELSE $7 END,
      $10, $11, $12, $13
    FROM free WHERE NOT EXISTS (SELECT FROM docent.forgotten_turns WHERE id = $1)
    ON CONFLICT (id) DO NOTHING RETURNING seq),
  counted AS (
    INSERT INTO docent.conversations AS c
      (conversation, open_turns, first_seq, turn_id, lease_owner, lease_until, served_at)
    SELECT $2, 1, seq, CASE WHEN free.yes THEN $1 END, CASE WHEN free.yes THEN $14 END,
      CASE WHEN free.yes THEN clock_timestamp() + $15::double precision * interval '1 ms' ELSE '-infinity' END,
      CASE WHEN free.yes THEN clock_timestamp() ELSE '-infinity' END
    FROM added, free WHERE $10
    ON CONFLICT (conversation) DO UPDATE SET open_turns = c.open_turns + 1,
      first_seq = CASE WHEN c.open_turns = 0 THEN excluded.first_seq ELSE c.first_seq END,
      (turn_id, lease_owner, lease_until, served_at) = (
        SELECT turn_id, lease_owner, lease_until, served_at FROM (VALUES
          (excluded.turn_id, excluded.lease_owner, excluded.lease_until, excluded.served_at, true),
          (c.turn_id, c.lease_owner, c.lease_until, c.served_at, false)
        ) AS either (turn_id, lease_owner, lease_until, served_at, takes)
        WHERE takes = (excluded.turn_id IS NOT NULL AND c.open_turns = 0 AND c.lease_until = '-infinity'))
    RETURNING turn_id IS NOT DISTINCT FROM $1 AND lease_owner IS NOT DISTINCT FROM $14 AS is_taken)
  SELECT (SELECT is_taken FROM counted) AS is_taken, (SELECT yes FROM free) AS looked_free FROM added`;

/** One that was stored as taken and is not. */
const AS_QUEUED = "UPDATE docent.turns SET state = $2, body = $3 WHERE id = $1 AND body = $4 AND body <> $3";

export interface InsertedTurn {
  readonly isTaken: boolean;
  /** It was stored as taken, whoever took the conversation since. */
  readonly lookedFree: boolean;
}

/** Undefined when the turn is there already, or was forgotten. `delivery` tells whose it is when that is not known. */
export async function insertTurn(
  turn: Turn,
  take: Take | undefined,
  delivery: string,
  { query }: Postgres,
): Promise<InsertedTurn | undefined> {
  const { incoming } = turn;
  const { conversation, channel } = incoming;
  const taken = take?.as ?? turn;
  const { rows } = await query<{ is_taken: boolean | null; looked_free: boolean }>(INSERT, [
    turn.id,
    conversation,
    channel.key,
    channel.workspace,
    incoming.kind,
    turn.state,
    JSON.stringify(turn),
    taken.state,
    JSON.stringify(taken),
    !isFinal(turn.state),
    turn.createdAt,
    delivery,
    JSON.stringify(channel),
    take?.owner ?? null,
    take?.leaseMs ?? 0,
  ]);
  const [row] = rows;
  return row === undefined ? undefined : { isTaken: row.is_taken === true, lookedFree: row.looked_free };
}

/** For a turn that was stored as taken, when somebody else has taken its conversation. */
export async function storeAsQueued(turn: Turn, { as }: Take, { query }: Postgres): Promise<void> {
  await query(AS_QUEUED, [turn.id, turn.state, JSON.stringify(turn), JSON.stringify(as)]);
}
