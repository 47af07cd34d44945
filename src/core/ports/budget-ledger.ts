/** What a budget is for: all questions, those of one channel, or those of one person. In the order they are told. */
export const BUDGET_KINDS = ["all", "channel", "user"] as const;

export type BudgetKind = (typeof BUDGET_KINDS)[number];

/** USD a day; null is no limit, 0 is no model at all. */
export type BudgetLimits = Readonly<Record<BudgetKind, number | null>>;

/** What a question counts against. */
export interface BudgetPlace {
  /** A calendar day, `2026-11-26`. */
  readonly day: string;
  readonly channel: string;
  readonly userId: string;
}

export interface BudgetCharge extends BudgetPlace {
  /** Names the charge: a turn is charged once, however often it is begun again. */
  readonly turnId: string;
}

/**
 * What was spent of each day's budgets, and what is held for runs that are under way, over all processes that share the
 * store. A day, channel or person of which it knows nothing begins with what `UsageLog` has of it.
 */
export interface BudgetLedger {
  /**
   * Holds an estimate for a turn when it fits every limit, or else returns the first one that it does not fit. Of any
   * number of calls at once, no more are let through than fit. A turn that is held keeps what it has; held on an
   * earlier day, it moves to this one.
   */
  reserve(charge: BudgetCharge, usd: number, limits: BudgetLimits): Promise<BudgetKind | null>;
  /**
   * Puts the true cost in place of the estimate, on the day that this was held, once; null leaves the estimate as the
   * cost. A turn of which nothing was held is charged all of it.
   */
  settle(charge: BudgetCharge, usd: number | null): Promise<void>;
  /** Gives back what is held for a turn; what was settled stays. */
  release(turnId: string): Promise<void>;
  /** What was spent or is held, in USD. */
  spent(place: BudgetPlace): Promise<Readonly<Record<BudgetKind, number>>>;
  /** Whether this turn is to say in its channel that a budget is nearly used up: the first one that asks, once a day. */
  takeNotice(charge: BudgetCharge, kind: BudgetKind): Promise<boolean>;
}

/** The name of a budget of this kind among those of its day. */
export function toBudgetKey(kind: BudgetKind, { channel, userId }: Pick<BudgetPlace, "channel" | "userId">): string {
  return kind === "all" ? "" : kind === "channel" ? channel : userId;
}

/** Money as stores keep it: whole billionths of a dollar, so that any number of additions comes out even. */
export function toNanoUsd(usd: number): number {
  return Math.round(usd * 1e9);
}
