import { isTimeZone } from "./core/calendar.ts";
import type { BudgetLimits } from "./core/ports/budget-ledger.ts";
import { ownerOfToken } from "./core/set-up/owner-of-token.ts";
import { LANGUAGE_TAGS } from "./core/texts/languages.ts";
import { BLOB_VARIABLES, readBlobAddress } from "./read-blob-address.ts";
import { readDatabaseUrl } from "./read-database-url.ts";
import { parseShards, type ShardPlan } from "./parse-shards.ts";
import { effortsOf, REASONING_EFFORTS, type ReasoningEffort } from "./engines/openai/reasoning-effort.ts";
import { createEnvironmentReader, type Environment, type EnvironmentReader } from "./read-environment.ts";
import type { BlobAddress } from "./stores/blob-address.ts";

export interface Config {
  readonly openai: { readonly apiKey: string; readonly baseUrl: string | undefined } | null;
  readonly model: string;
  /** `auto` leaves it to the model. */
  readonly reasoningEffort: "auto" | ReasoningEffort;
  readonly slack:
    | {
        readonly botToken: string;
        readonly apiUrl: string | undefined;
        readonly mode: "socket";
        readonly appToken: string;
      }
    | {
        readonly botToken: string;
        readonly apiUrl: string | undefined;
        readonly mode: "http";
        readonly signingSecret: string;
      }
    | null;
  readonly discord: {
    readonly token: string;
    readonly apiUrl: string | undefined;
    readonly shards: "auto" | ShardPlan;
  } | null;
  readonly host: string;
  readonly port: number;
  readonly webToken: string | undefined;
  /** Proxies in front of Docent, each of which adds to `X-Forwarded-For`. */
  readonly trustedProxies: number;
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly blobs: BlobAddress;
  readonly conversationPer: "channel" | "thread";
  readonly readUploads: "asked" | "at-once" | "off";
  readonly inlineMaxTokens: number;
  readonly maxFileMb: number;
  readonly maxFileTokens: number;
  readonly runDeadlineSeconds: number;
  readonly concurrentRuns: number;
  /** USD a day. */
  readonly budgets: BudgetLimits;
  readonly timeZone: string;
  readonly knowledgeEditors: readonly string[];
  readonly knowledgeInSharedChannels: boolean;
  readonly retentionDays: number | null;
  /** A tag of `LANGUAGE_TAGS`, or `auto`: that of who asks. */
  readonly language: string;
  readonly logLevel: "debug" | "info" | "warn" | "error";
  readonly logFormat: "pretty" | "json" | "auto";
}

/** All problems of an environment at once, one line each with its remedy. Holds no value that could be a secret. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
    );
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/** Every variable that Docent reads. `.env.example` lists the same ones; a test holds the two together. */
export const VARIABLES = [
  "OPENAI_API_KEY",
  "OPENAI_BASE_URL",
  "OPENAI_MODEL",
  "REASONING_EFFORT",
  "SLACK_BOT_TOKEN",
  "SLACK_APP_TOKEN",
  "SLACK_SIGNING_SECRET",
  "SLACK_API_URL",
  "DISCORD_TOKEN",
  "DISCORD_API_URL",
  "DISCORD_SHARDS",
  "HOST",
  "PORT",
  "WEB_TOKEN",
  "TRUSTED_PROXIES",
  "DATA_DIR",
  "DATABASE_URL",
  ...BLOB_VARIABLES,
  "CONVERSATION_PER",
  "READ_UPLOADS",
  "INLINE_MAX_TOKENS",
  "MAX_FILE_MB",
  "MAX_FILE_TOKENS",
  "RUN_DEADLINE_SECONDS",
  "CONCURRENT_RUNS",
  "BUDGET_USD_PER_DAY",
  "BUDGET_USD_PER_USER_PER_DAY",
  "BUDGET_USD_PER_CHANNEL_PER_DAY",
  "TIME_ZONE",
  "KNOWLEDGE_EDITORS",
  "KNOWLEDGE_IN_SHARED_CHANNELS",
  "RETENTION_DAYS",
  "LANGUAGE",
  "LOG_LEVEL",
  "LOG_FORMAT",
] as const;

export const DEFAULT_MODEL = "gpt-6-luna";

