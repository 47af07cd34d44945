import type { UsageLog } from "./ports/stores.ts";
import type { Clock, Metrics } from "./ports/system.ts";
import type { Answer, Turn, Usage } from "./turn.ts";

/** Writes down what an answer cost, for `/docent usage` and for `/metrics`. One without usage cost nothing. */
export async function recordUsage(
  { id, incoming }: Pick<Turn, "id" | "incoming">,
  { usage }: Pick<Answer, "usage">,
  deps: { readonly usage: UsageLog; readonly clock: Clock; readonly metrics: Metrics },
): Promise<void> {
  if (usage === null) return;
  const at = deps.clock.now();
  await deps.usage.record({ turnId: id, channel: incoming.channel.key, userId: incoming.author.id, at, usage });
  countUsage(usage, deps.metrics);
}

/** Adds what was spent to the figures of `/metrics`. */
export function countUsage(usage: Usage, metrics: Metrics): void {
  const labels = { model: usage.model };
  metrics.count("input_tokens_total", labels, usage.inputTokens);
  metrics.count("output_tokens_total", labels, usage.outputTokens);
  metrics.count("cost_usd_total", labels, usage.costUsd ?? 0);
}
