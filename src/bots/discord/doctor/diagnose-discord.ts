import { DiscordAPIError, HTTPError, RateLimitError, REST } from "@discordjs/rest";
import { Routes } from "discord-api-types/v10";
import type { APIApplication, APIApplicationCommand, APIGatewayBotInfo } from "discord-api-types/v10";
import { found, type Diagnosis, type Finding } from "../../../core/ports/diagnosis.ts";
import { SEES_CONTENT } from "../check-token.ts";
import { toCommandDefinitions } from "../commands/command-definitions.ts";
import { diagnoseServers } from "./diagnose-servers.ts";
import type { ShardPlan } from "../discord-bot-options.ts";
import { toInviteUrl } from "../invite.ts";
import { GATEWAY_WITHIN_MS, probeGateway } from "./probe-gateway.ts";
import { reasonOf } from "./reason-of.ts";

const TIMEOUT_MS = 10_000;
/** Pauses between requests of the doctor's own making are shorter. */
const MAX_WAIT_MS = 5_000;
const ADDRESS = "https://discord.com/api";
/** Discord resets the token of a bot that starts more sessions than it may in a day: so many are left for Docent. */
const SESSIONS_LEFT = 20;

/** A page of somebody else's, or another object than an application. */
class OddAnswer extends Error {
  override readonly name = "OddAnswer";
}

/** The token, how the application is set up, the gateway, the commands, and what the bot may do in each channel. */
export async function* diagnoseDiscord(options: {
  readonly token: string;
  readonly apiUrl: string | undefined;
  readonly shards: "auto" | ShardPlan;
  /** How long the gateway may take; half a minute. */
  readonly gatewayMs?: number;
}): Diagnosis {
  const { token, apiUrl, shards, gatewayMs: withinMs = GATEWAY_WITHIN_MS } = options;
  const createRest = (): REST =>
    new REST({
      version: "10",
      retries: 1,
      timeout: TIMEOUT_MS,
      // Cloudflare shuts out whoever was refused too often, for minutes (topics/rate-limits.mdx).
      rejectOnRateLimit: ({ retryAfter }) => retryAfter > MAX_WAIT_MS,
      ...(apiUrl === undefined ? {} : { api: apiUrl.replace(/\/+$/, "") }),
    }).setToken(token);
  const rest = createRest();
  let application: APIApplication;
  try {
    application = (await rest.get(Routes.currentApplication())) as APIApplication;
    if (typeof application.id !== "string") throw new OddAnswer();
  } catch (error) {
    yield explainToken(error, apiUrl ?? ADDRESS);
    return;
  }
  yield found("ok", "discord.token", ["doctor.discord.token_ok", { bot: application.name }]);
  yield* diagnoseApplication(application);
  try {
    yield await diagnoseGateway({ createRest, token, shards, withinMs, seesContent: seesContent(application) });
    yield await diagnoseCommands(rest, application.id);
    // The bot's user is mostly, but not always, of the same id as its application.
    const botId = application.bot?.id ?? application.id;
    yield* diagnoseServers(rest, { botId, applicationId: application.id });
  } catch (error) {
    yield explainFailure(error);
  }
}

function explainFailure(error: unknown): Finding {
  if (error instanceof RateLimitError) {
    const minutes = Math.max(1, Math.round(error.retryAfter / 60_000));
    return found("problem", "discord.api", ["doctor.discord.busy", { minutes }], "doctor.discord.busy_remedy");
  }
  const seen = ["doctor.discord.failed", { reason: reasonOf(error) }] as const;
  return found("problem", "discord.api", seen, "doctor.discord.status_remedy");
}