/** Stores count in billionths of a dollar: what a whole number holds of these. */
const MAX_BUDGET_USD = 1_000_000;

type Variable = (typeof VARIABLES)[number];

/** Parses the environment. An empty value counts as unset. @throws ConfigError that lists every problem. */
export function parseConfig(env: Environment): Config {
  const problems: string[] = [];
  const read = createEnvironmentReader<Variable>(env, problems);
  const host = read.text("HOST") ?? "127.0.0.1";
  const webToken = read.secret("WEB_TOKEN", { minLength: 12 });
  if (!isLoopback(host) && read.text("WEB_TOKEN") === undefined) {
    problems.push(
      `HOST=${host} lets other machines in, so WEB_TOKEN must be set. Choose a long random one, or remove HOST to listen on this machine only.`,
    );
  }

  const config: Config = {
    openai: readOpenAI(read, problems),
    model: read.text("OPENAI_MODEL") ?? DEFAULT_MODEL,
    reasoningEffort: read.choice("REASONING_EFFORT", ["auto", ...REASONING_EFFORTS]),
    slack: readSlack(read, problems),
    discord: readDiscord(read, problems),
    host,
    port: read.number("PORT", 3000, { min: 0, max: 65_535, whole: true }),
    webToken,
    trustedProxies: read.number("TRUSTED_PROXIES", 0, { min: 0, max: 10, whole: true }),
    dataDir: read.folder("DATA_DIR") ?? "./data",
    databaseUrl: readDatabaseUrl(read, problems),
    blobs: readBlobAddress(read, problems, read.text("DATABASE_URL") !== undefined),
    conversationPer: read.choice("CONVERSATION_PER", ["channel", "thread"]),
    readUploads: read.choice("READ_UPLOADS", ["asked", "at-once", "off"]),
    inlineMaxTokens: read.number("INLINE_MAX_TOKENS", 6000, { min: 0, max: 900_000, whole: true }),
    maxFileMb: read.number("MAX_FILE_MB", 100, { min: 1, max: 512 }),
    maxFileTokens: read.number("MAX_FILE_TOKENS", 2_000_000, { min: 1000, max: 2_000_000, whole: true }),
    runDeadlineSeconds: read.number("RUN_DEADLINE_SECONDS", 300, { min: 5, max: 3600 }),
    concurrentRuns: read.number("CONCURRENT_RUNS", 16, { min: 1, max: 1000, whole: true }),
    budgets: {
      all: read.optionalNumber("BUDGET_USD_PER_DAY", { min: 0, max: MAX_BUDGET_USD }),
      channel: read.optionalNumber("BUDGET_USD_PER_CHANNEL_PER_DAY", { min: 0, max: MAX_BUDGET_USD }),
      user: read.optionalNumber("BUDGET_USD_PER_USER_PER_DAY", { min: 0, max: MAX_BUDGET_USD }),
    },
    timeZone: readTimeZone(read, problems),
    knowledgeEditors: read.list("KNOWLEDGE_EDITORS"),
    knowledgeInSharedChannels: read.choice("KNOWLEDGE_IN_SHARED_CHANNELS", ["false", "true"]) === "true",
    retentionDays: read.optionalNumber("RETENTION_DAYS", { min: 1 }),
    language: read.choice("LANGUAGE", ["auto", ...LANGUAGE_TAGS]),
    logLevel: read.choice("LOG_LEVEL", ["info", "debug", "warn", "error"]),
    logFormat: read.choice("LOG_FORMAT", ["auto", "pretty", "json"]),
  };
  const { model, reasoningEffort } = config;
  const efforts = effortsOf(model);
  if (reasoningEffort !== "auto" && !efforts.includes(reasoningEffort)) {
    problems.push(
      `REASONING_EFFORT=${reasoningEffort} is not what ${model} takes. Choose one of auto, ${efforts.join(", ")}, or another OPENAI_MODEL.`,
    );
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** True for addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

function readTimeZone(read: EnvironmentReader<Variable>, problems: string[]): string {
  const name = read.text("TIME_ZONE") ?? "UTC";
  if (isTimeZone(name)) return name;
  problems.push(`TIME_ZONE must be the name of a time zone, such as Asia/Seoul or Europe/Berlin; it is “${name}”.`);
  return "UTC";
}

function readOpenAI(read: EnvironmentReader<Variable>, problems: string[]): Config["openai"] {
  const apiKey = read.secret("OPENAI_API_KEY", { minLength: 1 });
  const baseUrl = read.url("OPENAI_BASE_URL", ["http:", "https:"]);
  if (baseUrl !== undefined && /^\w+:\/\/[^/?#]*@/.test(baseUrl)) {
    problems.push("OPENAI_BASE_URL must hold no user or password, which no request can be sent with. Remove them.");
  }
  if (apiKey === undefined) return null;
  const owner = ownerOfToken(apiKey);
  if (owner === null) return { apiKey, baseUrl };
  problems.push(`OPENAI_API_KEY holds a token of ${owner}, which must not be sent to OpenAI. Put OpenAI’s key there.`);
  return null;
}

function readSlack(read: EnvironmentReader<Variable>, problems: string[]): Config["slack"] {
  if (read.text("SLACK_BOT_TOKEN")?.startsWith("xapp-") && read.text("SLACK_APP_TOKEN")?.startsWith("xoxb-")) {
    problems.push("SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped: put each in the other’s place.");
    return null;
  }
  if (read.text("SLACK_BOT_TOKEN")?.startsWith("xoxe") === true) {
    problems.push(
      "SLACK_BOT_TOKEN is of an app with token rotation: it lasts twelve hours, and Docent does not renew it. Slack does not let rotation be switched off again, so create a new app from slack-manifest.json and use its tokens.",
    );
    return null;
  }
  const botToken = read.secret("SLACK_BOT_TOKEN", { prefix: "xoxb-", where: "OAuth & Permissions in your Slack app" });
  const appToken = read.secret("SLACK_APP_TOKEN", { prefix: "xapp-", where: "Basic Information → App-Level Tokens" });
  const signingSecret = read.secret("SLACK_SIGNING_SECRET", { minLength: 8 });
  const apiUrl = read.url("SLACK_API_URL", ["http:", "https:"]);
  if (apiUrl !== undefined && !apiUrl.endsWith("/")) problems.push("SLACK_API_URL must end in “/”.");
  const given = (name: Variable): boolean => read.text(name) !== undefined;
  if (!given("SLACK_BOT_TOKEN")) {
    const halves = (["SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"] as const).filter(given);
    if (halves.length > 0) {
      problems.push(
        `${halves.join(" and ")} is set but SLACK_BOT_TOKEN is not. Add the bot token (xoxb-…), or remove ${halves.join(" and ")}.`,
      );
    }
    return null;
  }
  if (!given("SLACK_APP_TOKEN") && !given("SLACK_SIGNING_SECRET")) {
    problems.push(
      "SLACK_BOT_TOKEN is set but its other half is missing. Add SLACK_APP_TOKEN (xapp-…) for Socket Mode, or SLACK_SIGNING_SECRET for HTTP.",
    );
  }
  if (given("SLACK_APP_TOKEN") && given("SLACK_SIGNING_SECRET")) {
    problems.push(
      "SLACK_APP_TOKEN (Socket Mode) and SLACK_SIGNING_SECRET (HTTP) are both set. Remove the one you do not use.",
    );
  }
  if (botToken !== undefined && appToken !== undefined) return { botToken, apiUrl, mode: "socket", appToken };
  if (botToken !== undefined && signingSecret !== undefined) return { botToken, apiUrl, mode: "http", signingSecret };
  return null;
}

function readDiscord(read: EnvironmentReader<Variable>, problems: string[]): Config["discord"] {
  const token = read.secret("DISCORD_TOKEN", { minLength: 1 });
  const apiUrl = read.url("DISCORD_API_URL", ["http:", "https:"]);
  const given = read.text("DISCORD_SHARDS") ?? "auto";
  const shards = given === "auto" ? given : parseShards(given);
  if (typeof shards === "string" && shards !== "auto") problems.push(`DISCORD_SHARDS ${shards}`);
  else if (token !== undefined) return { token, apiUrl, shards };
  if (read.text("DISCORD_TOKEN") !== undefined) return null;
  if (given !== "auto") {
    problems.push("DISCORD_SHARDS is set but DISCORD_TOKEN is not. Add the bot’s token, or remove DISCORD_SHARDS.");
  }
  return null;
}
