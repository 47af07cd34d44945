import { Keyv } from "keyv";
import type { Config } from "./config.ts";
import type { Log } from "./core/ports/system.ts";
import type { Stores } from "./create-stores.ts";
import { createPassageIndex } from "./engines/local/passage-index.ts";
import { createPostgresPostings } from "./engines/local/postgres-postings.ts";
import { createBlobs } from "./stores/create-blobs.ts";
import { openPostgres } from "./stores/postgres/open-postgres.ts";
import { createPostgresBulletin } from "./stores/postgres/postgres-bulletin.ts";
import { createPostgresBudgetLedger } from "./stores/postgres/postgres-budget-ledger.ts";
import { createPostgresDocuments } from "./stores/postgres/postgres-documents.ts";
import { createPostgresFeedback } from "./stores/postgres/postgres-feedback.ts";
import { createPostgresInbox } from "./stores/postgres/postgres-inbox.ts";
import { createPostgresJobs } from "./stores/postgres/postgres-jobs.ts";
import { createPostgresKeyvStore } from "./stores/postgres/postgres-keyv-store.ts";
import { createPostgresLock } from "./stores/postgres/postgres-lock.ts";
import { createPostgresMessages } from "./stores/postgres/postgres-messages.ts";
import { createPostgresUsage } from "./stores/postgres/postgres-usage.ts";
import { PLAIN_JSON } from "./stores/plain-json.ts";

/** Connections of a replica to Postgres for its statements; one more listens. */
const CONNECTIONS = 10;

/** A Postgres that several replicas share. */
export async function createSharedStores(
  { databaseUrl, dataDir, blobs }: Config & { readonly databaseUrl: string },
  { owner, log }: { readonly owner: string; readonly log: Log },
): Promise<Stores> {
  const postgres = await openPostgres({ url: databaseUrl, log, max: CONNECTIONS });
  const bulletin = createPostgresBulletin(postgres, { url: databaseUrl, log });
  await bulletin.start();
  const files = await createBlobs({ address: blobs, dataDir, postgres });
  const { lock, stop } = createPostgresLock(postgres, { owner, log });
  return {
    inbox: createPostgresInbox(postgres, bulletin),
    documents: createPostgresDocuments(postgres),
    messages: createPostgresMessages(postgres),
    usage: createPostgresUsage(postgres),
    ledger: createPostgresBudgetLedger(postgres),
    feedback: createPostgresFeedback(postgres),
    jobs: createPostgresJobs(postgres),
    blobs: files.blobs,
    blobsAreShared: files.isShared,
    // Without `throwOnErrors` keyv takes a write that failed for done, and a failure to read for "not there".
    keyValue: <T>(namespace: string) =>
      new Keyv<T>({ store: createPostgresKeyvStore(postgres), namespace, throwOnErrors: true, ...PLAIN_JSON }),
    passages: createPassageIndex(createPostgresPostings(postgres)),
    lock,
    bulletin,
    connections: () => {
      const { open, busy } = postgres.connections();
      return { busy, idle: open - busy };
    },
    checks: { store: () => postgres.check(), files: files.check },
    async close() {
      stop();
      await bulletin.stop();
      await files.close();
      await postgres.close();
    },
  };
}
