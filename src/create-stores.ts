import type { Config } from "./config.ts";
import type { BudgetLedger } from "./core/ports/budget-ledger.ts";
import type { Readiness } from "./core/ports/readiness.ts";
import type { Blobs, Documents, FeedbackLog, Inbox, Jobs, KeyValue, MessageLog } from "./core/ports/stores.ts";
import type { UsageLog } from "./core/ports/usage-log.ts";
import type { Bulletin, Clock, Lock, Log } from "./core/ports/system.ts";
import type { PassageIndex } from "./engines/local/passage-index.ts";

/** Everything that outlives the process, and what processes that share it agree by. */
export interface Stores {
  readonly inbox: Inbox;
  readonly documents: Documents;
  readonly messages: MessageLog;
  readonly usage: UsageLog;
  readonly ledger: BudgetLedger;
  readonly feedback: FeedbackLog;
  readonly jobs: Jobs;
  readonly blobs: Blobs;
  /** Other replicas may be writing files to the same place. */
  readonly blobsAreShared: boolean;
  readonly keyValue: <T>(namespace: string) => KeyValue<T>;
  readonly passages: PassageIndex;
  readonly lock: Lock;
  readonly bulletin: Bulletin;
  /** Connections to a database, by what they do; null where it is a file. */
  readonly connections: (() => Readonly<Record<string, number>>) | null;
  readonly checks: Readonly<Record<string, () => Promise<Readiness>>>;
  close(): Promise<void>;
}

/** Where the configuration says: on this machine alone, or in a database that several replicas share. */
export async function createStores(
  config: Config,
  deps: { readonly owner: string; readonly clock: Clock; readonly log: Log },
): Promise<Stores> {
  // Loaded only when it is used: a driver takes time and memory.
  if (config.databaseUrl === undefined) {
    const { createEmbeddedStores } = await import("./create-embedded-stores.ts");
    return await createEmbeddedStores(config, deps.clock);
  }
  const { createSharedStores } = await import("./create-shared-stores.ts");
  return await createSharedStores({ ...config, databaseUrl: config.databaseUrl }, deps);
}