function explainToken(error: unknown, address: string): Finding {
  if (error instanceof DiscordAPIError && error.status === 401) {
    return found("problem", "discord.token", "doctor.discord.token_refused", "doctor.discord.token_remedy");
  }
  const isHttp = error instanceof DiscordAPIError || error instanceof HTTPError;
  // Every bot has its application: where there is none, nobody of Discord's was asked.
  if (error instanceof OddAnswer || (isHttp && error.status === 404)) {
    const reason = isHttp ? reasonOf(error) : "200";
    const seen = ["doctor.discord.odd_answer", { address, reason }] as const;
    return found("problem", "discord.address", seen, "doctor.discord.address_remedy");
  }
  if (isHttp) {
    const seen = ["doctor.discord.failed", { reason: reasonOf(error) }] as const;
    return found("problem", "discord.token", seen, "doctor.discord.status_remedy");
  }
  if (error instanceof RateLimitError) return explainFailure(error);
  const seen = ["doctor.unreachable", { service: "Discord", address }] as const;
  return found("problem", "discord.address", seen, ["doctor.unreachable_remedy", { variable: "DISCORD_API_URL" }]);
}

function* diagnoseApplication(application: APIApplication): Generator<Finding> {
  yield seesContent(application)
    ? found("ok", "discord.intents", "doctor.discord.content_ok")
    : found("problem", "discord.intents", "doctor.discord.no_content", "doctor.discord.content_remedy");
  // Gateway and HTTP delivery of interactions exclude each other (interactions/receiving-and-responding.mdx).
  if (application.interactions_endpoint_url) {
    yield found("problem", "discord.interactions", "doctor.discord.endpoint", "doctor.discord.endpoint_remedy");
  }
  if (application.bot_require_code_grant) {
    yield found("problem", "discord.invite", "doctor.discord.code_grant", "doctor.discord.code_grant_remedy");
  }
}

function seesContent({ flags }: APIApplication): boolean {
  return ((flags ?? 0) & SEES_CONTENT) !== 0;
}

async function diagnoseGateway(options: {
  readonly createRest: () => REST;
  readonly token: string;
  readonly shards: "auto" | ShardPlan;
  readonly seesContent: boolean;
  readonly withinMs: number;
}): Promise<Finding> {
  const { shards } = options;
  const info = (await options.createRest().get(Routes.gatewayBot())) as APIGatewayBotInfo;
  const { remaining, reset_after: resetMs } = info.session_start_limit;
  if (remaining < SESSIONS_LEFT) {
    const seen = ["doctor.discord.few_sessions", { remaining }] as const;
    const hours = Math.ceil(resetMs / 3_600_000);
    return found("warning", "discord.gateway", seen, ["doctor.discord.sessions_remedy", { hours }]);
  }
  const plan = shards === "auto" ? { ids: [0], total: info.shards } : shards;
  const outcome = await probeGateway({ ...options, shard: { id: plan.ids[0] ?? 0, total: plan.total } });
  if (outcome === "ready") return found("ok", "discord.gateway", "doctor.discord.gateway_ok");
  if (outcome === "wrong-shards") {
    const remedy = ["doctor.discord.shards_remedy", { shards: info.shards }] as const;
    return found("problem", "discord.gateway", "doctor.discord.wrong_shards", remedy);
  }
  return outcome === "wrong-token"
    ? found("problem", "discord.token", "doctor.discord.token_refused", "doctor.discord.token_remedy")
    : found("problem", "discord.gateway", "doctor.discord.no_gateway", "doctor.discord.gateway_remedy");
}

async function diagnoseCommands(rest: REST, applicationId: string): Promise<Finding> {
  const there = (await rest.get(Routes.applicationCommands(applicationId))) as APIApplicationCommand[];
  const names = new Set(there.map(({ name }) => name));
  const missing = toCommandDefinitions()
    .map(({ name }) => name)
    .filter((name) => !names.has(name));
  if (missing.length === 0) return found("ok", "discord.commands", "doctor.discord.commands_ok");
  const seen = ["doctor.discord.no_commands", { names: missing.join(", ") }] as const;
  return found("warning", "discord.commands", seen, [
    "doctor.discord.commands_remedy",
    { link: toInviteUrl(applicationId) },
  ]);
}
