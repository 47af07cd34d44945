import { toDay } from "../calendar.ts";
import { DocentError } from "../errors.ts";
import { BUDGET_KINDS, toNanoUsd, type BudgetCharge, type BudgetKind } from "../ports/budget-ledger.ts";
import type { Engine, Question } from "../ports/engine.ts";
import type { Clock, Metrics } from "../ports/system.ts";
import { text } from "../texts/text.ts";
import type { Run, Turn, Usage } from "../turn.ts";
import { hasBudget, NEARLY_USED_UP, type Budgets } from "./budgets.ts";
import { budgetText, renewalText, usdText } from "./spending-text.ts";

/** What one turn may spend. Everything may be repeated after a crash: a turn is charged once. */
export interface TurnBudget {
  /** Holds what the question will cost by the engine's estimate. @throws DocentError `budget_used_up` */
  reserve(question: Question): Promise<void>;
  /** Puts what it did cost in place of that. Returns a word under the answer when a budget is nearly used up, else "". */
  settle(usage: Usage | null): Promise<string>;
  /** Ends a turn that failed: what was held for a run that never began is free again. */
  end(run: Run | null): Promise<void>;
}

/** An engine that estimates nothing costs nothing: there is nothing to hold. */
export function createTurnBudget(
  { id, incoming }: Pick<Turn, "id" | "incoming">,
  locale: string,
  deps: {
    readonly budgets: Budgets;
    readonly engines: readonly [Engine, ...Engine[]];
    readonly clock: Clock;
    readonly metrics: Metrics;
  },
): TurnBudget {
  const { budgets, clock, metrics } = deps;
  const { ledger, limits, timeZone } = budgets;
  const [engine] = deps.engines;
  const isLimited = hasBudget(limits) && engine.estimate !== undefined;
  const usd = (amount: number): string => usdText(amount, locale);

  function toCharge(): BudgetCharge {
    const day = toDay(clock.now(), timeZone);
    return { turnId: id, day, channel: incoming.channel.key, userId: incoming.author.id };
  }

  async function toUsedUp(charge: BudgetCharge, kind: BudgetKind, estimate: number): Promise<DocentError> {
    const limit = limits[kind] ?? 0;
    const left = Math.max(0, limit - (await ledger.spent(charge))[kind]);
    const values = { budget: budgetText(kind, locale), limit: usd(limit), left: usd(left), estimate: usd(estimate) };
    // Less than a question ever costs is nothing to anybody.
    const reason = limit === 0 ? "zero" : left < limit / 100 ? "used_up" : "too_little";
    const sentence = text(`budget.${reason}`, locale, values);
    return new DocentError("budget_used_up", `A question does not fit the budget (${kind}): it was not asked.`, {
      details: { reason: limit === 0 ? sentence : withRenewal(sentence) },
    });
  }

  function withRenewal(sentence: string): string {
    const renewal = text("budget.renews", locale, { time: renewalText(clock.now(), timeZone, locale) });
    return text("budget.with_renewal", locale, { sentence, renewal });
  }

  async function sayNearlyUsed(charge: BudgetCharge): Promise<string> {
    const spent = await ledger.spent(charge);
    const words: string[] = [];
    for (const kind of BUDGET_KINDS) {
      const limit = limits[kind];
      if (limit === null || toNanoUsd(spent[kind]) < toNanoUsd(limit * NEARLY_USED_UP)) continue;
      if (!(await ledger.takeNotice(charge, kind))) continue;
      const values = { budget: budgetText(kind, locale), limit: usd(limit), spent: usd(spent[kind]) };
      const sentence = text(spent[kind] < limit ? "budget.nearly" : "budget.now_used_up", locale, values);
      words.push(`_${withRenewal(sentence)}_`);
    }
    return words.join("\n\n");
  }

  return {
    async reserve(question) {
      if (!isLimited) return;
      const charge = toCharge();
      // A model without a known price is refused at the start, unless nothing may be asked at all.
      const estimate = (await engine.estimate?.(question)) ?? 0;
      const lacking = await ledger.reserve(charge, estimate, limits);
      if (lacking === null) return;
      metrics.count("budget_refusals_total", { budget: lacking });
      throw await toUsedUp(charge, lacking, estimate);
    },
    async settle(usage) {
      if (!isLimited) return "";
      const charge = toCharge();
      await ledger.settle(charge, usage?.costUsd ?? null);
      return await sayNearlyUsed(charge);
    },
    async end(run) {
      if (!isLimited) return;
      // What a run that began has cost, nobody tells: it counts as what was expected of it.
      if (run === null) await ledger.release(id);
      else await ledger.settle(toCharge(), null);
    },
  };
}
