import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Client } from "pg";
import { parseConfig } from "../../src/config.ts";
import { createStores, type Stores } from "../../src/create-stores.ts";
import type { Engine } from "../../src/core/ports/engine.ts";
import type { Clock, Log } from "../../src/core/ports/system.ts";
import { createLocalEngine } from "../../src/engines/local/local-engine.ts";
import { startPostgresServer } from "../../test/servers/postgres-server.ts";

export type StoreKind = "sqlite" | "postgres";

/** The real stores of one program, empty. */
export interface GrowthStores extends Stores {
  readonly local: Engine;
  /** Writes that are made at once while it is filled. */
  readonly fillAtOnce: number;
  /** Has the database look at what it holds, as it does by itself after a while. */
  analyse(): Promise<void>;
}

export async function openStores(
  kind: StoreKind,
  deps: { readonly clock: Clock; readonly log: Log },
): Promise<GrowthStores> {
  const folder = mkdtempSync(path.join(tmpdir(), "docent-growth-"));
  const server = kind === "postgres" ? await startPostgresServer() : null;
  const url = await server?.createDatabase();
  const config = parseConfig({ DATA_DIR: folder, DATABASE_URL: url });
  const stores = await createStores(config, { ...deps, owner: randomUUID() });
  return {
    ...stores,
    local: createLocalEngine({ index: stores.passages }),
    fillAtOnce: kind === "sqlite" ? 500 : 20,
    async analyse() {
      if (url !== undefined) await run(url, "VACUUM ANALYZE");
    },
    async close() {
      await stores.close();
      await server?.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function run(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}
