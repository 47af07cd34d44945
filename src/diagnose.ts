import type { Config } from "./config.ts";
import { found, type Diagnosis, type Finding, type RunningDocent } from "./core/ports/diagnosis.ts";
import type { Clock, Log } from "./core/ports/system.ts";
import { diagnoseConfig } from "./diagnose-config.ts";
import { diagnoseClock, diagnoseNode, diagnoseRelease } from "./diagnose-machine.ts";
import { diagnoseWeb } from "./http/diagnose-web.ts";
import { diagnoseBlobs } from "./stores/diagnose-blobs.ts";
import { diagnoseFolder } from "./stores/diagnose-folder.ts";

/** Says nothing: what the SDKs tell at their lowest level may hold a token. */
const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };

const PATIENCE_MS = 10_000;

const ADDRESSES = {
  openai: "https://api.openai.com/v1/models",
  slack: "https://slack.com/api/api.test",
  discord: "https://discord.com/api/v10/gateway",
} as const;

export interface DiagnoseOptions {
  /** What the program would be started with, without the `.env` file. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly dotenvFile: string;
  /** Of `process`, and of `package.json`. */
  readonly node: { readonly version: string; readonly wanted: string };
  readonly release: string;
  readonly clock: Clock;
  /** False: nothing is posted to Slack. */
  readonly mayPost: boolean;
  /** How long an event may take to come back; ten seconds. */
  readonly patienceMs?: number;
  readonly freeBytes?: (folder: string) => number;
  /** Told of the settings before anything is found about them. */
  readonly onConfig?: (config: Config) => void;
}

/**
 * Looks at everything that Docent needs, one thing after the other, and says what is wrong and what mends it. Works
 * beside a Docent that runs, and leaves nothing behind; a model is asked once, for less than a cent.
 */
export async function* diagnose(options: DiagnoseOptions): Diagnosis {
  const { clock, freeBytes } = options;
  // First of all: they say in which language the rest is told, and what must not be.
  const { findings, config, broken } = await diagnoseConfig(options.environment, options.dotenvFile);
  options.onConfig?.(config);
  yield diagnoseNode(options.node.version, options.node.wanted);
  yield diagnoseRelease(options.release);
  yield* findings;
  yield await diagnoseClock(addressOf(config), clock);
  const space = freeBytes === undefined ? {} : { freeBytes };
  yield* diagnoseFolder(config.dataDir, { ...space, subject: "store", variable: "DATA_DIR" });
  let isOwn = true;
  if (config.databaseUrl === undefined) {
    const { diagnoseSqlite } = await import("./stores/sqlite/diagnose-sqlite.ts");
    const store = diagnoseSqlite(config.dataDir);
    isOwn = store.some(({ seen }) => seen.key === "doctor.store.held");
    yield* store;
  } else {
    const { diagnosePostgres } = await import("./stores/postgres/diagnose-postgres.ts");
    yield* diagnosePostgres(config.databaseUrl);
  }
  yield* diagnoseBlobs(config.blobs, space);
  const web = await diagnoseWeb({ host: config.host, port: config.port, token: config.webToken });
  yield* web.findings;
  if (web.running !== null && !isOwn) yield otherDocent(web.running.url, config.dataDir);
  yield* diagnoseServices(config, { ...options, broken, running: web.running });
}

/** SDKs are loaded only when they are used. */
async function* diagnoseServices(
  config: Config,
  options: DiagnoseOptions & { readonly broken: readonly string[]; readonly running: RunningDocent | null },
): Diagnosis {
  const { clock, broken, running, mayPost, patienceMs = PATIENCE_MS } = options;
  if (config.openai === null) {
    yield notSetUp("openai", "OPENAI_", broken);
  } else {
    const { diagnoseOpenAI } = await import("./engines/openai/doctor/diagnose-openai.ts");
    const reasoningEffort = config.reasoningEffort === "auto" ? undefined : config.reasoningEffort;
    yield* guard(
      "openai",
      diagnoseOpenAI({ ...config.openai, model: config.model, reasoningEffort, clock, log: SILENT }),
    );
  }
  if (config.slack === null) {
    yield notSetUp("slack", "SLACK_", broken);
  } else {
    const { diagnoseSlack } = await import("./bots/slack/doctor/diagnose-slack.ts");
    const { botToken, apiUrl } = config.slack;
    const mode =
      config.slack.mode === "socket"
        ? ({ kind: "socket", appToken: config.slack.appToken } as const)
        : ({ kind: "http", signingSecret: config.slack.signingSecret } as const);
    const slack = { botToken, apiUrl, mode, running, mayPost, patienceMs, clock, log: SILENT };
    yield* guard("slack", diagnoseSlack(slack));
  }
  if (config.discord === null) {
    yield notSetUp("discord", "DISCORD_", broken);
  } else {
    const { diagnoseDiscord } = await import("./bots/discord/doctor/diagnose-discord.ts");
    yield* guard("discord", diagnoseDiscord(config.discord));
  }
}

/** What a vendor could answer without our having thought of it must not keep the rest from being looked at. */
async function* guard(subject: string, diagnosis: Diagnosis): Diagnosis {
  try {
    yield* diagnosis;
  } catch (error) {
    const reason = error instanceof Error ? error.name : "unknown";
    yield found("problem", `${subject}.answer`, ["doctor.not_understood", { reason }], "doctor.not_understood_remedy");
  }
}

function otherDocent(url: string, folder: string): Finding {
  return found("warning", "web.other", ["doctor.web.other", { url, folder }], "doctor.web.other_remedy");
}

function notSetUp(service: "openai" | "slack" | "discord", prefix: string, broken: readonly string[]): Finding {
  return broken.some((name) => name.startsWith(prefix))
    ? found("skipped", service, "doctor.settings_first")
    : found("skipped", service, `doctor.${service}.none`, ["doctor.setup_remedy", { service }]);
}

/** A server that is asked anyway. */
function addressOf({ openai, slack, discord }: Config): string | undefined {
  if (openai !== null) return openai.baseUrl ?? ADDRESSES.openai;
  if (slack !== null) return slack.apiUrl ?? ADDRESSES.slack;
  return discord === null ? undefined : (discord.apiUrl ?? ADDRESSES.discord);
}
