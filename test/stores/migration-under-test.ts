import path from "node:path";
import { onTestFinished } from "vitest";
import { migrateToPostgres } from "../../src/stores/migrate-to-postgres/migrate-to-postgres.ts";
import { openPostgres, type Postgres } from "../../src/stores/postgres/open-postgres.ts";
import { createPostgresBlobs } from "../../src/stores/postgres/postgres-blobs.ts";
import { openDatabase } from "../../src/stores/sqlite/open-database.ts";
import { createTemporaryFiles } from "../../src/stores/temporary-files.ts";
import { silentLog } from "../fakes/core-under-test.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import type { PostgresServer } from "../servers/postgres-server.ts";
import { fillInstallation } from "./installation.ts";

/** An empty database of a server, closed when the test is over. */
export async function connect(server: PostgresServer): Promise<Postgres> {
  const postgres = await openPostgres({ url: await server.createDatabase(), log: silentLog, max: 2 });
  onTestFinished(() => postgres.close());
  return postgres;
}

/** The folder of an installation that holds something of everything. */
export async function installation(): Promise<string> {
  const folder = temporaryFolder();
  await fillInstallation(folder);
  return folder;
}

/** What `npm run migrate` does. */
export async function migrate(folder: string, postgres: Postgres) {
  const source = openDatabase(folder);
  const temporary = createTemporaryFiles(path.join(folder, "temporary"));
  try {
    const blobs = { folder: path.join(folder, "files"), target: createPostgresBlobs(postgres, temporary) };
    return await migrateToPostgres({ db: source.db, postgres, blobs, onProgress: () => undefined });
  } finally {
    await temporary.close();
    source.close();
  }
}

const TABLES =
  "turns conversations forgotten_turns jobs documents pages messages key_values usage usage_by_day usage_sums feedback " +
  "passage_documents passage_pages passage_terms blobs move_parts";

/** All rows of all tables, without times and what is chosen at random. Numbers that the target gives out may have gaps. */
export async function dump(postgres: Postgres): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const tables: Record<string, readonly unknown[]> = {};
  for (const table of TABLES.split(" ")) {
    const { rows } = await postgres.query(
      `SELECT row - '{delivery,upload,written_at,begun_at}'::text[] - (CASE WHEN row->>'seq' LIKE '-%' THEN '' ELSE 'seq' END) AS row
       FROM (SELECT to_jsonb(${table}) AS row FROM docent.${table}) AS rows ORDER BY 1`,
    );
    tables[table] = rows;
  }
  return tables;
}
