import { Keyv } from "keyv";
import type { Config } from "./config.ts";
import { createKeyedLock } from "./core/keyed-lock.ts";
import { createLocalBulletin } from "./core/local-bulletin.ts";
import type { Clock } from "./core/ports/system.ts";
import type { Stores } from "./create-stores.ts";
import { createPassageIndex } from "./engines/local/passage-index.ts";
import { createSqlitePostings } from "./engines/local/sqlite-postings.ts";
import { createBlobs } from "./stores/create-blobs.ts";
import { openDatabase } from "./stores/sqlite/open-database.ts";
import { createSqliteBudgetLedger } from "./stores/sqlite/sqlite-budget-ledger.ts";
import { createSqliteDocuments } from "./stores/sqlite/sqlite-documents.ts";
import { createSqliteFeedback } from "./stores/sqlite/sqlite-feedback.ts";
import { createSqliteInbox } from "./stores/sqlite/sqlite-inbox.ts";
import { createSqliteJobs } from "./stores/sqlite/sqlite-jobs.ts";
import { createSqliteKeyvStore } from "./stores/sqlite/sqlite-keyv-store.ts";
import { createSqliteMessages } from "./stores/sqlite/sqlite-messages.ts";
import { createSqliteUsage } from "./stores/sqlite/sqlite-usage.ts";
import { PLAIN_JSON } from "./stores/plain-json.ts";

/** One machine: a SQLite file and a folder of files. */
export async function createEmbeddedStores({ dataDir, blobs }: Config, clock: Clock): Promise<Stores> {
  const database = openDatabase(dataDir);
  const { db } = database;
  const files = await createBlobs({ address: blobs, dataDir, postgres: null });
  return {
    inbox: createSqliteInbox(db, clock),
    documents: createSqliteDocuments(db),
    messages: createSqliteMessages(db),
    usage: createSqliteUsage(db),
    ledger: createSqliteBudgetLedger(db),
    feedback: createSqliteFeedback(db),
    jobs: createSqliteJobs(db),
    blobs: files.blobs,
    blobsAreShared: files.isShared,
    // Without `throwOnErrors` keyv takes a write that failed for done, and a failure to read for "not there".
    keyValue: <T>(namespace: string) =>
      new Keyv<T>({ store: createSqliteKeyvStore(db), namespace, throwOnErrors: true, ...PLAIN_JSON }),
    passages: createPassageIndex(createSqlitePostings(db)),
    lock: createKeyedLock(),
    bulletin: createLocalBulletin(),
    connections: null,
    checks: { store: () => Promise.resolve(database.check()), files: files.check },
    async close() {
      await files.close();
      database.close();
    },
  };
}
