import { found, type Finding, type Said } from "../../../core/ports/diagnosis.ts";
import type { Clock } from "../../../core/ports/system.ts";
import { isAmbiguous, isRateLimited, refusalOf } from "../slack-api.ts";

/** Where Slack's Web API is, unless SLACK_API_URL says otherwise. */
export const ADDRESS = "https://slack.com/api/";

/** The doctor's own calls are few: where Slack asks for a longer pause, others have used up what it allows. */
const MAX_PAUSE_MS = 5_000;

/** Slack asks for a pause that nobody would sit out in front of a terminal. */
class LongPause extends Error {
  override readonly name = "LongPause";
}

/** A clock that does not sleep long, so that a call that Slack takes no more of fails instead. */
export function withShortSleep(clock: Clock): Clock {
  return {
    ...clock,
    sleep: (ms, signal) => (ms > MAX_PAUSE_MS ? Promise.reject(new LongPause()) : clock.sleep(ms, signal)),
  };
}

/** True when Slack takes no more calls for a while. */
export function isBusy(error: unknown): boolean {
  return error instanceof LongPause || isRateLimited(error);
}

/** Why a call failed that has no explanation of its own, and what to do. */
export function explainCall(error: unknown, method: string): readonly [seen: Said, remedy: Said] {
  if (isBusy(error)) return [["doctor.slack.busy", { method }], "doctor.slack.busy_remedy"];
  const reason = refusalOf(error);
  return reason === null
    ? [["doctor.slack.unanswered", { method }], "doctor.slack.unanswered_remedy"]
    : [["doctor.slack.failed", { reason }], "doctor.slack.status_remedy"];
}

/** Slack cannot be reached at all. */
export function explainAway(error: unknown, address: string): Finding | null {
  if (refusalOf(error) !== null || !isAmbiguous(error)) return null;
  const seen = ["doctor.unreachable", { service: "Slack", address }] as const;
  return found("problem", "slack.address", seen, ["doctor.unreachable_remedy", { variable: "SLACK_API_URL" }]);
}
