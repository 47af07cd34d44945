import { randomUUID } from "node:crypto";
import { constants, hostname } from "node:os";
import { ConfigError, isLoopback, parseConfig, type Config } from "./config.ts";
import { createDocent } from "./core/docent.ts";
import { isDocentError } from "./core/errors.ts";
import type { Bot } from "./core/ports/bot.ts";
import type { BudgetLedger } from "./core/ports/budget-ledger.ts";
import type { Engine } from "./core/ports/engine.ts";
import type { Readiness } from "./core/ports/readiness.ts";
import type { Clock, Log, Metrics } from "./core/ports/system.ts";
import { recordNotes } from "./core/spending/record-usage.ts";
import type { Budgets } from "./core/spending/budgets.ts";
import { createSystemClock } from "./core/system-clock.ts";
import { text } from "./core/texts/text.ts";
import { createBots } from "./create-bots.ts";
import { createDotenvSetup } from "./create-dotenv-setup.ts";
import { createStores, type Stores } from "./create-stores.ts";
import { createLocalEngine } from "./engines/local/local-engine.ts";
import { createMetrics } from "./http/metrics.ts";
import { registerGauges } from "./http/register-gauges.ts";
import { startHttpServer } from "./http/server.ts";
import { createLog } from "./log.ts";
import { isOpenToOthers, readDotenv } from "./read-dotenv.ts";
import { takeFirstLook } from "./first-look.ts";
import { findUnusedSettings } from "./find-unused-settings.ts";
import { createReader } from "./readers/create-reader.ts";
import { createRedact, type Redact } from "./redact.ts";
import { readVersion } from "./read-version.ts";
import { requirePrice } from "./require-price.ts";
import { secretsOf } from "./secrets-of.ts";
import { welcome } from "./welcome.ts";

/** After this long a stop is forced; what is not finished is in the inbox. */
const STOP_WITHIN_MS = 9_000;

const STOP_SIGNALS = ["SIGTERM", "SIGINT"] as const;

/** What may be written where people read it. Knows the secrets of the configuration once that is read. */
let redact: Redact = createRedact([]);

/** The composition root: the only place that reads the environment and knows every room. */
async function main(): Promise<void> {
  const file = readDotenv(".env");
  const env = { ...file, ...process.env };
  const config = parseConfig(env);
  redact = createRedact(secretsOf(config));
  const isTerminal = process.stdout.isTTY;
  const log = createLog({
    level: config.logLevel,
    format: config.logFormat === "auto" ? (isTerminal ? "pretty" : "json") : config.logFormat,
    redact,
    stream: process.stderr,
    colours: isTerminal,
  });
  if (isOpenToOthers(".env")) log.warn("Other users of this machine can read .env: chmod 600 .env");
  for (const { seen, remedy } of findUnusedSettings(file, env)) {
    log.warn(
      [seen, remedy]
        .map((said) => (said === null ? "" : text(said.key, "en", said.values)))
        .join(" ")
        .trim(),
    );
  }
  process.on("unhandledRejection", (error) => log.error("Something failed that nobody waited for.", { error }));

  // As Node ends it, but for the secrets that an error may name.
  process.on("uncaughtException", (error) => {
    log.error("Something failed that nobody foresaw: the program ends.", { error });
    process.exit(1);
  });

  // Until it is ready there is nothing to let go of. Process 1 of a container gets no signal that it does not listen to.
  const endAtOnce = (signal: NodeJS.Signals): void => process.exit(128 + constants.signals[signal]);
  for (const signal of STOP_SIGNALS) process.once(signal, endAtOnce);

  const clock = createSystemClock();
  const metrics = createMetrics({ log });
  // In containers every process has the same number.
  const owner = `${hostname()} ${process.pid} ${randomUUID()}`;
  const stores = await createStores(config, { owner, clock, log });
  const { inbox } = stores;
  const reader = createReader();
  const engines = await createEngines(config, stores, { clock, log, metrics });
  const [engine] = engines;
  // Asked now, so that the answer is there when people are told what works; it is kept for a minute.
  void engine.check().catch(() => undefined);
  // With a token the page is meant for others, perhaps behind a proxy that leaves no sign of itself.
  const isForSetup = isLoopback(config.host) && config.webToken === undefined;
  const setup = isForSetup ? createDotenvSetup(process.env, log) : undefined;
  const botDeps = { ...stores, clock, log, metrics, engine, setup };
  const { bots, mounts } = await createBots(config, botDeps);
  const docent = createDocent({
    ...stores,
    reader,
    bots,
    engines,
    clock,
    log,
    metrics,
    budgets: toBudgets(config, stores.ledger),
    knowledgeEditors: config.knowledgeEditors,
    retentionDays: config.retentionDays,
    owner,
    concurrentRuns: config.concurrentRuns,
    limits: { maxFileMb: config.maxFileMb, maxFileTokens: config.maxFileTokens },
    readUploads: config.readUploads,
    runDeadlineSeconds: config.runDeadlineSeconds,
    knowledgeInSharedChannels: config.knowledgeInSharedChannels,
    language: config.language === "auto" ? null : config.language,
  });
  const version = readVersion();
  registerGauges(metrics, {
    version,
    now: () => clock.now(),
    openTurns: () => inbox.counts(),
    waiting: () => inbox.waiting(),
    connections: () => countConnections(bots),
    postgres: stores.connections,
  });

  await Promise.all([...bots.values()].map((bot) => bot.start(docent)));
  await docent.start();
  const parts = [...bots.values(), ...engines].map((part) => [part.name, () => part.check()] as const);
  const checks = { ...Object.fromEntries(parts), ...stores.checks };
  const http = await startHttpServer({
    host: config.host,
    port: config.port,
    mounts,
    checks,
    expose: () => metrics.expose(),
    redact,
    token: config.webToken,
    trustedProxies: config.trustedProxies,
    clock,
    log,
  });
  // Before anybody is told that it is ready, and may want it to stop.
  for (const signal of STOP_SIGNALS) {
    process.off(signal, endAtOnce);
    process.once(signal, () => void stop(signal).catch((error: unknown) => log.error("Stopping failed.", { error })));
  }
  const states = await takeFirstLook(checks, { clock, onLate: logState });
  for (const [part, state] of Object.entries(states)) if (state !== null && !state.ready) logState(part, state);
  const shown = { version, url: http.url, config, engineName: engine.name, hasSetup: isForSetup, parts: states };
  process.stdout.write(redact(welcome(shown)));

  /** Bots tell of themselves. */
  function logState(part: string, state: Readiness): void {
    if (bots.has(part)) return;
    if (state.ready) log.info("It was checked and works.", { part });
    else log.warn(state.reason, { part });
  }

  async function stop(signal: string): Promise<void> {
    log.info("Stopping; what is under way goes on at the next start.", { signal });
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    // Side by side, as each may have something to wait for.
    await Promise.all([...bots.values()].map((bot) => bot.stop()));
    await http.stop();
    await docent.stop();
    await Promise.all([...engines.map((each) => each.stop()), reader.stop()]);
    await stores.close();
    process.exit(0);
  }
}

