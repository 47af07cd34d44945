import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { DocentOptions } from "../../src/core/docent.ts";
import type { Engine } from "../../src/core/ports/engine.ts";
import type { MessageLog } from "../../src/core/ports/stores.ts";
import type { Clock } from "../../src/core/ports/system.ts";
import { createLocalEngine } from "../../src/engines/local/local-engine.ts";
import { createPassageIndex } from "../../src/engines/local/passage-index.ts";
import { createDiskBlobs } from "../../src/stores/disk-blobs.ts";
import { openDatabase } from "../../src/stores/sqlite/open-database.ts";
import { createSqliteDocuments } from "../../src/stores/sqlite/sqlite-documents.ts";
import { createSqliteFeedback } from "../../src/stores/sqlite/sqlite-feedback.ts";
import { createSqliteInbox } from "../../src/stores/sqlite/sqlite-inbox.ts";
import { createSqliteJobs } from "../../src/stores/sqlite/sqlite-jobs.ts";
import { createSqliteMessages } from "../../src/stores/sqlite/sqlite-messages.ts";
import { createSqliteUsage } from "../../src/stores/sqlite/sqlite-usage.ts";

export type StoreKind = "sqlite" | "postgres";

/** The real stores of one program, empty. */
export interface GrowthStores extends Pick<
  DocentOptions,
  "inbox" | "documents" | "blobs" | "usage" | "feedback" | "jobs"
> {
  readonly messages: MessageLog;
  readonly local: Engine;
  /** Writes that are made at once while it is filled. */
  readonly fillAtOnce: number;
  /** Has the database look at what it holds, as it does by itself after a while. */
  analyse(): Promise<void>;
  close(): Promise<void>;
}

export async function openStores(kind: StoreKind, clock: Clock): Promise<GrowthStores> {
  const folder = mkdtempSync(path.join(tmpdir(), "docent-growth-"));
  if (kind === "postgres") throw new Error("Not yet.");
  return await Promise.resolve(openSqlite(folder, clock));
}

function openSqlite(folder: string, clock: Clock): GrowthStores {
  const database = openDatabase(folder);
  const { db } = database;
  return {
    inbox: createSqliteInbox(db, clock),
    documents: createSqliteDocuments(db),
    messages: createSqliteMessages(db),
    usage: createSqliteUsage(db),
    feedback: createSqliteFeedback(db),
    jobs: createSqliteJobs(db),
    blobs: createDiskBlobs(path.join(folder, "files")),
    local: createLocalEngine({ index: createPassageIndex(db) }),
    fillAtOnce: 500,
    analyse: () => Promise.resolve(),
    close() {
      database.close();
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}
