import type { ErrorCode } from "./errors.ts";

const OUT_OF_REACH: readonly ErrorCode[] = [
  "out_of_credit",
  "invalid_key",
  "model_not_available",
  "rate_limited",
  "engine_unreachable",
  "engine_overloaded",
];

/** Whether a failure means that the model is out of reach, so that other engines can stand in with passages. */
export function canStandIn(code: ErrorCode): boolean {
  return OUT_OF_REACH.includes(code);
}
