import { existsSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Keyv, type KeyvStoreAdapter } from "keyv";
import type { Config } from "../src/config.ts";
import type { Log } from "../src/core/ports/system.ts";
import { PLAIN_JSON } from "../src/stores/plain-json.ts";
import { openPostgres } from "../src/stores/postgres/open-postgres.ts";
import { createPostgresKeyvStore } from "../src/stores/postgres/postgres-keyv-store.ts";
import { createSqliteKeyvStore } from "../src/stores/sqlite/sqlite-keyv-store.ts";

/** What Docent has stored, for those who only read it. Docent may be running. */
export interface Records {
  /** Documents that Docent knows, those included whose deletion is under way. */
  documentIds(): Promise<ReadonlySet<string>>;
  /** Whether a turn is known, or was forgotten. */
  turn(id: string): Promise<"known" | "forgotten" | undefined>;
  get<T>(namespace: string, key: string): Promise<T | undefined>;
  entries<T>(namespace: string): AsyncIterable<readonly [key: string, value: T]>;
  close(): Promise<void>;
}

/** @throws Error where there is nothing to read, in words for the operator */
export async function openRecords({ databaseUrl, dataDir }: Config, log: Log): Promise<Records> {
  return databaseUrl === undefined ? openFile(dataDir) : await openShared(databaseUrl, log);
}

function openFile(dataDir: string): Records {
  const file = path.join(dataDir, "docent.db");
  if (!existsSync(file)) throw new Error(`There is no ${file}: set DATA_DIR to the folder of Docent's data.`);
  const db = new DatabaseSync(file, { readOnly: true });
  const turn =
    "SELECT 'known' AS state FROM turns WHERE id = ?1 UNION ALL SELECT 'forgotten' FROM forgotten_turns WHERE id = ?1";
  const known = "SELECT id FROM documents UNION SELECT id FROM removed_documents WHERE body IS NOT NULL";
  return {
    documentIds: () =>
      Promise.resolve(
        new Set(
          db
            .prepare(known)
            .all()
            .map((row) => String(row["id"])),
        ),
      ),
    turn: (id) => Promise.resolve(toTurnState(db.prepare(turn).get(id)?.["state"])),
    get: (namespace, key) => toKeyv<never>(createSqliteKeyvStore(db), namespace).get(key),
    entries: (namespace) => entriesOf(createSqliteKeyvStore(db), namespace),
    close: () => Promise.resolve(db.close()),
  };
}

async function openShared(url: string, log: Log): Promise<Records> {
  const postgres = await openPostgres({ url, log, max: 2 });
  return {
    async documentIds() {
      const { rows } = await postgres.query<{ id: string }>("SELECT id FROM docent.documents WHERE body IS NOT NULL");
      return new Set(rows.map(({ id }) => id));
    },
    async turn(id) {
      const { rows } = await postgres.query<{ state: string }>(
        `SELECT 'known' AS state FROM docent.turns WHERE id = $1
         UNION ALL SELECT 'forgotten' FROM docent.forgotten_turns WHERE id = $1`,
        [id],
      );
      return toTurnState(rows[0]?.state);
    },
    get: (namespace, key) => toKeyv<never>(createPostgresKeyvStore(postgres), namespace).get(key),
    entries: (namespace) => entriesOf(createPostgresKeyvStore(postgres), namespace),
    close: () => postgres.close(),
  };
}

function toTurnState(value: unknown): "known" | "forgotten" | undefined {
  return value === "known" || value === "forgotten" ? value : undefined;
}

function toKeyv<T>(store: KeyvStoreAdapter, namespace: string): Keyv<T> {
  return new Keyv<T>({ store, namespace, throwOnErrors: true, ...PLAIN_JSON });
}

async function* entriesOf<T>(
  store: KeyvStoreAdapter,
  namespace: string,
): AsyncGenerator<readonly [key: string, value: T]> {
  const keyv = toKeyv<T>(store, namespace);
  for await (const [key, value] of keyv.iterator?.(namespace) ?? []) yield [String(key), value as T];
}
