import { toDay } from "../calendar.ts";
import type { Question } from "../ports/engine.ts";
import type { Clock, Metrics } from "../ports/system.ts";
import type { UsageLog } from "../ports/usage-log.ts";
import type { Budgets } from "./budgets.ts";
import type { Answer, Turn, Usage } from "../turn.ts";

/** Writes down what an answer cost, for `/docent usage` and for `/metrics`. One without usage cost nothing. */
export async function recordUsage(
  { id, incoming }: Pick<Turn, "id" | "incoming">,
  { usage }: Pick<Answer, "usage">,
  deps: { readonly usage: UsageLog; readonly budgets: Budgets; readonly clock: Clock; readonly metrics: Metrics },
): Promise<void> {
  if (usage === null) return;
  const at = deps.clock.now();
  const { key: channel, workspace } = incoming.channel;
  const day = toDay(at, deps.budgets.timeZone);
  await deps.usage.record({ turnId: id, day, workspace, channel, userId: incoming.author.id, at, usage });
  countUsage(usage, deps.metrics);
}

/**
 * Writes down what notes of older turns cost, made behind a question's answer: against the budgets of that question, and
 * in the figures. It is no question's own cost, so `/docent usage` does not list it.
 */
export async function recordNotes(
  question: Pick<Question, "turnId" | "channel" | "author">,
  usage: Usage,
  deps: { readonly clock: Clock; readonly budgets: Budgets; readonly metrics: Metrics },
): Promise<void> {
  countUsage(usage, deps.metrics);
  const { ledger, timeZone } = deps.budgets;
  const place = { day: toDay(deps.clock.now(), timeZone), channel: question.channel, userId: question.author.id };
  await ledger.settle({ ...place, turnId: `${question.turnId}~notes` }, usage.costUsd ?? 0);
}

/** Adds what was spent to the figures of `/metrics`. */
function countUsage(usage: Usage, metrics: Metrics): void {
  const labels = { model: usage.model };
  metrics.count("input_tokens_total", labels, usage.inputTokens);
  metrics.count("output_tokens_total", labels, usage.outputTokens);
  metrics.count("cost_usd_total", labels, usage.costUsd ?? 0);
}
