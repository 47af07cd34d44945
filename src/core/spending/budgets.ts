import type { BudgetLedger, BudgetLimits } from "../ports/budget-ledger.ts";

/** What may be spent, and where that is kept. */
export interface Budgets {
  readonly ledger: BudgetLedger;
  readonly limits: BudgetLimits;
  /** IANA name: days begin and budgets renew at its midnight. */
  readonly timeZone: string;
}

/** From this share on people are told that a budget is nearly used up. */
export const NEARLY_USED_UP = 0.8;

export function hasBudget(limits: BudgetLimits): boolean {
  return Object.values(limits).some((limit) => limit !== null);
}
