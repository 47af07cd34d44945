import type { DatabaseSync } from "node:sqlite";
import type { Channel } from "../../core/incoming.ts";
import type { Inbox } from "../../core/ports/stores.ts";
import type { Clock } from "../../core/ports/system.ts";
import { isFinal, type Turn } from "../../core/turn.ts";
import { toWriter } from "./group-commit.ts";
import { transaction } from "./transaction.ts";

/**
 * The inbox as a table. `seq` is the order of arrival; a turn is open until its state is final.
 * The file belongs to this process alone, so leases that an earlier one left behind are dropped at once.
 */
export function createSqliteInbox(db: DatabaseSync, clock: Clock): Inbox {
  db.exec("UPDATE turns SET lease_owner = NULL, lease_until = 0 WHERE open = 1");
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
  const claimable = db.prepare(`
    SELECT t.id, t.conversation, t.body, t.cancel_requested FROM turns t
    LEFT JOIN conversations_served s ON s.conversation = t.conversation
    WHERE t.open = 1 AND t.lease_until <= ?
      AND NOT EXISTS (SELECT 1 FROM turns h WHERE h.open = 1 AND h.conversation = t.conversation AND h.seq < t.seq)
    ORDER BY coalesce(s.served_at, -1), t.seq LIMIT 1`);
  const lease = db.prepare("UPDATE turns SET lease_owner = ?, lease_until = ? WHERE id = ?");
  const served = db.prepare(`
    INSERT INTO conversations_served (conversation, served_at) VALUES (?, ?)
    ON CONFLICT (conversation) DO UPDATE SET served_at = excluded.served_at`);
  const renew = db.prepare(
    "UPDATE turns SET lease_until = ? WHERE id = ? AND lease_owner = ? RETURNING cancel_requested AS stop",
  );
  const release = db.prepare("UPDATE turns SET lease_owner = NULL, lease_until = 0 WHERE id = ? AND lease_owner = ?");
  const postpone = db.prepare("UPDATE turns SET lease_owner = NULL, lease_until = ? WHERE id = ? AND lease_owner = ?");
  const update = db.prepare("UPDATE turns SET state = ?, open = ?, body = ? WHERE id = ? AND lease_owner = ?");
  // One that was put off is taken up at once: it has nothing to wait for any more.
  const cancel = db.prepare(`
    UPDATE turns SET cancel_requested = 1, lease_until = iif(lease_owner IS NULL, 0, lease_until)
    WHERE id = ? AND open = 1`);
  const ahead = db.prepare(`
    SELECT count(*) AS n FROM turns o JOIN turns t ON t.id = ?
    WHERE o.open = 1 AND o.kind = 'question' AND o.seq < t.seq AND (o.conversation = t.conversation OR o.lease_until = 0)`);
  const open = db.prepare("SELECT body, cancel_requested FROM turns WHERE open = 1 ORDER BY seq LIMIT ?");
  const openIn = db.prepare(
    "SELECT body, cancel_requested FROM turns WHERE open = 1 AND channel = ? ORDER BY seq LIMIT ?",
  );
  const finished = "(?1 IS NULL OR channel = ?1) AND open = 0 AND json_extract(body, '$.createdAt') <= ?2";
  const before = db.prepare("SELECT DISTINCT conversation FROM turns WHERE json_extract(body, '$.createdAt') <= ?");
  const remember = db.prepare(`INSERT OR IGNORE INTO forgotten_turns (id) SELECT id FROM turns WHERE ${finished}`);
  const forget = db.prepare(`DELETE FROM turns WHERE ${finished}`);
  const rememberOne = db.prepare(
    "INSERT OR IGNORE INTO forgotten_turns (id) SELECT id FROM turns WHERE id = ? AND open = 0",
  );
  const forgetOne = db.prepare("DELETE FROM turns WHERE id = ? AND open = 0");
  const isForgotten = db.prepare("SELECT 1 FROM forgotten_turns WHERE id = ?");
  const channels = db.prepare(`
    SELECT json_extract(body, '$.incoming.channel') AS channel FROM turns
    WHERE json_extract(body, '$.incoming.channel.workspace') = ? GROUP BY turns.channel`);
  const conversations = db.prepare("SELECT DISTINCT conversation FROM turns WHERE channel = ?");
  const counts = db.prepare("SELECT state, count(*) AS n FROM turns WHERE open = 1 GROUP BY state");
  const waiting = db.prepare(`
    SELECT count(*) AS n, min(json_extract(body, '$.createdAt')) AS since FROM turns
    WHERE open = 1 AND kind = 'question' AND state = 'queued'`);

  return {
    async add(turn) {
      const { id, incoming, state } = turn;
      if (isForgotten.get(id) !== undefined) return { turn: { ...turn, state: "cancelled" }, isNew: false };
      const { conversation, channel, kind } = incoming;
      const isOpen = isFinal(state) ? 0 : 1;
      const body = JSON.stringify(turn);
      const { changes } = await write(() => insert.run(id, conversation, channel.key, kind, state, isOpen, body));
      const isNew = changes === 1;
      if (isNew) wake();
      const stored = isNew ? turn : toTurn(byId.get(id));
      return { turn: stored ?? turn, isNew };
    },
    claim({ owner, leaseMs }) {
      const at = now();
      const turn = transaction(db, () => {
        const row = claimable.get(at);
        if (row === undefined) return undefined;
        lease.run(owner, at + leaseMs, String(row["id"]));
        served.run(String(row["conversation"]), at);
        return toTurn(row);
      });
      return Promise.resolve(turn);
    },
    renew(turnIds, { owner, leaseMs }) {
      const until = now() + leaseMs;
      const held = turnIds.flatMap((id) => {
        const row = renew.get(until, id, owner);
        return row === undefined ? [] : { id, cancelRequested: row["stop"] === 1 };
      });
      return Promise.resolve(held);
    },
    release(turnId, owner) {
      release.run(turnId, owner);
      wake();
      return Promise.resolve();
    },
    postpone(turnId, { owner, forMs }) {
      postpone.run(now() + forMs, turnId, owner);
      return Promise.resolve();
    },
    async save(turn, owner) {
      const final = isFinal(turn.state);
      const body = JSON.stringify(turn);
      const { changes } = await write(() => update.run(turn.state, final ? 0 : 1, body, turn.id, owner));
      if (final) wake();
      return changes === 1;
    },
    get: (turnId) => Promise.resolve(toTurn(byId.get(turnId))),
    position: (turnId) => Promise.resolve(Number(ahead.get(turnId)?.["n"] ?? 0)),
    async requestCancel(turnId) {
      const isOpen = await write(() => cancel.run(turnId).changes === 1);
      if (!isOpen) return false;
      for (const listener of cancelListeners) listener(turnId);
      wake();
      return true;
    },
    openTurns({ channel, limit = -1 } = {}) {
      const rows = channel === undefined ? open.all(limit) : openIn.all(channel, limit);
      return Promise.resolve(rows.map(toTurn).filter((turn) => turn !== undefined));
    },
    channels: (workspace) =>
      // What this module wrote itself.
      Promise.resolve(channels.all(workspace).map((row) => JSON.parse(String(row["channel"])) as Channel)),
    conversations: (channel) => Promise.resolve(conversations.all(channel).map((row) => String(row["conversation"]))),
    forgetChannel: (channel, until) =>
      write(() => {
        remember.run(channel, until);
        return Number(forget.run(channel, until).changes);
      }),
    conversationsBefore: (until) => Promise.resolve(before.all(until).map((row) => String(row["conversation"]))),
    forgetTurn: (turnId) =>
      write(() => {
        rememberOne.run(turnId);
        forgetOne.run(turnId);
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

function toTurn(row: Record<string, unknown> | undefined): Turn | undefined {
  if (row === undefined) return undefined;
  // What this module wrote itself.
  const turn = JSON.parse(String(row["body"])) as Turn;
  // The column wins: somebody may have pressed stop while a worker held the body.
  return row["cancel_requested"] === 1 ? { ...turn, cancelRequested: true } : turn;
}
