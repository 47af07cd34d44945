import { randomUUID } from "node:crypto";
import type { Channel } from "../../core/incoming.ts";
import type { Inbox } from "../../core/ports/stores.ts";
import type { Bulletin } from "../../core/ports/system.ts";
import { isFinal, type Turn } from "../../core/turn.ts";
import { insertTurn, storeAsQueued } from "./insert-turn.ts";
import type { Postgres } from "./open-postgres.ts";

const WORK = "work";
const CANCEL = "cancel";
/** More questions than this before one's own are not told apart. */
const COUNTED_AHEAD = 1_000;

interface TurnRow {
  readonly body: string;
  readonly cancel_requested: boolean;
}

/**
 * The inbox as tables that several processes share. `seq` is the order of arrival. Who works on a turn holds its
 * conversation, by the database's clock, so that a conversation has one run at a time whoever asks.
 */
export function createPostgresInbox(postgres: Postgres, bulletin: Bulletin): Inbox {
  const { query } = postgres;
  const listeners = new Set<() => boolean>();
  // Every listener, also behind one that has room.
  const wake = (): boolean => [...listeners].map((listener) => listener()).some(Boolean);
  bulletin.subscribe(WORK, wake);
  /** Whoever is told looks, and finds nothing where this process took it: others are told when there is no room here. */
  const offer = (): void => {
    if (!wake()) bulletin.publish(WORK, null);
  };

  async function find(turnId: string): Promise<(TurnRow & { delivery: string }) | undefined> {
    const { rows } = await query<TurnRow & { delivery: string }>(
      "SELECT body, cancel_requested, delivery FROM docent.turns WHERE id = $1",
      [turnId],
    );
    return rows[0];
  }

  /** Ends a turn and lets go of its conversation; what stands behind it can be taken. */
  async function finish(turn: Turn, owner: string): Promise<boolean> {
    const body = JSON.stringify(turn);
    const { count } = await query(
      `WITH held AS (
         UPDATE docent.conversations
         SET open_turns = open_turns - 1, turn_id = NULL, lease_owner = NULL, lease_until = '-infinity'
         WHERE conversation = $2 AND turn_id = $1 AND lease_owner = $3 RETURNING turn_id)
       UPDATE docent.turns SET state = $4, body = $5, is_open = false
       WHERE id = $1 AND is_open AND EXISTS (SELECT FROM held)`,
      [turn.id, turn.incoming.conversation, owner, turn.state, body],
    );
    wake();
    // A repeat finds that the first time was enough.
    return count === 1 || (await find(turn.id))?.body === body;
  }

  async function saveStep(turn: Turn, owner: string): Promise<boolean> {
    const { count } = await query(
      `WITH held AS (
         SELECT FROM docent.conversations WHERE conversation = $2 AND turn_id = $1 AND lease_owner = $3 FOR SHARE)
       UPDATE docent.turns SET state = $4, body = $5 WHERE id = $1 AND is_open AND EXISTS (SELECT FROM held)`,
      [turn.id, turn.incoming.conversation, owner, turn.state, JSON.stringify(turn)],
    );
    return count === 1;
  }

  async function letGo(turnId: string, owner: string, forMs: number): Promise<void> {
    const { count } = await query(
      `UPDATE docent.conversations
       SET turn_id = NULL, lease_owner = NULL, lease_until = clock_timestamp() + $3::double precision * interval '1 ms'
       WHERE turn_id = $1 AND lease_owner = $2`,
      [turnId, owner, forMs],
    );
    if (count === 1 && forMs === 0) offer();
  }

  async function holds(turnId: string, owner: string | null): Promise<boolean> {
    const { count } = await query("SELECT FROM docent.conversations WHERE turn_id = $1 AND lease_owner = $2", [
      turnId,
      owner,
    ]);
    return count === 1;
  }

  /** Removes finished turns for which `condition` holds; their ids stay known. Returns how many. */
  async function forget(condition: string, values: readonly unknown[]): Promise<number> {
    const { count } = await query(
      `WITH gone AS (DELETE FROM docent.turns WHERE NOT is_open AND ${condition} RETURNING id)
       INSERT INTO docent.forgotten_turns (id) SELECT id FROM gone ON CONFLICT (id) DO NOTHING`,
      values,
    );
    return count;
  }

  return {
    async add(turn, take) {
      const { id } = turn;
      const delivery = randomUUID();
      const added = await insertTurn(turn, take, delivery, postgres);
      if (added === undefined) {
        const known = await find(id);
        if (known === undefined) return { turn: { ...turn, state: "cancelled" }, isNew: false, isTaken: false };
        if (known.delivery !== delivery) return { turn: toTurn(known), isNew: false, isTaken: false };
      }
      // A repeat after a lost connection finds its own row.
      const isTaken = added === undefined ? await holds(id, take?.owner ?? null) : added.isTaken;
      if (!isTaken) {
        if (added?.lookedFree !== false && take !== undefined) await storeAsQueued(turn, take, postgres);
        offer();
      }
      return { turn, isNew: true, isTaken };
    },
    async claim({ owner, leaseMs }) {
      const { rows } = await query<TurnRow>(
        "SELECT * FROM docent.claim_turn($1, $2::double precision * interval '1 ms')",
        [owner, leaseMs],
      );
      return rows[0] === undefined ? undefined : toTurn(rows[0]);
    },
    async renew(turnIds, { owner, leaseMs }) {
      const { rows } = await query<{ id: string; cancel_requested: boolean }>(
        `WITH held AS (
           UPDATE docent.conversations SET lease_until = clock_timestamp() + $3::double precision * interval '1 ms'
           WHERE turn_id = ANY($1) AND lease_owner = $2 RETURNING turn_id)
         SELECT t.id, t.cancel_requested FROM docent.turns t JOIN held ON held.turn_id = t.id`,
        [turnIds, owner, leaseMs],
      );
      return rows.map((row) => ({ id: row.id, cancelRequested: row.cancel_requested }));
    },
    release: (turnId, owner) => letGo(turnId, owner, 0),
    postpone: (turnId, { owner, forMs }) => letGo(turnId, owner, forMs),
    save: (turn, owner) => (isFinal(turn.state) ? finish(turn, owner) : saveStep(turn, owner)),
    async get(turnId) {
      const row = await find(turnId);
      return row === undefined ? undefined : toTurn(row);
    },
    async position(turnId) {
      const { rows } = await query<{ n: number }>(
        `SELECT count(*) AS n FROM (
           SELECT FROM docent.turns t
           JOIN docent.turns o ON o.is_open AND o.seq < t.seq AND o.kind = 'question'
           WHERE t.id = $1 AND (o.conversation = t.conversation
             OR o.id NOT IN (SELECT turn_id FROM docent.conversations WHERE turn_id IS NOT NULL))
           LIMIT ${COUNTED_AHEAD}) ahead`,
        [turnId],
      );
      return rows[0]?.n ?? 0;
    },
    async requestCancel(turnId) {
      // One that was put off is taken up at once, as it has nothing to wait for any more; not what it stands behind.
      const { count } = await query(
        `WITH stopped AS (
           UPDATE docent.turns SET cancel_requested = true WHERE id = $1 AND is_open RETURNING conversation, seq),
         freed AS (
           UPDATE docent.conversations c SET lease_until = '-infinity' FROM stopped
           WHERE c.conversation = stopped.conversation AND c.lease_owner IS NULL AND NOT EXISTS (
             SELECT FROM docent.turns t WHERE t.is_open AND t.conversation = stopped.conversation AND t.seq < stopped.seq))
         SELECT FROM stopped`,
        [turnId],
      );
      if (count === 0) return false;
      bulletin.publish(CANCEL, turnId);
      offer();
      return true;
    },
    async openTurns({ channel = null, limit = null } = {}) {
      const { rows } = await query<TurnRow>(
        `SELECT body, cancel_requested FROM docent.turns
         WHERE is_open AND ($1::text IS NULL OR channel = $1) ORDER BY seq LIMIT $2`,
        [channel, limit],
      );
      return rows.map(toTurn);
    },
    async channels(workspace) {
      const { rows } = await query<{ channel_body: string }>(
        "SELECT DISTINCT ON (channel) channel_body FROM docent.turns WHERE workspace = $1 ORDER BY channel, seq",
        [workspace],
      );
      // What this module wrote itself.
      return rows.map((row) => JSON.parse(row.channel_body) as Channel);
    },
    async conversations(channel) {
      const { rows } = await query<{ conversation: string }>(
        "SELECT conversation FROM docent.turns WHERE channel = $1 GROUP BY conversation ORDER BY min(seq)",
        [channel],
      );
      return rows.map(({ conversation }) => conversation);
    },
    async forgetChannel(channel, until) {
      return await forget("($1::text IS NULL OR channel = $1) AND created_at <= $2", [channel, until]);
    },
    async memoriesBegun(until) {
      const { rows } = await query<TurnRow>(
        `WITH afresh AS (
           SELECT conversation, max(seq) AS seq FROM docent.turns WHERE kind = 'start-over' GROUP BY conversation)
         SELECT DISTINCT ON (t.conversation) t.body, t.cancel_requested
         FROM docent.turns t LEFT JOIN afresh a ON a.conversation = t.conversation
         WHERE t.created_at <= $1 AND t.seq > coalesce(a.seq, 0) AND t.kind <> 'start-over'
         ORDER BY t.conversation, t.seq`,
        [until],
      );
      return rows.map(toTurn);
    },
    async forgetTurn(turnId) {
      await forget("id = $1", [turnId]);
    },
    async counts() {
      const { rows } = await query<{ state: string; n: number }>(
        "SELECT state, count(*) AS n FROM docent.turns WHERE is_open GROUP BY state",
      );
      return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
    },
    async waiting() {
      const { rows } = await query<{ questions: number; since: number | null }>(
        `SELECT count(*) AS questions, min(created_at) AS since FROM docent.turns
         WHERE is_open AND kind = 'question' AND state = 'queued'`,
      );
      return rows[0] ?? { questions: 0, since: null };
    },
    onWork(callback) {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
    passOn: () => bulletin.publish(WORK, null),
    onCancel: (callback) => bulletin.subscribe(CANCEL, (turnId) => callback(String(turnId))),
  };
}

function toTurn(row: TurnRow): Turn {
  // What this module wrote itself.
  const turn = JSON.parse(row.body) as Turn;
  // The column wins: somebody may have pressed stop while a worker held the body.
  return row.cancel_requested ? { ...turn, cancelRequested: true } : turn;
}
