import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { hasTable } from "./read-rows.ts";

const SUMS: Readonly<Record<string, string>> = {
  turns: "state, count(*), max(seq), max(id), sum(length(body))",
  forgotten_turns: "count(*)",
  documents: "state, count(*), max(seq), max(id), sum(length(body))",
  pages: "count(*)",
  removed_documents: "count(*), count(body)",
  messages: "count(*), max(seq), max(id), sum(length(body))",
  key_values: "count(*), sum(length(value))",
  usage: "count(*), sum(input_tokens), max(at)",
  feedback: "verdict, count(*), max(at)",
  jobs: "count(*), max(seq), sum(length(body))",
  passage_document: "count(*), max(key)",
};

/** What an installation is recognised by. Another one when anything was asked, answered, added or deleted since. */
export function fingerprintOf(db: DatabaseSync): string {
  const sums = Object.entries(SUMS).map(([table, columns]) => {
    if (!hasTable(db, table)) return [table, []];
    const [group = ""] = columns.split(",");
    const order = group.includes("(") ? "" : ` GROUP BY ${group} ORDER BY ${group}`;
    const rows = db.prepare(`SELECT ${columns} FROM ${table}${order}`).all();
    // A table that a start of Docent made is as good as none.
    return [table, rows.filter((row) => row["count(*)"] !== 0)];
  });
  return createHash("sha256").update(JSON.stringify(sums)).digest("hex");
}
