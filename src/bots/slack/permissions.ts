import { WebAPIRequestError } from "@slack/web-api";
import { neededScopes, OPTIONAL_SCOPES } from "./app-contract.ts";
import type { Identity } from "./room.ts";
import { ADD_SCOPE, refusalOf, type SlackApi } from "./slack-api.ts";

interface AuthTest {
  readonly team_id: string;
  readonly team: string;
  readonly user_id: string;
  readonly user: string;
  readonly url: string;
  readonly response_metadata?: { readonly scopes?: readonly string[] };
}

const REMEDIES: Readonly<Record<string, string>> = {
  invalid_auth:
    "SLACK_BOT_TOKEN is not valid. Copy the Bot User OAuth Token from api.slack.com/apps → your app → OAuth & Permissions.",
  not_authed: "SLACK_BOT_TOKEN is empty. Copy the Bot User OAuth Token from OAuth & Permissions.",
  not_allowed_token_type:
    "SLACK_BOT_TOKEN is not a bot token. It begins with xoxb- and stands under OAuth & Permissions.",
  account_inactive: "The Slack app was removed from the workspace. Install it again under OAuth & Permissions.",
  token_expired:
    "SLACK_BOT_TOKEN has expired, as those of apps with token rotation do. Create a new app from slack-manifest.json and use its tokens.",
  token_revoked: "SLACK_BOT_TOKEN was revoked. Install the app again and copy the new token from OAuth & Permissions.",
};

/** Who the token belongs to and what it may do. @throws what `auth.test` fails with */
export async function askIdentity(api: SlackApi): Promise<Identity> {
  const answer = await api.call<AuthTest>("auth.test", {}, { isRepeatable: true });
  return {
    teamId: answer.team_id,
    teamName: answer.team,
    botName: answer.user,
    botUserId: answer.user_id,
    teamUrl: answer.url.endsWith("/") ? answer.url : `${answer.url}/`,
    scopes: answer.response_metadata?.scopes ?? [],
  };
}

/** The id of the app that the bot's token belongs to; null when Slack does not say. Needs `users:read`. */
export async function askAppId(api: SlackApi): Promise<string | null> {
  try {
    const { bot_id: bot } = await api.call<{ bot_id?: string }>("auth.test", {}, { isRepeatable: true });
    if (bot === undefined) return null;
    const answer = await api.call<{ bot?: { app_id?: string } }>("bots.info", { bot }, { isRepeatable: true });
    return answer.bot?.app_id ?? null;
  } catch {
    // Without the scope, which is told by itself.
    return null;
  }
}

/** Why `auth.test` failed, and what to do, in one line. */
export function explainAuthFailure(error: unknown): string {
  const refusal = refusalOf(error);
  if (refusal !== null) return REMEDIES[refusal] ?? `Slack refused the bot's token: ${refusal}.`;
  if (error instanceof WebAPIRequestError) return "Slack cannot be reached. Check the network of this machine.";
  return `Slack gave no answer about the bot's token: ${error instanceof Error ? error.message : String(error)}`;
}

/** The scopes that the installation lacks, and whether it can do without. */
export function listMissingScopes({ scopes }: Identity): {
  readonly required: readonly string[];
  readonly optional: readonly string[];
} {
  // An installation that tells no scopes is not known to lack any.
  const missing = scopes.length === 0 ? [] : neededScopes().filter((scope) => !scopes.includes(scope));
  return {
    required: missing.filter((scope) => OPTIONAL_SCOPES[scope] === undefined),
    optional: missing.filter((scope) => OPTIONAL_SCOPES[scope] !== undefined),
  };
}

/** What the installation lacks. `required` keeps the bot from working; `optional` names what is missing without each. */
export function findMissingScopes(identity: Identity): {
  readonly required: string | null;
  readonly optional: string | null;
} {
  const { required, optional } = listMissingScopes(identity);
  const losses = optional.map((scope) => `${scope} (${OPTIONAL_SCOPES[scope]})`);
  return {
    required: required.length === 0 ? null : `The Slack app lacks ${required.join(", ")}. ${ADD_SCOPE}`,
    optional: losses.length === 0 ? null : `The Slack app lacks ${losses.join(", ")}. ${ADD_SCOPE}`,
  };
}
