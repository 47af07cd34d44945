import type { DatabaseSync } from "node:sqlite";
import type { Budgets } from "../../src/core/spending/budgets.ts";
import { createSqliteBudgetLedger } from "../../src/stores/sqlite/sqlite-budget-ledger.ts";

/** What most tests spend is not limited. */
export function noBudgets(db: DatabaseSync): Budgets {
  return { ledger: createSqliteBudgetLedger(db), limits: { all: null, channel: null, user: null }, timeZone: "UTC" };
}
