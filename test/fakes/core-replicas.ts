import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { createDocent, type DocentOptions, type RunningDocent } from "../../src/core/docent.ts";
import { createKeyedLock } from "../../src/core/keyed-lock.ts";
import { createLocalBulletin } from "../../src/core/local-bulletin.ts";
import type { Bot } from "../../src/core/ports/bot.ts";
import type { Documents, KeyValue } from "../../src/core/ports/stores.ts";
import type { Bulletin, Clock, Lock } from "../../src/core/ports/system.ts";
import { createDiskBlobs } from "../../src/stores/disk-blobs.ts";
import { openDatabase } from "../../src/stores/sqlite/open-database.ts";
import { createSqliteDocuments } from "../../src/stores/sqlite/sqlite-documents.ts";
import { createSqliteFeedback } from "../../src/stores/sqlite/sqlite-feedback.ts";
import { createSqliteInbox } from "../../src/stores/sqlite/sqlite-inbox.ts";
import { createSqliteJobs } from "../../src/stores/sqlite/sqlite-jobs.ts";
import { createSqliteUsage } from "../../src/stores/sqlite/sqlite-usage.ts";
import { silentLog } from "./core-under-test.ts";
import { noBudgets } from "./no-budgets.ts";
import { plainReader } from "./plain-reader.ts";
import { createScriptedEngine, type ScriptedEngine } from "./scripted-engine.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export interface Replica {
  readonly docent: RunningDocent;
  readonly bot: Bot;
  stop(): Promise<void>;
}

/** What replicas share, whatever the store is. */
export interface SharedStore {
  readonly seen: KeyValue<unknown>;
  readonly lock: Lock;
  readonly bulletin: Bulletin;
}

/** Several cores, each with a bot of its own, on one store: what replicas are, within one process. */
export interface CoreReplicas extends SharedStore {
  /** What bots have kept. */
  readonly kept: ReadonlyMap<string, unknown>;
  readonly engine: ScriptedEngine;
  readonly documents: Documents;
  /** Starts one more; `makeBot` may wrap what it is given. */
  add(makeBot: (shared: SharedStore) => Bot): Promise<Replica>;
  close(): Promise<void>;
}

export function createCoreReplicas(options: {
  readonly clock: Clock;
  readonly bulletin?: Bulletin;
  /** Called when a bot has kept something. */
  readonly onKept?: () => void;
}): CoreReplicas {
  const { clock } = options;
  const folder = temporaryFolder();
  const database = openDatabase(folder);
  const { db } = database;
  const engine = createScriptedEngine();
  const kept = new Map<string, unknown>();
  // Every call takes a moment, so that replicas come in between a reading and the writing that follows from it.
  const seen: KeyValue<unknown> = {
    get: (key) => setImmediate(structuredClone(kept.get(key))),
    async set(key, value) {
      await setImmediate();
      kept.set(key, structuredClone(value));
      options.onKept?.();
    },
    async delete(key) {
      await setImmediate();
      return kept.delete(key);
    },
  };
  const shared: SharedStore = { seen, lock: createKeyedLock(), bulletin: options.bulletin ?? createLocalBulletin() };
  const stores = {
    inbox: createSqliteInbox(db, clock),
    documents: createSqliteDocuments(db),
    blobs: createDiskBlobs(path.join(folder, "files")),
    usage: createSqliteUsage(db),
    budgets: noBudgets(db),
    feedback: createSqliteFeedback(db),
    jobs: createSqliteJobs(db),
  };
  const running: Replica[] = [];

  return {
    ...shared,
    kept,
    engine,
    documents: stores.documents,
    async add(makeBot) {
      const bot = makeBot(shared);
      const settings: DocentOptions = {
        ...stores,
        reader: plainReader,
        bots: new Map([[bot.name, bot]]),
        engines: [engine],
        clock,
        log: silentLog,
        metrics: { count() {}, observe() {} },
        knowledgeEditors: [],
        retentionDays: null,
        owner: `replica ${running.length}`,
        concurrentRuns: 4,
        limits: { maxFileMb: 1, maxFileTokens: 100_000 },
        lock: shared.lock,
        blobsAreShared: true,
        readUploads: "asked",
        runDeadlineSeconds: 600,
        knowledgeInSharedChannels: false,
        language: null,
      };
      const docent = createDocent(settings);
      let isStopped = false;
      const replica: Replica = {
        docent,
        bot,
        async stop() {
          if (isStopped) return;
          isStopped = true;
          await bot.stop();
          await docent.stop();
        },
      };
      running.push(replica);
      await bot.start(docent);
      await docent.start();
      return replica;
    },
    async close() {
      for (const replica of running) await replica.stop();
      database.close();
    },
  };
}
