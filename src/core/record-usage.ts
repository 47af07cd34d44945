import { toDay } from "./calendar.ts";
import type { Clock, Metrics } from "./ports/system.ts";
import type { UsageLog } from "./ports/usage-log.ts";
import type { Budgets } from "./spending/budgets.ts";
import type { Answer, Turn } from "./turn.ts";

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
  const labels = { model: usage.model };
  deps.metrics.count("input_tokens_total", labels, usage.inputTokens);
  deps.metrics.count("output_tokens_total", labels, usage.outputTokens);
  deps.metrics.count("cost_usd_total", labels, usage.costUsd ?? 0);
}
