/**
 * `npm run migrate -- --to postgres://…`: moves an installation from its SQLite file into Postgres. Without `--to` into
 * that of DATABASE_URL; `--from FOLDER` names another folder than DATA_DIR. Docent must not be running on either.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { parse } from "dotenv";
import { isDocentError } from "../src/core/errors.ts";
import { createBlobRows } from "../src/stores/migrate-to-postgres/blob-rows.ts";
import { migrateToPostgres } from "../src/stores/migrate-to-postgres/migrate-to-postgres.ts";
import { openPostgres } from "../src/stores/postgres/open-postgres.ts";
import { openDatabase } from "../src/stores/sqlite/open-database.ts";

const env = { ...(existsSync(".env") ? parse(readFileSync(".env")) : {}), ...process.env };
const set = (name: string): string | undefined => env[name]?.trim() || undefined;

try {
  await main();
} catch (error) {
  // The address of a database holds its password: no error of ours names it.
  const seen = error instanceof Error ? (isDocentError(error) ? error.message : (error.stack ?? error.message)) : "";
  process.stderr.write(`${seen || String(error)}\n`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { to: { type: "string" }, from: { type: "string" } } });
  const url = values.to ?? set("DATABASE_URL");
  const from = values.from ?? set("DATA_DIR") ?? "./data";
  if (url === undefined || !URL.canParse(url) || !["postgres:", "postgresql:"].includes(new URL(url).protocol)) {
    process.stderr.write("Say where to: npm run migrate -- --to postgres://user:password@host/database\n");
    process.exitCode = 2;
    return;
  }
  if (!existsSync(path.join(from, "docent.db"))) {
    process.stderr.write(`There is no docent.db in ${from}. Name the folder of Docent's data: --from FOLDER\n`);
    process.exitCode = 2;
    return;
  }

  const source = openDatabase(from);
  try {
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const postgres = await openPostgres({ url, log, max: 2 });
    try {
      // Files that already lie in a place of their own stay there.
      const blobs =
        set("BLOB_URL") === undefined ? { folder: path.join(from, "files"), target: createBlobRows(postgres) } : null;
      const { host, pathname } = new URL(url);
      process.stdout.write(`From ${from} to ${host}${pathname}.\n`);
      const { tables, isNew } = await migrateToPostgres({ db: source.db, postgres, blobs, onProgress: tellProgress() });
      if (process.stderr.isTTY) process.stderr.write("\r\u001B[K");
      for (const { part, added, kept } of tables) {
        process.stdout.write(
          `${part.padEnd(20)}${String(added).padStart(12)}${kept === 0 ? "" : `  ${kept} left out`}\n`,
        );
      }
      if (blobs === null) process.stdout.write("Files were not moved, as BLOB_URL is set.\n");
      process.stdout.write(isNew ? "All of it arrived.\n" : "All of it was moved before. Nothing was added.\n");
    } finally {
      await postgres.close();
    }
  } finally {
    source.close();
  }
}

/** On a terminal, one line that counts. */
function tellProgress(): (part: string, rows: number) => void {
  const counts = new Map<string, number>();
  return (part, rows) => {
    counts.set(part, (counts.get(part) ?? 0) + rows);
    if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${part} ${counts.get(part)}`);
  };
}
