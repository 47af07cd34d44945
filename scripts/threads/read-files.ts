import { readFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { emptyInput, InputError, type Input } from "./input.ts";
import { addKeyvRows, parseInput } from "./parse-input.ts";

const SQLITE = "SQLite format 3\0";

/** Reads the files together: one may know the channels, another what was said in their threads. */
export function readFiles(files: readonly string[], now: number): Input {
  const all = emptyInput();
  for (const file of files) {
    const { entries, histories, problems, remarks } = readFile(file, now);
    all.entries.push(...entries);
    all.histories.push(...histories);
    all.problems.push(...problems);
    all.remarks.push(...remarks);
  }
  return all;
}

function readFile(file: string, now: number): Input {
  const name = path.basename(file);
  try {
    const bytes = readFileSync(file);
    if (!bytes.subarray(0, SQLITE.length).equals(Buffer.from(SQLITE))) {
      return parseInput(name, bytes.toString("utf8"), now);
    }
    const input = emptyInput();
    addKeyvRows(readTable(file, name), input, now);
    return input;
  } catch (error) {
    const seen = error instanceof Error ? error.message : String(error);
    const problem = error instanceof InputError ? seen : `${name}: it cannot be read (${seen}).`;
    return { ...emptyInput(), problems: [problem] };
  }
}

/** The rows of @keyv/sqlite: a table `keyv`, or under the name that the bot gave it, with `key` and `value`. */
function readTable(file: string, name: string): Parameters<typeof addKeyvRows>[0] {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const tables = db
      .prepare(
        `SELECT m.name FROM sqlite_master m WHERE m.type = 'table' AND 2 =
           (SELECT count(*) FROM pragma_table_info(m.name) WHERE name IN ('key', 'value'))`,
      )
      .all()
      .map((row) => String(row["name"]));
    const table = tables.includes("keyv") ? "keyv" : tables[0];
    if (table === undefined || (tables.length > 1 && table !== "keyv")) {
      throw new InputError(name, "it has no table of keyv's: one named keyv, or a single one with `key` and `value`.");
    }
    const rows = db.prepare(`SELECT key, value FROM "${table.replaceAll('"', '""')}" ORDER BY key`).all();
    return rows.map(({ key, value }, index) => ({
      place: `${name}, row ${index + 1}`,
      key: String(key),
      value: value instanceof Uint8Array ? Buffer.from(value).toString("utf8") : value,
    }));
  } finally {
    db.close();
  }
}
