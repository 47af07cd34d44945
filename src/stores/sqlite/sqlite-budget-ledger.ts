import type { DatabaseSync } from "node:sqlite";
import { addDays } from "../../core/calendar.ts";
import {
  BUDGET_KINDS,
  toBudgetKey,
  toNanoUsd,
  type BudgetCharge,
  type BudgetKind,
  type BudgetLedger,
  type BudgetPlace,
} from "../../core/ports/budget-ledger.ts";
import { toWriter } from "./group-commit.ts";

/** Days after which what counted against a budget is dropped: a turn may be taken up again so late. */
const KEPT_DAYS = 7;

interface Held extends BudgetCharge {
  readonly nanoUsd: number;
  readonly isSettled: boolean;
}

/** What counts against budgets. Each change is one transaction, so that no two questions see the same room. */
export function createSqliteBudgetLedger(db: DatabaseSync): BudgetLedger {
  const write = toWriter(db);
  const read = db.prepare("SELECT nano_usd FROM budget_days WHERE day = ? AND kind = ? AND key = ?");
  const used = {
    all: db.prepare("SELECT sum(cost_usd) AS usd FROM usage_sums WHERE kind = 'day' AND day = ? AND '' = ?"),
    channel: db.prepare("SELECT sum(cost_usd) AS usd FROM usage_sums WHERE kind = 'channel' AND day = ? AND key = ?"),
    user: db.prepare("SELECT sum(cost_usd) AS usd FROM usage_sums WHERE kind = 'user' AND day = ? AND key = ?"),
  };
  const open = db.prepare("INSERT INTO budget_days (day, kind, key, nano_usd) VALUES (?, ?, ?, ?)");
  const add = db.prepare("UPDATE budget_days SET nano_usd = nano_usd + ? WHERE day = ? AND kind = ? AND key = ?");
  const find = db.prepare("SELECT * FROM budget_charges WHERE turn_id = ?");
  const hold = db.prepare(`
    INSERT INTO budget_charges (turn_id, day, channel, user_id, nano_usd, is_settled) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (turn_id) DO UPDATE SET day = excluded.day, nano_usd = excluded.nano_usd, is_settled = excluded.is_settled`);
  const drop = db.prepare("DELETE FROM budget_charges WHERE turn_id = ?");
  const old = ["budget_days", "budget_charges", "budget_notices"].map((table) =>
    db.prepare(`DELETE FROM ${table} WHERE day < ?`),
  );
  const notice = db.prepare(
    "INSERT INTO budget_notices (day, kind, key, channel, turn_id) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const noticedBy = db.prepare(
    "SELECT turn_id FROM budget_notices WHERE day = ? AND kind = ? AND key = ? AND channel = ?",
  );

  /** What a budget has against it; one that nobody has used yet begins with what was used without it. */
  function spentOf(place: BudgetPlace, kind: BudgetKind): number {
    const key = toBudgetKey(kind, place);
    const known = read.get(place.day, kind, key)?.["nano_usd"];
    return known === undefined ? toNanoUsd(Number(used[kind].get(place.day, key)?.["usd"] ?? 0)) : Number(known);
  }

  function charge(place: BudgetPlace, nanoUsd: number): void {
    for (const kind of BUDGET_KINDS) {
      const key = toBudgetKey(kind, place);
      if (Number(add.run(nanoUsd, place.day, kind, key).changes) > 0) continue;
      if (kind === "all") for (const each of old) each.run(addDays(place.day, -KEPT_DAYS));
      open.run(place.day, kind, key, spentOf(place, kind) + nanoUsd);
    }
  }

  function findHeld(turnId: string): Held | undefined {
    const row = find.get(turnId);
    if (row === undefined) return undefined;
    return {
      turnId,
      day: String(row["day"]),
      channel: String(row["channel"]),
      userId: String(row["user_id"]),
      nanoUsd: Number(row["nano_usd"]),
      isSettled: row["is_settled"] === 1,
    };
  }

  return {
    reserve: (wanted, usd, limits) =>
      write(() => {
        const held = findHeld(wanted.turnId);
        if (held !== undefined && (held.isSettled || held.day === wanted.day)) return null;
        const nanoUsd = toNanoUsd(usd);
        const lacking = BUDGET_KINDS.find((kind) => {
          const limit = limits[kind];
          return limit !== null && (limit === 0 || spentOf(wanted, kind) + nanoUsd > toNanoUsd(limit));
        });
        if (lacking !== undefined) return lacking;
        if (held !== undefined) charge(held, -held.nanoUsd);
        charge(wanted, nanoUsd);
        hold.run(wanted.turnId, wanted.day, wanted.channel, wanted.userId, nanoUsd, 0);
        return null;
      }),
    settle: (wanted, usd) =>
      write(() => {
        const held = findHeld(wanted.turnId);
        if (held?.isSettled === true || (held === undefined && usd === null)) return;
        const reserved = held?.nanoUsd ?? 0;
        const nanoUsd = usd === null ? reserved : toNanoUsd(usd);
        const place = held ?? wanted;
        charge(place, nanoUsd - reserved);
        hold.run(wanted.turnId, place.day, place.channel, place.userId, nanoUsd, 1);
      }),
    release: (turnId) =>
      write(() => {
        const held = findHeld(turnId);
        if (held === undefined || held.isSettled) return;
        charge(held, -held.nanoUsd);
        drop.run(turnId);
      }),
    spent: (place) =>
      Promise.resolve({
        all: spentOf(place, "all") / 1e9,
        channel: spentOf(place, "channel") / 1e9,
        user: spentOf(place, "user") / 1e9,
      }),
    takeNotice: (wanted, kind) =>
      write(() => {
        const { turnId, day, channel } = wanted;
        const key = toBudgetKey(kind, wanted);
        notice.run(day, kind, key, channel, turnId);
        return noticedBy.get(day, kind, key, channel)?.["turn_id"] === turnId;
      }),
  };
}
