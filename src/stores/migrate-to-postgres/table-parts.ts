import type { DatabaseSync } from "node:sqlite";
import type { LoggedMessage } from "../../core/ports/stores.ts";
import { insertRows, number, text, type Columns } from "./insert-rows.ts";
import { toEarlierSeq, type Part, type SourceRow } from "./part.ts";
import { readRows } from "./read-rows.ts";

const ROWS_AT_ONCE = 500;

/** A table whose rows stand for themselves. */
interface Table {
  readonly name: string;
  readonly key: readonly string[];
  /** In SQL: rows that are moved. */
  readonly where?: string;
  /** Named as in SQLite. */
  readonly columns: Columns;
  readonly target?: string;
  readonly fixed?: Readonly<Record<string, string>>;
}

const SEQ: Columns = { seq: ["bigint", ({ seq }) => toEarlierSeq(Number(seq))] };
const DELIVERY = { delivery: "gen_random_uuid()" };

const TABLES: readonly Table[] = [
  { name: "forgotten_turns", key: ["id"], columns: texts("id") },
  {
    name: "removed_documents",
    key: ["id"],
    columns: texts("id", "body"),
    target: "documents",
    fixed: { is_retired: "true", scope_kind: "''", scope_key: "''", message_key: "''", state: "''", ...DELIVERY },
  },
  { name: "jobs", key: ["seq"], columns: { ...SEQ, ...texts("id", "body") }, fixed: DELIVERY },
  {
    name: "messages",
    key: ["seq"],
    columns: {
      ...SEQ,
      ...texts("id", "channel", "body"),
      created_at: ["bigint", number("created_at")],
      // An array cannot be one of the arrays that are sent.
      cited: ["text", toCited, "ARRAY(SELECT json_array_elements_text(source.cited::json))"],
    },
    fixed: DELIVERY,
  },
  {
    name: "key_values",
    key: ["key"],
    where: "(expires_at IS NULL OR expires_at > unixepoch('subsec') * 1000)",
    columns: texts("key", "value"),
  },
  {
    name: "usage",
    key: ["turn_id"],
    columns: {
      ...texts("turn_id", "day", "workspace", "channel", "user_id", "model"),
      at: ["bigint", number("at")],
      input_tokens: ["bigint", number("input_tokens")],
      output_tokens: ["bigint", number("output_tokens")],
      cost_usd: ["double precision", number("cost_usd")],
    },
  },
  {
    name: "feedback",
    key: ["turn_id", "user_id"],
    columns: { ...texts("turn_id", "user_id", "verdict"), at: ["bigint", number("at")] },
  },
];

/** The tables whose rows stand for themselves. */
export function createTableParts(db: DatabaseSync): readonly Part[] {
  return TABLES.map((table) => toPart(db, table));
}

function toPart(db: DatabaseSync, { name, key, where, columns, target = name, fixed }: Table): Part {
  // The key in the target: rows with a number of their own are known by their id.
  const unique = key[0] === "seq" ? ["id"] : key;
  const id = unique.map((column) => `known.${column}`).join(" || ' ' || ");
  return {
    name,
    rowsAtOnce: ROWS_AT_ONCE,
    read: (cursor) => readRows(db, { table: name, key, where }, cursor),
    toCursor: (row) => key.map((column) => (column === "seq" ? Number(row[column]) : String(row[column]))),
    async add(query, rows) {
      const options = { columns, unique: unique.join(", "), ...(fixed === undefined ? {} : { fixed }) };
      return { [name]: (await insertRows(query, `docent.${target}`, rows, options)).count };
    },
    toId: (row) => unique.map((column) => text(column)(row)).join(" "),
    isThere: `EXISTS (SELECT 1 FROM docent.${target} known WHERE ${id} = wanted.id)`,
  };
}

function texts(...names: readonly string[]): Columns {
  return Object.fromEntries(names.map((name) => [name, ["text", text(name)]]));
}

function toCited({ body }: SourceRow): string {
  // What Docent wrote itself.
  const { citations } = JSON.parse(String(body)) as LoggedMessage;
  return JSON.stringify([...new Set(citations.map(({ documentId }) => documentId))]);
}
