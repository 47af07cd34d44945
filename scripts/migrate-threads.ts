/**
 * `npm run migrate:threads -- FILE…`: makes the channel → thread ids of a bot on the Assistants API into conversations
 * of Docent's, with what history the files hold. `--dry-run` shows what would happen and what it costs; `--replace` also
 * begins conversations afresh that are there already; `--no-notes` leaves older messages out; `--workspace ID` says
 * where channels are when there is no token to ask with; `--files` lists what the old assistants left at OpenAI.
 * Without DATABASE_URL Docent must not be running. Exits with 1 when something was wrong or failed, with 2 when it
 * could not begin.
 */
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "dotenv";
import { ConfigError, parseConfig, type Config } from "../src/config.ts";
import { DocentError, isDocentError, type ErrorCode } from "../src/core/errors.ts";
import type { Log } from "../src/core/ports/system.ts";
import { createSystemClock } from "../src/core/system-clock.ts";
import { createStores, type Stores } from "../src/create-stores.ts";
import { createHistoryMover } from "../src/engines/openai/moving/history-mover.ts";
import { createOpenAIClient } from "../src/engines/openai/openai-client.ts";
import { planHistory, type HistoryPlan } from "../src/engines/openai/moving/plan-history.ts";
import { createOpenAIStores } from "../src/engines/openai/records.ts";
import { countTokens } from "../src/readers/count-tokens.ts";
import { createRedact } from "../src/redact.ts";
import { requirePrice } from "../src/require-price.ts";
import { secretsOf } from "../src/secrets-of.ts";
import { openRecords } from "./open-records.ts";
import { readArguments } from "./read-arguments.ts";
import { collectChannels, type ChannelHistory } from "./threads/collect-channels.ts";
import { createPlaceFinder } from "./threads/find-places.ts";
import { foresee } from "./threads/foresee.ts";
import type { Input } from "./threads/input.ts";
import { moveChannel, MOVING, type Moving } from "./threads/move-channel.ts";
import { listOldFiles, namedFiles } from "./threads/old-files.ts";
import { readFiles } from "./threads/read-files.ts";
import { foreseenText, inputText, leftText, nothingText, outcomeText, usdText } from "./threads/report.ts";

const USAGE = `npm run migrate:threads -- FILE… [--dry-run] [--replace] [--no-notes] [--workspace ID]
npm run migrate:threads -- --files

Makes the channels of a bot on the Assistants API into conversations of Docent's, with the history that the files hold:
docs/moving-from-assistants.md. Without DATABASE_URL Docent must not be running.

  --dry-run       shows what would happen and what it costs, and changes nothing
  --replace       also begins conversations afresh that are there already
  --no-notes      leaves messages out that are too old to stand word by word
  --workspace ID  where channels are, when there is no token to ask with
  --files         lists what the old assistants left at OpenAI

Ends with 1 when something was wrong or failed, with 2 when it could not begin.
`;

const DAY_MS = 24 * 60 * 60_000;

/** With these every further channel would fail as well. */
const OF_ALL: readonly ErrorCode[] = [
  "out_of_credit",
  "invalid_key",
  "model_not_available",
  "engine_unreachable",
  "budget_used_up",
];

const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };
const clock = createSystemClock();
const stopping = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => stopping.abort(new DocentError("stopping", "Stopped. Run it again to go on.")));
}
let redact = createRedact([]);

try {
  process.exitCode = await main();
} catch (error) {
  const isPlain = error instanceof ConfigError || isDocentError(error);
  const seen = error instanceof Error ? (isPlain ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`${redact(seen)}\n`);
  process.exitCode = 2;
}

interface Settings {
  readonly files: readonly string[];
  readonly dryRun: boolean;
  readonly replace: boolean;
  readonly withNotes: boolean;
  readonly listFiles: boolean;
  readonly workspace: string | null;
}

function readSettings(): Settings {
  const flag = { type: "boolean", default: false } as const;
  const { values, positionals } = readArguments(USAGE, {
    allowPositionals: true,
    options: {
      "dry-run": flag,
      replace: flag,
      "no-notes": flag,
      files: flag,
      workspace: { type: "string" },
    },
  });
  if (positionals.length === 0 && !values.files) {
    throw new ConfigError(["Say which files tell of the channels and threads: npm run migrate:threads -- FILE"]);
  }
  return {
    files: positionals,
    dryRun: values["dry-run"],
    replace: values.replace,
    withNotes: !values["no-notes"],
    listFiles: values.files,
    workspace: values.workspace ?? null,
  };
}

