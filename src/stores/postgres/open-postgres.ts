import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool, types, type ClientConfig, type QueryConfig, type QueryResult } from "pg";
import { DocentError } from "../../core/errors.ts";
import type { Readiness } from "../../core/ports/readiness.ts";
import type { Log } from "../../core/ports/system.ts";
import { isAway, toStoreError } from "./postgres-errors.ts";
import { MIGRATIONS } from "./schema.ts";

export interface Result<Row> {
  readonly rows: readonly Row[];
  /** Rows that the statement changed or returned. */
  readonly count: number;
}

export type Query = <Row = Record<string, unknown>>(sql: string, values?: readonly unknown[]) => Promise<Result<Row>>;

/** One database that several processes share. */
export interface Postgres {
  /**
   * Runs one statement. When the server goes away meanwhile it is run again, for up to 20 seconds, although it may have
   * been carried out the first time: a statement must not mind.
   */
  readonly query: Query;
  /** Runs `work` in one transaction: all of it or nothing. Begun again as a whole, like a statement of its own. */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>;
  check(): Promise<Readiness>;
  /** Connections that are open and those that are at work. */
  connections(): { readonly open: number; readonly busy: number };
  close(): Promise<void>;
}

/** A restart of the server takes a few seconds; a failover of a managed one up to this. */
const AWAY_WITHIN_MS = 20_000;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;
const CONNECT_WITHIN_MS = 5_000;
/** A statement that takes longer hangs on something; nothing of ours comes near. */
const STATEMENT_WITHIN_MS = 60_000;
/** Replicas that start together wait here for the one that makes the tables. */
const MIGRATION_LOCK = 6_306_147;

/** What `COUNT` and identity columns are; all of ours fit a double. */
const INT8 = 20;

/**
 * Connects to the database and creates or upgrades the tables of its schema `docent`.
 * @throws DocentError `internal` when it cannot be reached or used, with what to do
 */
export async function openPostgres(options: {
  readonly url: string;
  readonly log: Log;
  /** Connections that are open at most. */
  readonly max: number;
  readonly awayWithinMs?: number;
}): Promise<Postgres> {
  const { url, log, max, awayWithinMs = AWAY_WITHIN_MS } = options;
  const pool = new Pool({ ...toClientConfig(url), max, idleTimeoutMillis: 30_000 });
  // A connection that breaks while nothing runs on it is replaced by the next statement.
  const onClosed = (error: Error): void => log.debug("A connection to Postgres was closed.", { error });
  pool.on("error", onClosed);
  pool.on("connect", (client) => client.on("error", onClosed));

  /** A statement with a name is parsed once a connection, and planned a few times: half of what Postgres has to do. */
  const names = new Map<string, string>();
  function toStatement(text: string, values: readonly unknown[]): QueryConfig {
    if (values.length === 0) return { text };
    const name = names.get(text) ?? `docent_${createHash("sha256").update(text).digest("hex").slice(0, 24)}`;
    names.set(text, name);
    return { name, text, values: [...values] };
  }

  async function whileAway<T>(work: () => Promise<T>): Promise<T> {
    const deadline = performance.now() + awayWithinMs;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        return await work();
      } catch (error) {
        if (!isAway(error) || performance.now() > deadline) throw toStoreError(error);
        log.debug("Postgres is away; trying again.", { error });
        await sleep(pauseMs * (0.5 + Math.random() / 2));
      }
    }
  }

  async function transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
    return await whileAway(async () => {
      const client = await pool.connect();
      let failure: Error | undefined;
      try {
        await client.query("BEGIN");
        const result = await work(async (sql, values = []) => toResult(await client.query(toStatement(sql, values))));
        await client.query("COMMIT");
        return result;
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error));
        // A connection that cannot even do this is thrown away.
        await client.query("ROLLBACK").then(
          () => (failure = undefined),
          () => undefined,
        );
        throw error;
      } finally {
        client.release(failure);
      }
    });
  }

  const postgres: Postgres = {
    query: async (sql, values = []) =>
      await whileAway(async () => toResult(await pool.query(toStatement(sql, values)))),
    transaction,
    async check() {
      try {
        await pool.query("SELECT 1");
        return { ready: true };
      } catch (error) {
        return { ready: false, reason: `Postgres cannot be used: ${toStoreError(error).message}` };
      }
    },
    connections: () => ({ open: pool.totalCount, busy: pool.totalCount - pool.idleCount }),
    close: () => pool.end(),
  };
  try {
    await migrate(postgres);
  } catch (error) {
    await pool.end();
    throw toStoreError(error);
  }
  return postgres;
}

/** How every connection of ours is opened. */
export function toClientConfig(url: string): ClientConfig {
  return {
    connectionString: url,
    application_name: "docent",
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    statement_timeout: STATEMENT_WITHIN_MS,
    keepAlive: true,
    types: {
      getTypeParser: (oid: number, format?: "text" | "binary") =>
        oid === INT8 ? Number : (types.getTypeParser(oid, format) as (value: string) => unknown),
    },
  };
}

function toResult<Row>({ rows, rowCount }: QueryResult): Result<Row> {
  // Each statement says what its rows are.
  return { rows: rows as Row[], count: rowCount ?? 0 };
}

async function migrate(postgres: Postgres): Promise<void> {
  await postgres.transaction(async (query) => {
    await query("SELECT pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
    await query("CREATE SCHEMA IF NOT EXISTS docent");
    await query("CREATE TABLE IF NOT EXISTS docent.schema_version (version integer NOT NULL)");
    const { rows } = await query<{ version: number }>("SELECT version FROM docent.schema_version");
    const version = rows[0]?.version ?? 0;
    if (version > MIGRATIONS.length) {
      throw new DocentError(
        "internal",
        "The database of DATABASE_URL was written by a newer version of Docent. Update this replica too.",
      );
    }
    if (version === MIGRATIONS.length) return;
    for (const sql of MIGRATIONS.slice(version)) await query(sql);
    await query("DELETE FROM docent.schema_version");
    await query("INSERT INTO docent.schema_version VALUES ($1)", [MIGRATIONS.length]);
  });
}
