import type { DatabaseSync } from "node:sqlite";
import type { Page } from "../../core/document.ts";
import { replacePages } from "../postgres/postgres-pages.ts";
import { insertRows, text, type Columns } from "./insert-rows.ts";
import { toEarlierSeq, type Part } from "./part.ts";
import { readRows } from "./read-rows.ts";

/** Few, as each comes with all of its pages. */
const DOCUMENTS_AT_ONCE = 20;

const COLUMNS: Columns = {
  seq: ["bigint", ({ seq }) => toEarlierSeq(Number(seq))],
  id: ["text", text("id")],
  scope_kind: ["text", text("scope_kind")],
  scope_key: ["text", text("scope_key")],
  message_key: ["text", text("message_key")],
  state: ["text", text("state")],
  body: ["text", text("body")],
};

/** Documents in the order of their arrival, with their pages. One that the target knows keeps what it has there. */
export function createDocumentPart(db: DatabaseSync): Part {
  return {
    name: "documents",
    rowsAtOnce: DOCUMENTS_AT_ONCE,
    read: (cursor) => readRows(db, { table: "documents", key: ["seq"] }, cursor),
    toCursor: ({ seq }) => [Number(seq)],
    async add(query, rows) {
      const { rows: added } = await insertRows(query, "docent.documents", rows, {
        columns: COLUMNS,
        unique: "id",
        fixed: { delivery: "gen_random_uuid()" },
        returning: "id",
      });
      let pages = 0;
      for (const { id } of added) pages += await replacePages(query, id, readPages(db, id));
      return { documents: added.length, pages };
    },
    toId: (row) => String(text("id")(row)),
    isThere: "EXISTS (SELECT 1 FROM docent.documents known WHERE known.id = wanted.id)",
  };
}

function* readPages(db: DatabaseSync, id: string): Iterable<Page> {
  const pages = db.prepare("SELECT number, title, text FROM pages WHERE document_id = ? ORDER BY position");
  for (const { number, title, text: content } of pages.iterate(id)) {
    const page = { number: Number(number), text: String(content) };
    yield typeof title === "string" ? { ...page, title } : page;
  }
}
