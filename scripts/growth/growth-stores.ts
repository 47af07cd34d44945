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

/** The real stores of one program. */
export interface GrowthStores extends Stores {
  readonly local: Engine;
}

/** Makes databases that are filled once and measured after that. */
export interface GrowthServer {
  readonly kind: StoreKind;
  /** Writes that are made at once while a database is filled. */
  readonly fillAtOnce: number;
  /** An empty database, filled by `fill` and opened again. */
  open(fill: (stores: GrowthStores) => Promise<void>): Promise<GrowthStores>;
  close(): Promise<void>;
}

export async function startGrowthServer(
  kind: StoreKind,
  deps: { readonly clock: Clock; readonly log: Log },
): Promise<GrowthServer> {
  const server = kind === "postgres" ? await startPostgresServer() : null;
  const opened: GrowthStores[] = [];
  const folders: string[] = [];

  function makeFolder(): string {
    const folder = mkdtempSync(path.join(tmpdir(), "docent-growth-"));
    folders.push(folder);
    return folder;
  }

  async function openStores(folder: string, url: string | undefined): Promise<GrowthStores> {
    const config = parseConfig({ DATA_DIR: folder, DATABASE_URL: url });
    const stores = await createStores(config, { ...deps, owner: randomUUID() });
    return { ...stores, local: createLocalEngine({ index: stores.passages }) };
  }

  return {
    kind,
    fillAtOnce: kind === "sqlite" ? 500 : 16,
    async open(fill) {
      const folder = makeFolder();
      const url = await server?.createDatabase();
      // While it is filled nothing has to survive a power cut.
      const stores = await openStores(
        folder,
        url === undefined ? undefined : `${url}?options=-c%20synchronous_commit%3Doff`,
      );
      await fill(stores);
      await stores.close();
      // As the database does by itself after a while.
      if (url !== undefined) await run(url, "VACUUM ANALYZE");
      const filled = await openStores(url === undefined ? folder : makeFolder(), url);
      opened.push(filled);
      return filled;
    },
    async close() {
      for (const stores of opened) await stores.close();
      await server?.remove();
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function run(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}
