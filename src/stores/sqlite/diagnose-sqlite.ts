import { accessSync, closeSync, constants, existsSync, openSync, readFileSync, readSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { found, type Finding } from "../../core/ports/diagnosis.ts";
import { MIGRATIONS } from "./open-database.ts";

/** https://www.sqlite.org/fileformat.html, “The Database Header” */
const HEADER_BYTES = 100;
const MAGIC = "SQLite format 3\0";
const USER_VERSION_AT = 60;

/**
 * The database in the data folder, and who holds that. Reads the file's header by itself: SQLite would make files beside
 * it, which a Docent of another user could not write to.
 */
export function diagnoseSqlite(dataDir: string): readonly Finding[] {
  const file = path.join(dataDir, "docent.db");
  if (!existsSync(file)) return [found("ok", "store.database", "doctor.store.no_database")];
  return [diagnoseHolder(dataDir), diagnoseFile(file, dataDir)];
}

function diagnoseFile(file: string, dataDir: string): Finding {
  try {
    accessSync(file, constants.R_OK | constants.W_OK);
  } catch {
    const seen = ["doctor.store.file_refused", { file }] as const;
    return found("problem", "store.database", seen, ["doctor.store.file_remedy", { file }]);
  }
  const header = Buffer.alloc(HEADER_BYTES);
  const handle = openSync(file, "r");
  let length: number;
  try {
    length = readSync(handle, header);
  } finally {
    closeSync(handle);
  }
  // SQLite makes an empty file whole.
  if (length > 0 && (length < HEADER_BYTES || header.toString("latin1", 0, MAGIC.length) !== MAGIC)) {
    return found(
      "problem",
      "store.database",
      ["doctor.store.damaged", { file }],
      ["doctor.store.damaged_remedy", { file }],
    );
  }
  const version = length === 0 ? 0 : header.readUInt32BE(USER_VERSION_AT);
  if (version > MIGRATIONS.length) {
    return found("problem", "store.database", ["doctor.store.newer", { place: dataDir }], "doctor.store.newer_remedy");
  }
  return found("ok", "store.database", "doctor.store.database_ok");
}

function diagnoseHolder(dataDir: string): Finding {
  return isHeld(path.join(dataDir, "docent.lock"))
    ? found("ok", "store.holder", ["doctor.store.held", { pid: readPid(dataDir) }])
    : found("ok", "store.holder", "doctor.store.free");
}

/** A reader is refused while Docent holds its exclusive transaction; it keeps nobody out for longer than a moment. */
function isHeld(file: string): boolean {
  if (!existsSync(file)) return false;
  try {
    const lock = new DatabaseSync(file, { readOnly: true });
    try {
      lock.exec("PRAGMA busy_timeout = 0");
      lock.prepare("SELECT count(*) FROM sqlite_schema").get();
      return false;
    } finally {
      lock.close();
    }
  } catch {
    return true;
  }
}

function readPid(dataDir: string): string {
  try {
    return readFileSync(path.join(dataDir, "docent.pid"), "utf8").trim();
  } catch {
    return "?";
  }
}
