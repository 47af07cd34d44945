import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import type { Channel } from "../../core/incoming.ts";
import type { Inbox } from "../../core/ports/stores.ts";
import type { Clock } from "../../core/ports/system.ts";
import { isFinal, type Turn } from "../../core/turn.ts";
import { toWriter } from "./group-commit.ts";

/** More questions than this before one's own are not told apart. */
const COUNTED_AHEAD = 1_000;

/**
 * The inbox as tables. `seq` is the order of arrival; a turn is open until its state is final. Who works on a turn holds
 * its conversation, and one that was put off keeps it held by nobody: either way `lease_until` is not 0, and a claim
 * takes the first of an index of the others, however many there are.
 * The file belongs to this process alone, so leases that an earlier one left behind are dropped at once.
 */
export function createSqliteInbox(db: DatabaseSync, clock: Clock): Inbox {
  db.exec(`
    UPDATE conversations SET turn_id = NULL, lease_owner = NULL, lease_until = 0
    WHERE lease_owner IS NOT NULL OR lease_until > 0`);
  const write = toWriter(db);
  const listeners = new Set<() => boolean>();
  const cancelListeners = new Set<(turnId: string) => void>();
  const now = (): number => Math.round(clock.steady());
  const wake = (): void => {
    for (const listener of listeners) listener();
  };

  const insert = db.prepare(`
    INSERT INTO turns (id, conversation, channel, kind, state, open, body)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`);
  const byId = db.prepare("SELECT body, cancel_requested FROM turns WHERE id = ?");
  const enter = db.prepare(`
    INSERT INTO conversations AS c (conversation, open_turns, first_seq) VALUES (?, ?, ?)
    ON CONFLICT (conversation) DO UPDATE SET open_turns = c.open_turns + excluded.open_turns,
      first_seq = iif(c.open_turns = 0, excluded.first_seq, c.first_seq)`);
  const isBusy = db.prepare(
    "SELECT 1 FROM conversations WHERE conversation = ? AND (open_turns > 0 OR lease_until > 0)",
  );
  const hold = db.prepare(
    "UPDATE conversations SET lease_owner = ?, lease_until = ?, served_at = ?, turn_id = ? WHERE conversation = ?",
  );
  // Whoever let a lease run out stays its owner until somebody else takes it.
  const free = db.prepare("UPDATE conversations SET lease_until = 0 WHERE lease_until > 0 AND lease_until <= ?");
  // Left to itself SQLite looks for the head of a conversation among all open turns, in their order.
  const take = db.prepare(`
    UPDATE conversations AS c SET lease_owner = ?, lease_until = ?, served_at = ?, turn_id = (
      SELECT id FROM turns INDEXED BY turns_open
      WHERE open = 1 AND conversation = c.conversation ORDER BY seq LIMIT 1)
    WHERE conversation = (
      SELECT conversation FROM conversations WHERE open_turns > 0 AND lease_until = 0
      ORDER BY served_at, first_seq LIMIT 1)
    RETURNING turn_id`);
  const ofTurn = "conversation = (SELECT conversation FROM turns WHERE id = ?1) AND turn_id = ?1";
  const held = `${ofTurn} AND lease_owner = ?2`;
  const renew = db.prepare(`
    UPDATE conversations SET lease_until = ?3 WHERE ${held}
    RETURNING (SELECT cancel_requested FROM turns WHERE id = ?1) AS stop`);
  const letGo = db.prepare(`UPDATE conversations SET lease_owner = NULL, lease_until = ?3 WHERE ${held}`);
  const holds = db.prepare(`SELECT 1 FROM conversations WHERE ${held}`);
  const saveStep = db.prepare(`
    UPDATE turns SET state = ?3, body = ?4 WHERE id = ?1 AND EXISTS (SELECT 1 FROM conversations WHERE ${held})`);
  const leave = db.prepare(`
    UPDATE conversations SET open_turns = open_turns - 1, turn_id = NULL, lease_owner = NULL, lease_until = 0
    WHERE ${held} RETURNING open_turns`);
  const finish = db.prepare("UPDATE turns SET state = ?, open = 0, body = ? WHERE id = ?");
  const cancel = db.prepare("UPDATE turns SET cancel_requested = 1 WHERE id = ? AND open = 1");
  // One that was put off is taken up at once: it has nothing to wait for any more.
  const recall = db.prepare(`UPDATE conversations SET lease_until = 0 WHERE ${ofTurn} AND lease_owner IS NULL`);
  // Of other conversations, those that are worked on or were put off do not count.
  const ahead = db.prepare(`
    SELECT (
      SELECT count(*) FROM (
        SELECT 1 FROM turns o WHERE o.open = 1 AND o.kind = 'question' AND o.seq < t.seq LIMIT ${COUNTED_AHEAD})
    ) - (
      SELECT count(*) FROM conversations c JOIN turns o ON o.id = c.turn_id
      WHERE c.lease_until > 0 AND c.conversation <> t.conversation AND o.kind = 'question' AND o.seq < t.seq
    ) AS n FROM turns t WHERE t.id = ?`);
  const open = db.prepare("SELECT body, cancel_requested FROM turns WHERE open = 1 ORDER BY seq LIMIT ?");
  const openIn = db.prepare(
    "SELECT body, cancel_requested FROM turns WHERE open = 1 AND channel = ? ORDER BY seq LIMIT ?",
  );
  const finished = "(?1 IS NULL OR channel = ?1) AND open = 0 AND json_extract(body, '$.createdAt') <= ?2";
  // Of a group SQLite returns the row that has the least `seq`.
  const begun = db.prepare(`
    WITH afresh AS (SELECT conversation, max(seq) AS seq FROM turns WHERE kind = 'start-over' GROUP BY conversation)
    SELECT min(t.seq), t.body, t.cancel_requested FROM turns t LEFT JOIN afresh a ON a.conversation = t.conversation
    WHERE json_extract(t.body, '$.createdAt') <= ? AND t.seq > coalesce(a.seq, 0) AND t.kind <> 'start-over'
    GROUP BY t.conversation ORDER BY 1`);
  const remember = db.prepare(`INSERT OR IGNORE INTO forgotten_turns (id) SELECT id FROM turns WHERE ${finished}`);
  const forget = db.prepare(`DELETE FROM turns WHERE ${finished} RETURNING channel, conversation`);
  const rememberOne = db.prepare(
    "INSERT OR IGNORE INTO forgotten_turns (id) SELECT id FROM turns WHERE id = ? AND open = 0",
  );
  const forgetOne = db.prepare("DELETE FROM turns WHERE id = ? AND open = 0 RETURNING channel, conversation");
  const prune = db.prepare(`
    DELETE FROM conversations WHERE conversation = ?2 AND open_turns = 0
      AND NOT EXISTS (SELECT 1 FROM turns WHERE channel = ?1 AND conversation = ?2)`);
  const isForgotten = db.prepare("SELECT 1 FROM forgotten_turns WHERE id = ?");
  const channels = db.prepare(`
    SELECT json_extract(body, '$.incoming.channel') AS channel FROM turns
    WHERE json_extract(body, '$.incoming.channel.workspace') = ? GROUP BY turns.channel`);
  const conversations = db.prepare("SELECT DISTINCT conversation FROM turns WHERE channel = ?");
  const counts = db.prepare("SELECT state, count(*) AS n FROM turns WHERE open = 1 GROUP BY state");
  const waiting = db.prepare(`
    SELECT count(*) AS n, min(json_extract(body, '$.createdAt')) AS since FROM turns
    WHERE open = 1 AND kind = 'question' AND state = 'queued'`);

  /** Removes the conversations of turns that were forgotten if nothing is left of them, and returns how many turns. */
  function pruneConversations(gone: readonly Readonly<Record<string, SQLOutputValue>>[]): number {
    const channelOf = new Map(gone.map((row) => [String(row["conversation"]), String(row["channel"])]));
    for (const [conversation, channel] of channelOf) prune.run(channel, conversation);
    return gone.length;
  }

  return {
    async add(turn, taking) {
      const { id, incoming } = turn;
      const { conversation, channel, kind } = incoming;
      const added = await write(() => {
        if (isForgotten.get(id) !== undefined) return null;
        const mayTake = taking !== undefined && isBusy.get(conversation) === undefined;
        const stored = mayTake ? taking.as : turn;
        const isOpen = isFinal(stored.state) ? 0 : 1;
        const body = JSON.stringify(stored);
        const { changes, lastInsertRowid } = insert.run(
          id,
          conversation,
          channel.key,
          kind,
          stored.state,
          isOpen,
          body,
        );
        if (changes === 0) return { isNew: false, isTaken: false };
        enter.run(conversation, isOpen, lastInsertRowid);
        if (mayTake) hold.run(taking.owner, now() + taking.leaseMs, now(), id, conversation);
        return { isNew: true, isTaken: mayTake };
      });
      if (added === null) return { turn: { ...turn, state: "cancelled" }, isNew: false, isTaken: false };
      if (added.isNew && !added.isTaken) wake();
      const stored = added.isNew ? turn : toTurn(byId.get(id));
      return { turn: stored ?? turn, ...added };
    },
    claim: ({ owner, leaseMs }) =>
      write(() => {
        const at = now();
        free.run(at);
        const taken = take.get(owner, at + leaseMs, at);
        return taken === undefined ? undefined : toTurn(byId.get(String(taken["turn_id"])));
      }),
    renew: (turnIds, { owner, leaseMs }) =>
      write(() => {
        const until = now() + leaseMs;
        return turnIds.flatMap((id) => {
          const row = renew.get(id, owner, until);
          return row === undefined ? [] : { id, cancelRequested: row["stop"] === 1 };
        });
      }),
    async release(turnId, owner) {
      // One that has ended has let go already.
      if (holds.get(turnId, owner) === undefined) return;
      const { changes } = await write(() => letGo.run(turnId, owner, 0));
      if (changes > 0) wake();
    },
    async postpone(turnId, { owner, forMs }) {
      await write(() => letGo.run(turnId, owner, now() + forMs));
    },
    async save(turn, owner) {
      const { id, state } = turn;
      const body = JSON.stringify(turn);
      if (!isFinal(state)) return await write(() => saveStep.run(id, owner, state, body).changes === 1);
      const left = await write(() => {
        const conversation = leave.get(id, owner);
        if (conversation !== undefined) finish.run(state, body, id);
        return conversation;
      });
      if (Number(left?.["open_turns"] ?? 0) > 0) wake();
      return left !== undefined;
    },
    get: (turnId) => Promise.resolve(toTurn(byId.get(turnId))),
    position: (turnId) => Promise.resolve(Number(ahead.get(turnId)?.["n"] ?? 0)),
    async requestCancel(turnId) {
      const isOpen = await write(() => {
        if (cancel.run(turnId).changes === 0) return false;
        recall.run(turnId);
        return true;
      });
      if (!isOpen) return false;
      for (const listener of cancelListeners) listener(turnId);
      wake();
      return true;
    },
    openTurns({ channel, limit = -1 } = {}) {
      const rows = channel === undefined ? open.all(limit) : openIn.all(channel, limit);
      return Promise.resolve(toTurns(rows));
    },
    channels: (workspace) =>
      // What this module wrote itself.
      Promise.resolve(channels.all(workspace).map((row) => JSON.parse(String(row["channel"])) as Channel)),
    conversations: (channel) => Promise.resolve(conversations.all(channel).map((row) => String(row["conversation"]))),
    forgetChannel: (channel, until) =>
      write(() => {
        remember.run(channel, until);
        return pruneConversations(forget.all(channel, until));
      }),
    memoriesBegun: (until) => Promise.resolve(toTurns(begun.all(until))),
    forgetTurn: (turnId) =>
      write(() => {
        rememberOne.run(turnId);
        pruneConversations(forgetOne.all(turnId));
      }),
    counts: () =>
      Promise.resolve(Object.fromEntries(counts.all().map((row) => [String(row["state"]), Number(row["n"])]))),
    waiting() {
      const row = waiting.get();
      const since = row?.["since"];
      return Promise.resolve({ questions: Number(row?.["n"]), since: typeof since === "number" ? since : null });
    },
    onWork(callback) {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
    // The file belongs to this process alone.
    passOn: () => undefined,
    onCancel(callback) {
      cancelListeners.add(callback);
      return () => cancelListeners.delete(callback);
    },
  };
}

function toTurns(rows: readonly Record<string, unknown>[]): Turn[] {
  return rows.map(toTurn).filter((turn) => turn !== undefined);
}

function toTurn(row: Record<string, unknown> | undefined): Turn | undefined {
  if (row === undefined) return undefined;
  // What this module wrote itself.
  const turn = JSON.parse(String(row["body"])) as Turn;
  // The column wins: somebody may have pressed stop while a worker held the body.
  return row["cancel_requested"] === 1 ? { ...turn, cancelRequested: true } : turn;
}
