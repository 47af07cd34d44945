import { Client } from "pg";
import { found, type Diagnosis, type Finding } from "../../core/ports/diagnosis.ts";
import type { TextKey } from "../../core/texts/language.ts";
import { toClientConfig } from "./open-postgres.ts";
import { isAway } from "./postgres-errors.ts";
import { MIGRATIONS } from "./schema.ts";

/** The oldest that the PostgreSQL project still mends (postgresql.org/support/versioning, 2026-11). */
const OLDEST_MAJOR = 14;
/** What one replica opens: ten for statements, one that listens. */
const CONNECTIONS_OF_A_REPLICA = 11;

interface Facts {
  readonly version: number;
  readonly encoding: string;
  readonly read_only: string;
  readonly in_recovery: boolean;
  readonly may_create: boolean;
  readonly has_schema: boolean;
  readonly max: number;
  readonly used: number;
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const REFUSALS: Readonly<Record<string, readonly [seen: TextKey, remedy: TextKey]>> = {
  "28P01": ["doctor.postgres.password", "doctor.postgres.password_remedy"],
  "28000": ["doctor.postgres.password", "doctor.postgres.password_remedy"],
  "3D000": ["doctor.postgres.no_database", "doctor.postgres.database_remedy"],
  "53300": ["doctor.postgres.full", "doctor.postgres.full_remedy"],
};

/** Whether the database of `DATABASE_URL` can be used, and by this version of Docent. Changes nothing. */
export async function* diagnosePostgres(url: string): Diagnosis {
  const { hostname, port, pathname } = new URL(url);
  const place = {
    server: port === "" ? hostname : `${hostname}:${port}`,
    database: decodeURIComponent(pathname.slice(1)),
  };
  let client: Client;
  try {
    // Reads the files that the address names, such as a root certificate.
    client = new Client(toClientConfig(url));
    client.on("error", () => undefined);
    await client.connect();
  } catch (error) {
    yield explainRefusal(error, place);
    return;
  }
  try {
    const { rows } = await client.query<Facts>(`
      SELECT current_setting('server_version_num')::int / 10000 AS version,
        current_setting('server_encoding') AS encoding,
        current_setting('transaction_read_only') AS read_only,
        pg_is_in_recovery() AS in_recovery,
        has_database_privilege(current_database(), 'CREATE') AS may_create,
        to_regclass('docent.schema_version') IS NOT NULL AS has_schema,
        current_setting('max_connections')::int AS max,
        (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS used
    `);
    const [facts] = rows;
    if (facts === undefined) return;
    yield found("ok", "store.postgres", ["doctor.postgres.ok", { ...place, version: String(facts.version) }]);
    yield* judge(facts, place);
    if (facts.has_schema) {
      const schema = await client.query<{ version: number }>("SELECT version FROM docent.schema_version");
      yield judgeVersion(schema.rows[0]?.version ?? 0);
    }
  } catch (error) {
    const seen = ["doctor.postgres.failed", { ...place, reason: codeOf(error) }] as const;
    yield found("problem", "store.postgres", seen, "doctor.postgres.rights_remedy");
  } finally {
    await client.end().catch(() => undefined);
  }
}

function* judge(facts: Facts, place: { readonly server: string; readonly database: string }): Generator<Finding> {
  if (facts.version < OLDEST_MAJOR) {
    yield found(
      "warning",
      "store.postgres.version",
      ["doctor.postgres.old", { version: String(facts.version) }],
      ["doctor.postgres.old_remedy", { version: String(OLDEST_MAJOR) }],
    );
  }
  if (facts.encoding !== "UTF8") {
    const seen = ["doctor.postgres.encoding", { ...place, encoding: facts.encoding }] as const;
    yield found("problem", "store.postgres.encoding", seen, "doctor.postgres.encoding_remedy");
  }
  if (facts.in_recovery || facts.read_only === "on") {
    yield found("problem", "store.postgres.writable", "doctor.postgres.read_only", "doctor.postgres.read_only_remedy");
  }
  if (!facts.has_schema && !facts.may_create) {
    yield found("problem", "store.postgres.rights", ["doctor.postgres.rights", place], "doctor.postgres.rights_remedy");
  }
  const free = facts.max - facts.used;
  if (free < CONNECTIONS_OF_A_REPLICA) {
    const values = { free, needed: CONNECTIONS_OF_A_REPLICA };
    yield found(
      "warning",
      "store.postgres.connections",
      ["doctor.postgres.few", values],
      "doctor.postgres.full_remedy",
    );
  }
}

function judgeVersion(version: number): Finding {
  if (version > MIGRATIONS.length) {
    return found(
      "problem",
      "store.database",
      ["doctor.store.newer", { place: "Postgres" }],
      "doctor.store.newer_remedy",
    );
  }
  return found("ok", "store.database", version < MIGRATIONS.length ? "doctor.store.older" : "doctor.store.database_ok");
}

function explainRefusal(error: unknown, place: { readonly server: string; readonly database: string }): Finding {
  const code = codeOf(error);
  const known = REFUSALS[code];
  if (known !== undefined) return found("problem", "store.postgres", [known[0], place], [known[1], place]);
  if (isAway(error)) {
    const seen = ["doctor.unreachable", { service: "Postgres", address: place.server }] as const;
    return found("problem", "store.postgres", seen, ["doctor.postgres.away_remedy", place]);
  }
  const seen = ["doctor.postgres.failed", { ...place, reason: code }] as const;
  return found("problem", "store.postgres", seen, ["doctor.postgres.away_remedy", place]);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "no answer";
}
