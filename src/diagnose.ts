import type { Config } from "./config.ts";
import { found, type Diagnosis, type Finding, type RunningDocent } from "./core/ports/diagnosis.ts";
import { SERVICES, type Service } from "./core/ports/setup.ts";
import type { Clock, Log } from "./core/ports/system.ts";
import { diagnoseConfig, isOf } from "./diagnose-config.ts";
import { diagnoseClock, diagnoseNode, diagnoseRelease } from "./diagnose-machine.ts";
import { diagnoseWeb, type TryToListen } from "./http/diagnose-web.ts";
import { diagnoseBlobs } from "./stores/diagnose-blobs.ts";
import { diagnoseFolder, type DiskProbe } from "./stores/diagnose-folder.ts";

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
  /** Looks at the settings and these alone; everything when left out. */
  readonly services?: readonly Service[];
  /** How long an event may take to come back; ten seconds. */
  readonly patienceMs?: number;
  /** How long Discord's gateway may take; half a minute. */
  readonly gatewayMs?: number;
  readonly disk?: DiskProbe;
  readonly tryToListen?: TryToListen;
  /** Told of the settings before anything is found about them. */
  readonly onConfig?: (config: Config) => void;
}

/**
 * Looks at everything that Docent needs, one thing after the other, and says what is wrong and what mends it. Works
 * beside a Docent that runs, and leaves nothing behind; a model is asked once, for less than a cent.
 */
export async function* diagnose(options: DiagnoseOptions): Diagnosis {
  const { clock, disk, services } = options;
  // First of all: they say in which language the rest is told, and what must not be.
  const { findings, config, broken } = await diagnoseConfig(options.environment, options.dotenvFile);
  options.onConfig?.(config);
  if (services !== undefined) {
    yield* findings;
    const { findings: parts, running } = await lookAtWeb(config, options);
    yield* parts.filter(({ subject }) => services.some((service) => subject === `web.${service}`));
    yield* diagnoseServices(config, { ...options, services, broken, running });
    return;
  }
  yield diagnoseNode(options.node.version, options.node.wanted);
  yield diagnoseRelease(options.release);
  yield* findings;
  yield await diagnoseClock(addressOf(config), clock);
  const hasFolder = !broken.includes("DATA_DIR");
  yield* hasFolder
    ? diagnoseFolder(config.dataDir, { ...disk, subject: "store", variable: "DATA_DIR" })
    : [found("skipped", "store", "doctor.settings_first")];
  let isOwn = true;
  if (broken.includes("DATABASE_URL")) {
    yield found("skipped", "store.postgres", "doctor.settings_first");
  } else if (config.databaseUrl !== undefined) {
    const { diagnosePostgres } = await import("./stores/postgres/diagnose-postgres.ts");
    yield* diagnosePostgres(config.databaseUrl);
  } else if (hasFolder) {
    const { diagnoseSqlite } = await import("./stores/sqlite/diagnose-sqlite.ts");
    const store = diagnoseSqlite(config.dataDir);
    isOwn = store.some(({ seen }) => seen.key === "doctor.store.held");
    yield* store;
  }
  yield* diagnoseBlobs(config.blobs, disk);
  const web = await lookAtWeb(config, options);
  yield* web.findings;
  if (web.running !== null && !isOwn) yield otherDocent(web.running.url, config.dataDir);
  yield* diagnoseServices(config, { ...options, services: SERVICES, broken, running: web.running });
}

async function lookAtWeb(
  { host, port, webToken }: Config,
  { tryToListen }: DiagnoseOptions,
): ReturnType<typeof diagnoseWeb> {
  const probe = tryToListen === undefined ? {} : { tryToListen };
  return await diagnoseWeb({ host, port, token: webToken, ...probe });
}

/** Each of the services that are asked for. SDKs are loaded only when they are used. */
async function* diagnoseServices(config: Config, options: ServiceOptions): Diagnosis {
  for (const service of options.services) {
    const diagnosis = await DIAGNOSES[service](config, options);
    yield* diagnosis === null ? [notSetUp(service, options.broken)] : guard(service, diagnosis);
  }
}

interface ServiceOptions extends DiagnoseOptions {
  readonly services: readonly Service[];
  readonly broken: readonly string[];
  readonly running: RunningDocent | null;
}

/** What is found out about a service; null when it is not set up. */
const DIAGNOSES: Readonly<Record<Service, (config: Config, options: ServiceOptions) => Promise<Diagnosis | null>>> = {
  async openai({ openai, model, reasoningEffort: effort }, { clock }) {
    if (openai === null) return null;
    const { diagnoseOpenAI } = await import("./engines/openai/doctor/diagnose-openai.ts");
    const reasoningEffort = effort === "auto" ? undefined : effort;
    return diagnoseOpenAI({ ...openai, model, reasoningEffort, clock, log: SILENT });
  },
  async slack({ slack }, { running, mayPost, patienceMs = PATIENCE_MS, clock }) {
    if (slack === null) return null;
    const { diagnoseSlack } = await import("./bots/slack/doctor/diagnose-slack.ts");
    const { botToken, apiUrl } = slack;
    const mode =
      slack.mode === "socket"
        ? ({ kind: "socket", appToken: slack.appToken } as const)
        : ({ kind: "http", signingSecret: slack.signingSecret } as const);
    return diagnoseSlack({ botToken, apiUrl, mode, running, mayPost, patienceMs, clock, log: SILENT });
  },
  async discord({ discord }, { gatewayMs }) {
    if (discord === null) return null;
    const { diagnoseDiscord } = await import("./bots/discord/doctor/diagnose-discord.ts");
    return diagnoseDiscord({ ...discord, ...(gatewayMs === undefined ? {} : { gatewayMs }) });
  },
};

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

function notSetUp(service: Service, broken: readonly string[]): Finding {
  return broken.some((name) => isOf(service, name))
    ? found("skipped", service, "doctor.settings_first")
    : found("skipped", service, `doctor.${service}.none`, ["doctor.setup_remedy", { service }]);
}

/** A server that is asked anyway. */
function addressOf({ openai, slack, discord }: Config): string | undefined {
  if (openai !== null) return openai.baseUrl ?? ADDRESSES.openai;
  if (slack !== null) return slack.apiUrl ?? ADDRESSES.slack;
  return discord === null ? undefined : (discord.apiUrl ?? ADDRESSES.discord);
}