async function main(): Promise<number> {
  const settings = readSettings();
  const config = parseConfig({ ...(existsSync(".env") ? parse(readFileSync(".env")) : {}), ...process.env });
  redact = createRedact(secretsOf(config));
  const input = readFiles(settings.files, clock.now());
  await using opened = new AsyncDisposableStack();
  // First of all: it refuses where Docent runs.
  const stores =
    settings.dryRun || !hasHistory(input)
      ? null
      : opened.adopt(await createStores(config, { owner: `threads ${randomUUID()}`, clock, log: SILENT }), (each) =>
          each.close(),
        );
  const findPlace = createPlaceFinder(config, { ...settings, clock, log: SILENT, signal: stopping.signal });
  const keptSince = config.retentionDays === null ? null : clock.now() - config.retentionDays * DAY_MS;
  const { histories, bare } = await collectChannels(input, findPlace, { keptSince });
  process.stdout.write(inputText(input));

  const { model } = config;
  for (const channel of bare) process.stdout.write(`${channel}  ${nothingText(0)}\n`);
  const planned = histories.map((history) => {
    const options = { model, withNotes: settings.withNotes, countTokens };
    return { history, plan: planHistory(history.found.conversation, history.messages, options) };
  });
  const isWell =
    stores === null
      ? await showPlanned(planned, config, settings)
      : await movePlanned(planned, stores, config, { ...settings, bare: bare.length });
  if (settings.listFiles) await showOldFiles(input, config);
  return input.problems.length === 0 && isWell ? 0 : 1;
}

interface Planned {
  readonly history: ChannelHistory;
  readonly plan: HistoryPlan;
}

async function showPlanned(planned: readonly Planned[], config: Config, settings: Settings): Promise<boolean> {
  if (planned.length === 0) return true;
  const isNew = config.databaseUrl === undefined && !existsSync(path.join(config.dataDir, "docent.db"));
  const records = isNew ? null : await openRecords(config, SILENT);
  let moved = 0;
  let usd = 0;
  try {
    for (const { history, plan } of planned) {
      const reason = await foresee(history.found.conversation, records, settings.replace);
      const isFilled = plan.kept.length > 0;
      if (isFilled && reason === null) {
        moved += 1;
        usd += plan.costUsd ?? 0;
        tell(history, foreseenText(plan, history, config.model));
      } else tell(history, isFilled && reason !== null ? leftText(reason) : nothingText(history.tooOld));
    }
  } finally {
    await records?.close();
  }
  process.stdout.write(`${moved} of ${planned.length} channels would be moved; notes about ${usdText(usd)}. `);
  process.stdout.write("Nothing was changed.\n");
  return true;
}

async function movePlanned(
  planned: readonly Planned[],
  stores: Stores,
  config: Config,
  { replace, bare }: Settings & { readonly bare: number },
): Promise<boolean> {
  const { openai, model, budgets: limits, timeZone } = config;
  const withHistory = planned.filter(({ plan }) => plan.kept.length > 0);
  for (const { history } of planned.filter((each) => !withHistory.includes(each)))
    tell(history, nothingText(history.tooOld));
  if (withHistory.length === 0) return true;
  if (openai === null) {
    throw new ConfigError(["OPENAI_API_KEY is not set. What a channel remembers lies at OpenAI: set the key first."]);
  }
  await requirePrice(config);
  const { keyValue, lock, inbox, ledger } = stores;
  const mover = createHistoryMover({
    apiKey: openai.apiKey,
    ...(openai.baseUrl === undefined ? {} : { baseUrl: openai.baseUrl }),
    model,
    inlineMaxTokens: config.inlineMaxTokens,
    stores: createOpenAIStores(keyValue),
    lock,
    clock,
    log: SILENT,
  });
  const budgets = { ledger, limits, timeZone };
  const deps = { mover, moving: keyValue<Moving>(MOVING), inbox, lock, clock, budgets, signal: stopping.signal };
  const counts = { moved: 0, left: 0, failed: 0 };
  for (const { history, plan } of withHistory) {
    const outcome = await moveChannel(history, plan, { ...deps, replace });
    counts[outcome.kind] += 1;
    tell(history, outcomeText(outcome, plan, history));
    if (outcome.kind === "failed" && OF_ALL.includes(outcome.code)) break;
  }
  const untried = withHistory.length - counts.moved - counts.left - counts.failed;
  const rest = untried === 0 ? "" : `, ${untried} not tried`;
  process.stdout.write(
    `${counts.moved} moved, ${counts.left} left alone, ${counts.failed} failed${rest}; ` +
      `${bare + planned.length - withHistory.length} without history.\n`,
  );
  return counts.failed === 0;
}

async function showOldFiles(input: Input, { openai, model }: Config): Promise<void> {
  if (openai === null) throw new ConfigError(["OPENAI_API_KEY is not set: nobody can be asked about old files."]);
  const client = createOpenAIClient({ ...openai, model, clock, log: SILENT });
  for (const line of await listOldFiles(client, namedFiles(input))) process.stdout.write(`${line}\n`);
}

/** Whether the files hold anything that was said. */
function hasHistory({ entries, histories }: Input): boolean {
  return histories.length > 0 || entries.some(({ messages }) => messages.length > 0);
}

function tell({ label }: ChannelHistory, text: string): void {
  process.stdout.write(redact(`${label}  ${text}\n`));
}
