import { found, type Diagnosis, type Finding, type RunningDocent } from "../../../core/ports/diagnosis.ts";
import type { Clock, Log, Metrics } from "../../../core/ports/system.ts";
import type { TextKey } from "../../../core/texts/language.ts";
import { neededScopes, OPTIONAL_SCOPES } from "../app-contract.ts";
import { diagnoseEvents } from "./diagnose-events.ts";
import { diagnoseSigning } from "./diagnose-signing.ts";
import { openEars } from "./diagnose-socket.ts";
import { DEAF, type Ears } from "./ears.ts";
import { ADDRESS, explainAway, explainCall, isBusy, withShortSleep } from "./explain-call.ts";
import { askAppId, askIdentity, listMissingScopes } from "../permissions.ts";
import type { Identity } from "../room.ts";
import { createSlackApi, isAmbiguous, refusalOf } from "../slack-api.ts";
import type { SlackMode } from "../slack-bot-options.ts";

const WITHIN_MS = 120_000;

const TOKEN_REFUSALS: Readonly<Record<string, readonly [seen: TextKey, remedy: TextKey]>> = {
  invalid_auth: ["doctor.slack.token_refused", "doctor.slack.token_remedy"],
  not_allowed_token_type: ["doctor.slack.token_refused", "doctor.slack.token_remedy"],
  token_expired: ["doctor.slack.token_expired", "doctor.slack.rotation_remedy"],
  account_inactive: ["doctor.slack.removed", "doctor.slack.install_remedy"],
  token_revoked: ["doctor.slack.removed", "doctor.slack.install_remedy"],
};

/** The token, its scopes one by one, the way by which events come, and what comes by it. */
export async function* diagnoseSlack(options: {
  readonly botToken: string;
  readonly apiUrl: string | undefined;
  readonly mode: SlackMode;
  readonly running: RunningDocent | null;
  /** False: no message is posted, and the way of events is not proven. */
  readonly mayPost: boolean;
  /** How long an event may take to come back. */
  readonly patienceMs: number;
  readonly clock: Clock;
  readonly log: Log;
}): Diagnosis {
  const { botToken, apiUrl, mode, log } = options;
  const clock = withShortSleep(options.clock);
  const metrics: Metrics = { count: () => undefined, observe: () => undefined };
  const api = createSlackApi({ botToken, apiUrl, clock, log, metrics, stopping: AbortSignal.timeout(WITHIN_MS) });
  let identity: Identity | null = null;
  try {
    identity = await askIdentity(api);
    const values = { workspace: identity.teamName, bot: identity.botName };
    yield found("ok", "slack.token", ["doctor.slack.token_ok", values]);
    yield* explainScopes(identity);
  } catch (error) {
    yield explainToken(error, apiUrl ?? ADDRESS);
    // Who does not answer, or takes no more calls, opens no Socket Mode either; HTTP mode is tried on this machine.
    if (mode.kind === "socket" && isSilent(error)) return;
  }
  let ears: Ears | null = null;
  try {
    if (mode.kind === "socket") {
      const botAppId = identity === null ? null : await askAppId(api);
      const opened = await openEars({ ...options, appToken: mode.appToken, botAppId });
      ears = opened.ears;
      yield opened.finding;
    } else {
      yield* diagnoseSigning(mode.signingSecret, options);
      ears = DEAF;
    }
    if (identity !== null && ears !== null) {
      const { required, optional } = listMissingScopes(identity);
      yield* diagnoseEvents(api, { ...options, ears, lacking: [...required, ...optional] });
    }
  } finally {
    await ears?.close();
  }
}

function isSilent(error: unknown): boolean {
  return isBusy(error) || isAmbiguous(error);
}

function explainToken(error: unknown, address: string): Finding {
  const refusal = refusalOf(error);
  const known = refusal === null ? undefined : TOKEN_REFUSALS[refusal];
  if (known !== undefined) return found("problem", "slack.token", ...known);
  return explainAway(error, address) ?? found("problem", "slack.token", ...explainCall(error, "auth.test"));
}

/** One finding for the scopes that are there, also for programs; one for each that is missing. */
function* explainScopes(identity: Identity): Generator<Finding> {
  if (identity.scopes.length === 0) {
    yield found("skipped", "slack.scope", "doctor.slack.scopes_unknown");
    return;
  }
  const { required, optional } = listMissingScopes(identity);
  const missing = [...required, ...optional];
  const count = neededScopes().length - missing.length;
  yield found("ok", "slack.scope", [
    missing.length === 0 ? "doctor.slack.scopes_ok" : "doctor.slack.scopes_rest",
    { count },
  ]);
  for (const scope of missing) {
    const status = OPTIONAL_SCOPES[scope] === undefined ? "problem" : "warning";
    const remedy = ["doctor.slack.scope_remedy", { scope }] as const;
    yield found(status, `slack.scope.${scope}`, ["doctor.slack.scope_missing", { scope }], remedy);
  }
}
