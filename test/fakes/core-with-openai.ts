import path from "node:path";
import { Keyv } from "keyv";
import { createDocent, type DocentOptions, type RunningDocent } from "../../src/core/docent.ts";
import { createKeyedLock } from "../../src/core/keyed-lock.ts";
import type { BudgetLedger, BudgetLimits } from "../../src/core/ports/budget-ledger.ts";
import type { Inbox } from "../../src/core/ports/stores.ts";
import type { Clock, Log } from "../../src/core/ports/system.ts";
import { createLocalEngine } from "../../src/engines/local/local-engine.ts";
import { createPassageIndex } from "../../src/engines/local/passage-index.ts";
import { createSqlitePostings } from "../../src/engines/local/sqlite-postings.ts";
import { createOpenAIEngine, type OpenAIEngine } from "../../src/engines/openai/openai-engine.ts";
import type { OpenAIEngineOptions } from "../../src/engines/openai/openai-engine-options.ts";
import { createOpenAIStores } from "../../src/engines/openai/records.ts";
import { PLAIN_JSON } from "../../src/stores/plain-json.ts";
import { createDiskBlobs } from "../../src/stores/disk-blobs.ts";
import { openDatabase } from "../../src/stores/sqlite/open-database.ts";
import { createSqliteDocuments } from "../../src/stores/sqlite/sqlite-documents.ts";
import { createSqliteFeedback } from "../../src/stores/sqlite/sqlite-feedback.ts";
import { createSqliteInbox } from "../../src/stores/sqlite/sqlite-inbox.ts";
import { createSqliteJobs } from "../../src/stores/sqlite/sqlite-jobs.ts";
import { createSqliteKeyvStore } from "../../src/stores/sqlite/sqlite-keyv-store.ts";
import { createSqliteUsage } from "../../src/stores/sqlite/sqlite-usage.ts";
import { noBudgets } from "./no-budgets.ts";
import { plainReader } from "./plain-reader.ts";
import { createRecordingBot, type RecordingBot } from "./recording-bot.ts";

export interface CoreWithOpenAI {
  readonly docent: RunningDocent;
  readonly bot: RecordingBot;
  readonly engine: OpenAIEngine;
  readonly inbox: Inbox;
  readonly ledger: BudgetLedger;
  stop(): Promise<void>;
}

/** Core on a real SQLite file, with OpenAI's engine through its SDK in front and the local engine behind it. */
export function startCoreWithOpenAI(options: {
  url: string;
  folder: string;
  clock: Clock;
  log: Log;
  engine?: Partial<OpenAIEngineOptions>;
  core?: Partial<DocentOptions>;
  limits?: BudgetLimits;
}): CoreWithOpenAI {
  const { clock, log, folder } = options;
  const database = openDatabase(folder);
  const { db } = database;
  const keyValue = <T>(namespace: string): Keyv<T> =>
    new Keyv<T>({ store: createSqliteKeyvStore(db), namespace, throwOnErrors: true, ...PLAIN_JSON });
  const engine = createOpenAIEngine({
    apiKey: "test-key",
    baseUrl: options.url,
    model: "gpt-6-luna",
    inlineMaxTokens: 1_000,
    deadlineSeconds: 300,
    stores: createOpenAIStores(keyValue),
    lock: createKeyedLock(),
    clock,
    log,
    ...options.engine,
  });
  const local = createLocalEngine({ index: createPassageIndex(createSqlitePostings(db)), isStandIn: true });
  const bot = createRecordingBot();
  const budgets = { ...noBudgets(db), ...(options.limits === undefined ? {} : { limits: options.limits }) };
  const inbox = createSqliteInbox(db, clock);
  const docent = createDocent({
    inbox,
    documents: createSqliteDocuments(db),
    blobs: createDiskBlobs(path.join(folder, "files")),
    reader: plainReader,
    bots: new Map([[bot.name, bot]]),
    engines: [engine, local],
    clock,
    log,
    metrics: { count() {}, observe() {} },
    usage: createSqliteUsage(db),
    budgets,
    feedback: createSqliteFeedback(db),
    jobs: createSqliteJobs(db),
    knowledgeEditors: [],
    retentionDays: null,
    owner: "test",
    concurrentRuns: 16,
    limits: { maxFileMb: 1, maxFileTokens: 100_000 },
    lock: createKeyedLock(),
    blobsAreShared: false,
    readUploads: "asked",
    runDeadlineSeconds: 300,
    knowledgeInSharedChannels: false,
    language: null,
    ...options.core,
  });
  void docent.start();
  return {
    docent,
    bot,
    engine,
    inbox,
    ledger: budgets.ledger,
    async stop() {
      await docent.stop();
      await engine.stop();
      database.close();
    },
  };
}
