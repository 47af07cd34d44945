import path from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { onTestFinished } from "vitest";
import { createDocent, type DocentOptions, type RunningDocent } from "../../src/core/docent.ts";
import type { Log } from "../../src/core/ports/system.ts";
import { createKeyedLock } from "../../src/core/keyed-lock.ts";
import { createSystemClock } from "../../src/core/system-clock.ts";
import { createDiskBlobs } from "../../src/stores/disk-blobs.ts";
import { openDatabase } from "../../src/stores/sqlite/open-database.ts";
import { createSqliteDocuments } from "../../src/stores/sqlite/sqlite-documents.ts";
import { createSqliteFeedback } from "../../src/stores/sqlite/sqlite-feedback.ts";
import { createSqliteInbox } from "../../src/stores/sqlite/sqlite-inbox.ts";
import { createSqliteJobs } from "../../src/stores/sqlite/sqlite-jobs.ts";
import { createSqliteUsage } from "../../src/stores/sqlite/sqlite-usage.ts";
import { noBudgets } from "./no-budgets.ts";
import { plainReader } from "./plain-reader.ts";
import { createRecordingBot, type RecordingBot } from "./recording-bot.ts";
import { createScriptedEngine, type ScriptedEngine } from "./scripted-engine.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export interface CoreUnderTest {
  readonly docent: RunningDocent;
  readonly engine: ScriptedEngine;
  readonly bot: RecordingBot;
  readonly folder: string;
  readonly db: DatabaseSync;
  readonly options: DocentOptions;
  /** Ends this process, as far as core can tell, and closes the file. */
  stop(): Promise<void>;
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** All turns that are stored, by state. */
export function countTurns({ db }: CoreUnderTest): Record<string, number> {
  const rows = db.prepare("SELECT state, count(*) AS n FROM turns GROUP BY state").all();
  return Object.fromEntries(rows.map((row) => [String(row["state"]), Number(row["n"])]));
}

/** Core on a real SQLite file, with an engine and a bot that do what the test says. */
export function startCore(change: Partial<DocentOptions> & { folder?: string } = {}): CoreUnderTest {
  const { folder = temporaryFolder(), clock = createSystemClock(), ...rest } = change;
  const database = openDatabase(folder);
  const engine = createScriptedEngine();
  const bot = createRecordingBot();
  const options: DocentOptions = {
    inbox: createSqliteInbox(database.db, clock),
    documents: createSqliteDocuments(database.db),
    blobs: createDiskBlobs(path.join(folder, "files")),
    reader: plainReader,
    bots: new Map([[bot.name, bot]]),
    engines: [engine],
    clock,
    log: silentLog,
    metrics: { count() {}, observe() {} },
    usage: createSqliteUsage(database.db),
    budgets: noBudgets(database.db),
    feedback: createSqliteFeedback(database.db),
    jobs: createSqliteJobs(database.db),
    knowledgeEditors: [],
    retentionDays: null,
    owner: "test",
    concurrentRuns: 4,
    limits: { maxFileMb: 1, maxFileTokens: 100_000 },
    lock: createKeyedLock(),
    blobsAreShared: false,
    readUploads: "asked",
    runDeadlineSeconds: 60,
    knowledgeInSharedChannels: false,
    language: null,
    ...rest,
  };
  const docent = createDocent(options);
  void docent.start();
  const stop = async (): Promise<void> => {
    await docent.stop();
    if (database.db.isOpen) database.close();
  };
  onTestFinished(stop);
  return { docent, engine, bot, folder, db: database.db, options, stop };
}
