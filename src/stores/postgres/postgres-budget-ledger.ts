import {
  BUDGET_KINDS,
  toBudgetKey,
  toNanoUsd,
  type BudgetKind,
  type BudgetLedger,
} from "../../core/ports/budget-ledger.ts";
import type { Postgres } from "./open-postgres.ts";

/** What counts against budgets; each change is one call of a function in `spending-tables.ts`, safe to repeat. */
export function createPostgresBudgetLedger(postgres: Postgres): BudgetLedger {
  return {
    async reserve({ turnId, day, channel, userId }, usd, limits) {
      const nanos = BUDGET_KINDS.map((kind) => {
        const limit = limits[kind];
        return limit === null ? null : toNanoUsd(limit);
      });
      const { rows } = await postgres.query<{ lacking: BudgetKind | null }>(
        "SELECT docent.reserve_budget($1, $2, $3, $4, $5, $6, $7, $8) AS lacking",
        [turnId, day, channel, userId, toNanoUsd(usd), ...nanos],
      );
      return rows[0]?.lacking ?? null;
    },
    async settle({ turnId, day, channel, userId }, usd) {
      const cost = usd === null ? null : toNanoUsd(usd);
      await postgres.query("SELECT docent.settle_budget($1, $2, $3, $4, $5)", [turnId, day, channel, userId, cost]);
    },
    async release(turnId) {
      await postgres.query("SELECT docent.release_budget($1)", [turnId]);
    },
    async spent(place) {
      const keys = BUDGET_KINDS.map((kind) => toBudgetKey(kind, place));
      const { rows } = await postgres.query<{ kind: BudgetKind; nano_usd: number }>(
        `SELECT wanted.kind, coalesce(known.nano_usd, docent.used_before($1, wanted.kind, wanted.key)) AS nano_usd
         FROM unnest($2::text[], $3::text[]) AS wanted (kind, key)
         LEFT JOIN docent.budget_days known ON known.day = $1 AND known.kind = wanted.kind AND known.key = wanted.key`,
        [place.day, BUDGET_KINDS, keys],
      );
      const spent = new Map(rows.map(({ kind, nano_usd: nanoUsd }) => [kind, nanoUsd / 1e9]));
      return { all: spent.get("all") ?? 0, channel: spent.get("channel") ?? 0, user: spent.get("user") ?? 0 };
    },
    async takeNotice(charge, kind) {
      const { turnId, day, channel } = charge;
      const key = toBudgetKey(kind, charge);
      await postgres.query(
        `INSERT INTO docent.budget_notices (day, kind, key, channel, turn_id) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING`,
        [day, kind, key, channel, turnId],
      );
      const { count } = await postgres.query(
        `SELECT FROM docent.budget_notices WHERE day = $1 AND kind = $2 AND key = $3 AND channel = $4 AND turn_id = $5`,
        [day, kind, key, channel, turnId],
      );
      return count === 1;
    },
  };
}
