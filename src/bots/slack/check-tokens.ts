import { WebAPIRateLimitedError, WebClient } from "@slack/web-api";
import type { Clock, Log, Metrics } from "../../core/ports/system.ts";
import type { TokenVerdict } from "../../core/ports/token-checks.ts";
import { tokenVerdict } from "../../core/set-up/token-verdict.ts";
import type { TextKey } from "../../core/texts/language.ts";
import { askIdentity, listMissingScopes } from "./permissions.ts";
import { createSdkLogger } from "./sdk-logger.ts";
import { createSlackApi, isAmbiguous, refusalOf } from "./slack-api.ts";

const TIMEOUT_MS = 10_000;

/** Slack's refusals of a bot's token that somebody can mend; others are named as they are. */
const BOT_REFUSALS: Readonly<Record<string, TextKey>> = {
  invalid_auth: "setup.slack.refused",
  not_allowed_token_type: "setup.slack.refused",
  token_expired: "setup.slack.refused",
  account_inactive: "setup.slack.inactive",
  token_revoked: "setup.slack.inactive",
};

const APP_REFUSALS: Readonly<Record<string, TextKey>> = {
  invalid_auth: "setup.slack.app_refused",
  not_allowed_token_type: "setup.slack.app_refused",
  token_revoked: "setup.slack.app_refused",
  account_inactive: "setup.slack.inactive",
  missing_scope: "setup.slack.app_scope",
};

interface Deps {
  readonly apiUrl: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** Whether a bot's token that is not in use yet works, and has the scopes of the manifest. */
export async function checkBotToken(botToken: string, { apiUrl, clock, log }: Deps): Promise<TokenVerdict> {
  const metrics: Metrics = { count: () => undefined, observe: () => undefined };
  const stopping = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const identity = await askIdentity(createSlackApi({ botToken, apiUrl, clock, log, metrics, stopping }));
    const { required, optional } = listMissingScopes(identity);
    if (required.length > 0) return tokenVerdict("problem", "setup.slack.scopes", { scopes: required.join(", ") });
    const found = { workspace: identity.teamName, bot: identity.botName };
    return optional.length === 0
      ? tokenVerdict("good", "setup.slack.good", found)
      : tokenVerdict("warning", "setup.slack.optional_scopes", { ...found, scopes: optional.join(", ") });
  } catch (error) {
    return explain(error, BOT_REFUSALS);
  }
}

/** Whether an app-level token that is not in use yet opens Socket Mode. The address it is given is left unused. */
export async function checkAppToken(appToken: string, { apiUrl, log }: Deps): Promise<TokenVerdict> {
  const client = new WebClient(appToken, {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: TIMEOUT_MS,
    logger: createSdkLogger(log),
  });
  try {
    await client.apps.connections.open({});
    return tokenVerdict("good", "setup.slack.app_good");
  } catch (error) {
    return explain(error, APP_REFUSALS);
  }
}

function explain(error: unknown, refusals: Readonly<Record<string, TextKey>>): TokenVerdict {
  const refusal = refusalOf(error);
  if (refusal !== null) {
    const key = refusals[refusal];
    return key === undefined
      ? tokenVerdict("problem", "setup.slack.failed", { reason: refusal })
      : tokenVerdict("problem", key);
  }
  if (isAmbiguous(error)) return tokenVerdict("problem", "setup.unreachable", { service: "Slack" });
  const reason = error instanceof WebAPIRateLimitedError ? "rate_limited" : "no answer";
  return tokenVerdict("problem", "setup.slack.failed", { reason });
}
