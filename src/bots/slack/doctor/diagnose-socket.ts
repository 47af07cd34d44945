import { found, type Finding } from "../../../core/ports/diagnosis.ts";
import type { Log } from "../../../core/ports/system.ts";
import type { TextKey } from "../../../core/texts/language.ts";
import { createListening, DEAF, type Ears } from "./ears.ts";
import { createSdkLogger } from "../sdk-logger.ts";
import { isAmbiguous, isRateLimited, refusalOf } from "../slack-api.ts";
import { ADDRESS } from "./explain-call.ts";
import { connectSocket } from "../receiving/socket-connection.ts";

const METHOD = "apps.connections.open";

const REFUSALS: Readonly<Record<string, readonly [seen: TextKey, remedy: TextKey]>> = {
  invalid_auth: ["doctor.slack.app_token_refused", "doctor.slack.app_token_remedy"],
  not_authed: ["doctor.slack.app_token_refused", "doctor.slack.app_token_remedy"],
  not_allowed_token_type: ["doctor.slack.app_token_refused", "doctor.slack.app_token_remedy"],
  token_revoked: ["doctor.slack.app_token_refused", "doctor.slack.app_token_remedy"],
  missing_scope: ["doctor.slack.app_token_scope", "doctor.slack.app_token_scope_remedy"],
  account_inactive: ["doctor.slack.removed", "doctor.slack.install_remedy"],
  "switched-off": ["doctor.slack.socket_off", "doctor.slack.socket_remedy"],
  "too-many": ["doctor.slack.too_many", "doctor.slack.too_many_remedy"],
};

/**
 * Connects by Socket Mode. Slack gives each event to one of an app's connections: where others are, ours is closed at
 * once, so that it takes nothing from a Docent that runs; what came meanwhile is not acknowledged. No ears: no
 * connection.
 */
export async function openEars(options: {
  readonly appToken: string;
  readonly apiUrl: string | undefined;
  /** The app of the bot's token, where that is known. */
  readonly botAppId: string | null;
  readonly log: Log;
}): Promise<{ readonly finding: Finding; readonly ears: Ears | null }> {
  const { apiUrl, botAppId } = options;
  const listening = createListening();
  try {
    const connection = await connectSocket({
      appToken: options.appToken,
      apiUrl,
      logger: createSdkLogger(options.log),
      take: listening.take,
      afterwards: () => undefined,
    });
    const { ofApp, appId } = connection;
    // It has ended by now when Slack has no place for it, or Socket Mode is off.
    const state = await Promise.race([connection.ending, Promise.resolve("open")]);
    const isOther = appId !== null && botAppId !== null && appId !== botAppId;
    const isAlone = state === "open" && ofApp === 1 && !isOther;
    if (isAlone) {
      const ears = { hear: listening.hear, close: () => connection.close() };
      return { finding: found("ok", "slack.socket", "doctor.slack.socket_ok"), ears };
    }
    await connection.close();
    if (state !== "open") return { finding: explainEnding(state), ears: null };
    if (isOther) {
      const values = { bot: botAppId, app: appId };
      const seen = ["doctor.slack.other_app", values] as const;
      const remedy = ["doctor.slack.other_app_remedy", values] as const;
      return { finding: found("problem", "slack.app_token", seen, remedy), ears: null };
    }
    const seen = ["doctor.slack.socket_others", { others: (ofApp ?? 2) - 1 }] as const;
    return { finding: found("ok", "slack.socket", seen), ears: DEAF };
  } catch (error) {
    return { finding: explainFailure(error, apiUrl), ears: null };
  }
}

/** Slack may refuse the request for an address, or not answer it; only then is it the WebSocket that fails. */
function explainFailure(error: unknown, apiUrl: string | undefined): Finding {
  const refusal = refusalOf(error);
  const known = refusal === null ? undefined : REFUSALS[refusal];
  if (known !== undefined) return found("problem", "slack.socket", ...known);
  if (refusal !== null) {
    const seen = ["doctor.slack.socket_refused", { reason: refusal }] as const;
    return found("problem", "slack.socket", seen, "doctor.slack.socket_refused_remedy");
  }
  if (isRateLimited(error)) {
    return found("problem", "slack.socket", ["doctor.slack.busy", { method: METHOD }], "doctor.slack.busy_remedy");
  }
  if (isAmbiguous(error)) {
    const seen = ["doctor.slack.socket_unanswered", { method: METHOD, address: apiUrl ?? ADDRESS }] as const;
    return found("problem", "slack.socket", seen, ["doctor.unreachable_remedy", { variable: "SLACK_API_URL" }]);
  }
  return explainEnding("no connection");
}

function explainEnding(reason: string): Finding {
  const known = REFUSALS[reason];
  if (known !== undefined) return found("problem", "slack.socket", ...known);
  return found("problem", "slack.socket", ["doctor.slack.socket_failed", { reason }], "doctor.slack.socket_network");
}
