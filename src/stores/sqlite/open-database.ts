import { accessSync, constants, readFileSync, statfsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DocentError } from "../../core/errors.ts";
import type { Readiness } from "../../core/ports/readiness.ts";
import { makeFolder } from "../make-folder.ts";
import { closeWriter } from "./group-commit.ts";
import { keepPrivate } from "./keep-private.ts";
import { SPENDING } from "./spending-tables.ts";

export interface OpenDatabase {
  readonly db: DatabaseSync;
  /** Whether it can be written to. */
  check(): Readiness;
  close(): void;
}

/** With less than this free on the disk, the next upload may fail. */
export const MIN_FREE_BYTES = 64 * 1024 * 1024;

/** Every change since the first version, in order; `user_version` counts those that a file has. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE turns (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    conversation TEXT NOT NULL,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    open INTEGER NOT NULL,
    lease_owner TEXT,
    lease_until INTEGER NOT NULL DEFAULT 0,
    cancel_requested INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL
  );
  CREATE INDEX turns_open ON turns (conversation, seq) WHERE open = 1;
  CREATE INDEX turns_by_channel ON turns (channel);
  CREATE TABLE conversations_served (conversation TEXT PRIMARY KEY, served_at INTEGER NOT NULL) WITHOUT ROWID;

  CREATE TABLE documents (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    scope_kind TEXT NOT NULL,
    scope_key TEXT NOT NULL,
    message_key TEXT NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL
  );
  CREATE INDEX documents_by_scope ON documents (scope_kind, scope_key, seq);
  CREATE INDEX documents_by_message ON documents (message_key);
  CREATE TABLE pages (
    document_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    number INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (document_id, position)
  ) WITHOUT ROWID;
  CREATE TABLE removed_documents (id TEXT PRIMARY KEY) WITHOUT ROWID;

  CREATE TABLE messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    channel TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    body TEXT NOT NULL
  );
  CREATE INDEX messages_by_channel ON messages (channel, seq);

  CREATE TABLE key_values (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    expires_at INTEGER
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE usage (
    turn_id TEXT PRIMARY KEY,
    channel TEXT NOT NULL,
    user_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    model TEXT NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cost_usd REAL NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX usage_by_time ON usage (at);
  CREATE INDEX usage_by_channel ON usage (channel, at);
  CREATE TABLE feedback (
    turn_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    verdict TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (turn_id, user_id)
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE jobs (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL);
  CREATE TABLE forgotten_turns (id TEXT PRIMARY KEY) WITHOUT ROWID;
  ALTER TABLE removed_documents ADD COLUMN body TEXT;
  `,
  `
  ALTER TABLE pages ADD COLUMN title TEXT;
  `,
  // Without it the place in the queue is found by going through every turn that there ever was.
  `
  CREATE INDEX turns_open_by_seq ON turns (open, seq) WHERE open = 1;
  `,
  // A worker looks for work in the conversations: a claim that goes through the turns sorts all that are open. Leases of
  // the process before are not carried over, as at every start.
  `
  CREATE TABLE conversations (
    conversation TEXT PRIMARY KEY,
    open_turns INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    served_at INTEGER NOT NULL DEFAULT -1,
    turn_id TEXT,
    lease_owner TEXT,
    lease_until INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;
  INSERT INTO conversations (conversation, open_turns, first_seq, served_at)
    SELECT t.conversation, sum(t.open), coalesce(min(iif(t.open = 1, t.seq, NULL)), min(t.seq)), coalesce(s.served_at, -1)
    FROM turns t LEFT JOIN conversations_served s ON s.conversation = t.conversation GROUP BY t.conversation;
  CREATE INDEX conversations_waiting ON conversations (served_at, first_seq) WHERE open_turns > 0 AND lease_until = 0;
  CREATE INDEX conversations_held ON conversations (lease_until) WHERE lease_until > 0;
  DROP TABLE conversations_served;
  ALTER TABLE turns DROP COLUMN lease_owner;
  ALTER TABLE turns DROP COLUMN lease_until;
  DROP INDEX turns_by_channel;
  CREATE INDEX turns_by_channel ON turns (channel, conversation);
  `,
  SPENDING,
];

/**
 * Opens `docent.db` in `dataDir`, creating or upgrading it, and holds the folder for this process alone.
 * @throws DocentError `internal` when another process holds it, or when the file was written by a newer version.
 */
export function openDatabase(dataDir: string): OpenDatabase {
  prepareFolder(dataDir);
  const lock = holdFolder(dataDir);
  try {
    const file = path.join(dataDir, "docent.db");
    keepPrivate(file);
    const db = new DatabaseSync(file);
    // FULL: what was accepted must survive a power cut, not only a crash of the process.
    db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA busy_timeout = 250;
      PRAGMA secure_delete = ON;
    `);
    migrate(db, dataDir);
    return {
      db,
      check() {
        try {
          db.exec("BEGIN IMMEDIATE; ROLLBACK");
          const { bavail, bsize } = statfsSync(dataDir);
          if (bavail * bsize >= MIN_FREE_BYTES) return { ready: true };
          return { ready: false, reason: `The disk of ${dataDir} is nearly full: free some space.` };
        } catch (error) {
          const seen = error instanceof Error ? error.message : String(error);
          return { ready: false, reason: `The database in ${dataDir} cannot be written to: ${seen}.` };
        }
      },
      close() {
        closeWriter(db);
        db.close();
        lock.close();
      },
    };
  } catch (error) {
    lock.close();
    throw error;
  }
}

function prepareFolder(dataDir: string): void {
  try {
    makeFolder(dataDir);
    accessSync(dataDir, constants.W_OK);
  } catch (error) {
    const seen = error instanceof Error ? error.message : String(error);
    throw new DocentError(
      "internal",
      `DATA_DIR=${dataDir} cannot be used (${seen}). Name a folder that this user may write to.`,
      { cause: error },
    );
  }
}

/** An open exclusive transaction on a file of its own: the system drops it with the process, also after `kill -9`. */
function holdFolder(dataDir: string): DatabaseSync {
  const pidFile = path.join(dataDir, "docent.pid");
  const lock = new DatabaseSync(path.join(dataDir, "docent.lock"));
  try {
    lock.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    throw new DocentError(
      "internal",
      `Another Docent is already running on ${dataDir}${processHint(pidFile)}. Stop it first, or set DATA_DIR to another folder.`,
      { cause: error },
    );
  }
  writeFileSync(pidFile, String(process.pid));
  return lock;
}

function processHint(pidFile: string): string {
  try {
    return ` (process ${readFileSync(pidFile, "utf8").trim()})`;
  } catch {
    return "";
  }
}

function migrate(db: DatabaseSync, dataDir: string): void {
  const version = Number(db.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
  if (version > MIGRATIONS.length) {
    throw new DocentError(
      "internal",
      `The data in ${dataDir} was written by a newer version of Docent. Update Docent, or set DATA_DIR to another folder.`,
    );
  }
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < version) continue;
    db.exec(`BEGIN; ${sql}; PRAGMA user_version = ${index + 1}; COMMIT`);
  }
}
