import type { Usage } from "../../../core/turn.ts";

interface Price {
  readonly input: number;
  /** Null where no price of cached input is published: it is then counted in full. */
  readonly cached: number | null;
  /** What writing to the cache costs, where it costs more than input. */
  readonly cacheWrite?: number;
  readonly output: number;
}

/**
 * USD per million tokens, standard tier, checked on 2026-11-22 (developers.openai.com/api/docs/models; 6.2 from a
 * secondary source). A model that is not listed has no known cost.
 */
const PRICES: Readonly<Record<string, Price>> = {
  "gpt-6-luna": { input: 0.1, cached: 0.01, cacheWrite: 0.125, output: 0.5 },
  "gpt-6.1-terra": { input: 1, cached: 0.05, output: 5 },
  "gpt-6.1-sol": { input: 2, cached: null, output: 10 },
  "gpt-6.2-sol": { input: 2, cached: null, output: 10 },
  "gpt-6.2-astra": { input: 8, cached: null, output: 40 },
  "gpt-6-astra": { input: 10, cached: 1, output: 50 },
  "gpt-5.6-luna": { input: 0.2, cached: null, output: 1.2 },
  "gpt-5.6-terra": { input: 2, cached: null, output: 12 },
  "gpt-5.6-sol": { input: 4, cached: null, output: 20 },
};

/** $2.50 per thousand calls of `file_search` (secondary source, 2026-11). */
const USD_PER_SEARCH = 0.0025;

/** Above this many input tokens the whole request costs twice the input and one and a half times the output. */
const LONG_INPUT_TOKENS = 272_000;

export type TokenCounts = Omit<Usage, "costUsd" | "model"> & { readonly cacheWriteTokens?: number };

/** The cost of one run in USD, or null when the model's price is not known. A dated name costs what its model costs. */
export function toCostUsd(model: string, counts: TokenCounts): number | null {
  const price = PRICES[model] ?? PRICES[model.replace(/-\d{4}-\d{2}-\d{2}$/, "")];
  if (price === undefined) return null;
  const isLong = counts.inputTokens > LONG_INPUT_TOKENS;
  const fresh = counts.inputTokens - counts.cachedInputTokens;
  const written = Math.min(counts.cacheWriteTokens ?? 0, fresh);
  const input =
    (fresh - written) * price.input +
    written * (price.cacheWrite ?? price.input) +
    counts.cachedInputTokens * (price.cached ?? price.input);
  const output = counts.outputTokens * price.output;
  return (input * (isLong ? 2 : 1) + output * (isLong ? 1.5 : 1)) / 1_000_000 + counts.searches * USD_PER_SEARCH;
}
