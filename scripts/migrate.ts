/**
 * `npm run migrate -- --to postgres://…`: moves an installation from its SQLite file into Postgres, and its files to
 * where they belong then. Without `--to` into that of DATABASE_URL; `--from FOLDER` names another folder than DATA_DIR.
 * Docent must not be running on either.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { ConfigError, parseConfig, type Config } from "../src/config.ts";
import { isDocentError } from "../src/core/errors.ts";
import { readDotenv } from "../src/read-dotenv.ts";
import { createBlobs } from "../src/stores/create-blobs.ts";
import { migrateToPostgres } from "../src/stores/migrate-to-postgres/migrate-to-postgres.ts";
import { openPostgres } from "../src/stores/postgres/open-postgres.ts";
import { readArguments } from "./read-arguments.ts";
import { openDatabase } from "../src/stores/sqlite/open-database.ts";

/** One for what is moved, one for the files. */
const CONNECTIONS = 2;

const USAGE = `npm run migrate -- [--to postgres://user:password@host/database] [--from FOLDER]

Moves what is in Docent's data folder into Postgres, and its files to where they belong then. Docent must not be running.

  --to ADDRESS   unless DATABASE_URL is set
  --from FOLDER  another folder than DATA_DIR
`;

try {
  const { values } = readArguments(USAGE, { options: { to: { type: "string" }, from: { type: "string" } } });
  const env = { ...readDotenv(".env"), ...process.env };
  const config = parseConfig({
    ...env,
    ...(values.to === undefined ? {} : { DATABASE_URL: values.to }),
    ...(values.from === undefined ? {} : { DATA_DIR: values.from }),
  });
  const { databaseUrl, dataDir } = config;
  if (databaseUrl === undefined) {
    throw new ConfigError(["Say where to: npm run migrate -- --to postgres://user:password@host/database"]);
  }
  if (!existsSync(path.join(dataDir, "docent.db"))) {
    throw new ConfigError([`There is no docent.db in ${dataDir}. Name the folder of Docent's data: --from FOLDER`]);
  }
  await migrate({ ...config, databaseUrl });
} catch (error) {
  // The address of a database holds its password: no error of ours names it.
  const isPlain = error instanceof ConfigError || isDocentError(error);
  const seen = error instanceof Error ? (isPlain ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`${seen}\n`);
  process.exitCode = 1;
}

async function migrate({ databaseUrl, dataDir, blobs }: Config & { readonly databaseUrl: string }): Promise<void> {
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  await using opened = new AsyncDisposableStack();
  const source = opened.adopt(openDatabase(dataDir), (each) => each.close());
  const postgres = opened.adopt(await openPostgres({ url: databaseUrl, log, max: CONNECTIONS }), (each) =>
    each.close(),
  );
  const target = opened.adopt(await createBlobs({ address: blobs, dataDir, postgres }), (each) => each.close());
  const { host, pathname } = new URL(databaseUrl);
  process.stdout.write(`From ${dataDir} to ${host}${pathname}.\n`);
  const { tables, isNew } = await migrateToPostgres({
    db: source.db,
    postgres,
    blobs: { folder: path.join(dataDir, "files"), target: target.blobs },
    onProgress: tellProgress(),
  });
  if (process.stderr.isTTY) process.stderr.write("\r\u001B[K");
  for (const { part, added, kept } of tables) {
    const leftOut = kept === 0 ? "" : `  ${kept} left out`;
    process.stdout.write(`${part.padEnd(20)}${String(added).padStart(12)}${leftOut}\n`);
  }
  process.stdout.write(isNew ? "All of it arrived.\n" : "All of it was moved before. Nothing was added.\n");
}

/** On a terminal, one line that counts. */
function tellProgress(): (part: string, rows: number) => void {
  const counts = new Map<string, number>();
  return (part, rows) => {
    counts.set(part, (counts.get(part) ?? 0) + rows);
    if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${part} ${counts.get(part)}`);
  };
}
