import { DocentError, isDocentError } from "../../core/errors.ts";

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const DISK_FULL = "53100";
const AWAY: ReadonlySet<string> = new Set([
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "57P03", // cannot_connect_now: it is starting
  "53300", // too_many_connections
  "40001", // serialization_failure
  "40P01", // deadlock_detected
  "25006", // read_only_sql_transaction: a failover is under way
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
]);
/** The driver gives these no code. */
const AWAY_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed)/i;

/** True for failures that say nothing of the statement: the server is restarting, gone, or asks to try again. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  return AWAY.has(code) || code.startsWith("08") || AWAY_MESSAGES.test(error.message);
}

/** A failure in words for whoever runs Docent. The address is left out: it holds the password. */
export function toStoreError(error: unknown): DocentError {
  if (isDocentError(error)) return error;
  const seen = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error ? codeOf(error) : "";
  if (code === DISK_FULL) return new DocentError("storage_full", "The disk of Postgres is full.", { cause: error });
  if (isAway(error)) {
    return new DocentError("internal", `Postgres cannot be reached (${seen || code}). Check DATABASE_URL.`, {
      cause: error,
    });
  }
  if (code === "28P01" || code === "28000" || code === "3D000") {
    return new DocentError("internal", `Postgres refused the connection (${seen}). Check DATABASE_URL.`, {
      cause: error,
    });
  }
  if (code === "42501") {
    return new DocentError(
      "internal",
      `Postgres allows too little (${seen}). Give this user the right to CREATE in the database.`,
      { cause: error },
    );
  }
  return new DocentError("internal", `Postgres failed (${seen}).`, { cause: error });
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}
