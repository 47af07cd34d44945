import type { BudgetKind } from "./budget-ledger.ts";
import type { UsageRow, UsageSum } from "./usage-log.ts";

/** What something used. `name` is what people call it; null where nothing is known of it but its key. */
export interface NamedUsage extends UsageSum {
  readonly key: string;
  readonly workspace: string;
  readonly name: string | null;
}

/** A budget of today and what is left of it. */
export interface BudgetState {
  readonly kind: BudgetKind;
  /** The channel's key or the person's id; empty for all questions. */
  readonly key: string;
  readonly name: string | null;
  readonly limitUsd: number;
  /** Spent, or held for questions that are being answered. */
  readonly spentUsd: number;
}

/** Documents at OpenAI, and what keeping them costs. */
export interface StorageUsage {
  readonly documents: number;
  readonly bytes: number;
  /** Before the free part, which is one for all documents together. */
  readonly usdPerDay: number;
}

/** What the whole installation used on some days. */
export interface UsageReport {
  /** Calendar days in `timeZone`, both included. */
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
  readonly total: UsageSum;
  /** Every day, also those without a question. */
  readonly days: readonly (UsageSum & { readonly day: string })[];
  /** The most expensive first; `isCut` tells that there are more, which only the rows have. */
  readonly channels: readonly NamedUsage[];
  readonly users: readonly NamedUsage[];
  readonly models: readonly NamedUsage[];
  readonly isCut: boolean;
  readonly storage: StorageUsage;
  readonly budgets: readonly BudgetState[];
  /** Milliseconds since the epoch. */
  readonly budgetsRenewAt: number;
}

export type NamedUsageRow = UsageRow & { readonly userName: string | null };
