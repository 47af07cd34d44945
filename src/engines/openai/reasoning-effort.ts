/** What `reasoning.effort` takes (openai 7.57, `shared.ts`, ReasoningEffort). */
export const REASONING_EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh", "max"] as const;

export type ReasoningEffort = (typeof REASONING_EFFORTS)[number];

/**
 * What a model takes where that is known (developers.openai.com/api/docs/models, 2026-11; 6.2-sol from a secondary
 * source). A dated name takes what its model takes.
 */
const REFUSED: Readonly<Record<string, readonly ReasoningEffort[]>> = {
  "gpt-6-luna": [],
  "gpt-6.1-terra": [],
  "gpt-6.1-sol": ["none"],
  "gpt-6.2-sol": ["none", "minimal"],
};

/** The efforts that a model takes; all of them where nobody knows. */
export function effortsOf(model: string): readonly ReasoningEffort[] {
  const refused = REFUSED[withoutDate(model)] ?? [];
  return REASONING_EFFORTS.filter((effort) => !refused.includes(effort));
}

/** The request's `reasoning`, only for models of which it is known that they take it: others refuse the request. */
export function withEffort(model: string, effort: ReasoningEffort): { reasoning?: { effort: ReasoningEffort } } {
  return REFUSED[withoutDate(model)] === undefined ? {} : { reasoning: { effort } };
}

function withoutDate(model: string): string {
  return model.replace(/-\d{4}-\d{2}-\d{2}$/, "");
}