/** Who answers first stands first. The local engine always stands behind, for when the model is out of reach. */
async function createEngines(
  config: Config,
  { passages, keyValue, ledger, lock }: Stores,
  { clock, log, metrics }: { clock: Clock; log: Log; metrics: Metrics },
): Promise<readonly [Engine, ...Engine[]]> {
  const local = createLocalEngine({ index: passages, isStandIn: config.openai !== null });
  if (config.openai === null) return [local];
  // Loaded only when it is used: the SDK takes time and memory.
  const { createOpenAIEngine } = await import("./engines/openai/openai-engine.ts");
  const { createOpenAIStores } = await import("./engines/openai/records.ts");
  await requirePrice(config);
  const openai = createOpenAIEngine({
    apiKey: config.openai.apiKey,
    baseUrl: config.openai.baseUrl,
    model: config.model,
    inlineMaxTokens: config.inlineMaxTokens,
    reasoningEffort: config.reasoningEffort === "auto" ? undefined : config.reasoningEffort,
    onUsage: (question, usage) =>
      void recordNotes(question, usage, { clock, metrics, budgets: toBudgets(config, ledger) }).catch(
        (error: unknown) => log.error("What notes cost could not be written down.", { error }),
      ),
    deadlineSeconds: config.runDeadlineSeconds,
    stores: createOpenAIStores(keyValue),
    lock,
    clock,
    log,
  });
  return [openai, local];
}

function toBudgets({ budgets, timeZone }: Config, ledger: BudgetLedger): Budgets {
  return { ledger, limits: budgets, timeZone };
}

/** Bots that keep connections to their platform, and how many. */
function countConnections(bots: ReadonlyMap<string, Bot>): Record<string, number> {
  const counts = [...bots].map(([name, bot]) => [name, bot.connections?.()] as const);
  return Object.fromEntries(counts.filter((entry): entry is [string, number] => entry[1] !== undefined));
}

try {
  await main();
} catch (error) {
  // What the operator can mend is said plainly; anything else is ours and comes with its stack.
  const isPlain = error instanceof ConfigError || isDocentError(error);
  const seen = isPlain ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
  const help =
    error instanceof ConfigError
      ? "\n\nTo go through it step by step: npm run setup. To have it checked: npm run doctor."
      : "";
  process.stderr.write(`${redact(seen)}${help}\n`);
  process.exit(1);
}
