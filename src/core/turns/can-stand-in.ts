import type { ErrorCode } from "../errors.ts";

const OUT_OF_REACH: readonly ErrorCode[] = [
  "out_of_credit",
  "invalid_key",
  "model_not_available",
  "rate_limited",
  "engine_unreachable",
  "engine_overloaded",
  "engine_incomplete",
  "budget_used_up",
];

/** Whether a failure means that the model cannot be asked now, so that other engines can stand in with passages. */
export function canStandIn(code: ErrorCode): boolean {
  return OUT_OF_REACH.includes(code);
}
