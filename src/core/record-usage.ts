import type { UsageLog } from "./ports/stores.ts";
import type { Clock, Metrics } from "./ports/system.ts";
import type { Answer, Turn } from "./turn.ts";

/** Writes down what an answer cost, for `/docent usage` and for `/metrics`. One without usage cost nothing. */
export async function recordUsage(
  { id, incoming }: Pick<Turn, "id" | "incoming">,
  { usage }: Pick<Answer, "usage">,
  deps: { readonly usage: UsageLog; readonly clock: Clock; readonly metrics: Metrics },
): Promise<void> {
  if (usage === null) return;
  const at = deps.clock.now();
  await deps.usage.record({ turnId: id, channel: incoming.channel.key, userId: incoming.author.id, at, usage });
  const labels = { model: usage.model };
  deps.metrics.count("input_tokens_total", labels, usage.inputTokens);
  deps.metrics.count("output_tokens_total", labels, usage.outputTokens);
  deps.metrics.count("cost_usd_total", labels, usage.costUsd ?? 0);
}
