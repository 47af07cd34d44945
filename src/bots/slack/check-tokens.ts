import type { Clock, Log, Metrics } from "../../core/ports/system.ts";
import type { TokenVerdict } from "../../core/ports/token-checks.ts";
import { tokenVerdict } from "../../core/set-up/token-verdict.ts";
import type { TextKey } from "../../core/texts/language.ts";
import { askAppId, askIdentity, listMissingScopes } from "./permissions.ts";
import { connectSocket } from "./receiving/socket-connection.ts";
import { createSdkLogger } from "./sdk-logger.ts";
import { createSlackApi, isAmbiguous, isRateLimited, refusalOf, type SlackApi } from "./slack-api.ts";

const TIMEOUT_MS = 10_000;

/** Slack's refusals of a bot's token that somebody can mend; others are named as they are. */
const BOT_REFUSALS: Readonly<Record<string, TextKey>> = {
  invalid_auth: "setup.slack.refused",
  not_allowed_token_type: "setup.slack.refused",
  token_expired: "setup.slack.rotates",
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
export async function checkBotToken(botToken: string, deps: Deps): Promise<TokenVerdict> {
  try {
    const identity = await askIdentity(openApi(botToken, deps));
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

/**
 * Whether an app-level token that is not in use yet opens Socket Mode, and is of the same app as the bot's token, where
 * that is given. The connection is closed at once; what came meanwhile Slack delivers again.
 */
export async function checkAppToken(appToken: string, botToken: string | null, deps: Deps): Promise<TokenVerdict> {
  const { apiUrl, log } = deps;
  try {
    const connection = await connectSocket({
      appToken,
      apiUrl,
      logger: createSdkLogger(log),
      take: () => Promise.reject(new Error("It is for a Docent that runs.")),
      afterwards: () => undefined,
    });
    // It has ended by now when Socket Mode is off.
    const state = await Promise.race([connection.ending, Promise.resolve("open")]);
    await connection.close();
    if (state === "switched-off") return tokenVerdict("problem", "setup.slack.socket_off");
    const app = connection.appId;
    const bot = botToken === null || app === null ? null : await askAppId(openApi(botToken, deps));
    return app !== null && bot !== null && app !== bot
      ? tokenVerdict("problem", "setup.slack.other_app", { app, bot })
      : tokenVerdict("good", "setup.slack.app_good");
  } catch (error) {
    // Slack has taken the token: it is the WebSocket that failed.
    return refusalOf(error) === null && !isAmbiguous(error) && !isRateLimited(error)
      ? tokenVerdict("warning", "setup.slack.no_socket")
      : explain(error, APP_REFUSALS);
  }
}

function openApi(botToken: string, { apiUrl, clock, log }: Deps): SlackApi {
  const metrics: Metrics = { count: () => undefined, observe: () => undefined };
  return createSlackApi({ botToken, apiUrl, clock, log, metrics, stopping: AbortSignal.timeout(TIMEOUT_MS) });
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
  const reason = isRateLimited(error) ? "rate_limited" : "no answer";
  return tokenVerdict("problem", "setup.slack.failed", { reason });
}
