import type { DatabaseSync } from "node:sqlite";
import type { Document, Page } from "../../core/document.ts";
import type { Documents } from "../../core/ports/stores.ts";
import { toWriter } from "./group-commit.ts";

/** Pages written in one transaction: a long document must not hold the thread for more than a few milliseconds. */
const PAGES_AT_ONCE = 50;

/** Documents and their text, page by page. */
export function createSqliteDocuments(db: DatabaseSync): Documents {
  const write = toWriter(db);
  const insert = db.prepare(`
    INSERT INTO documents (id, scope_kind, scope_key, message_key, state, body)
    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`);
  const byId = db.prepare("SELECT body FROM documents WHERE id = ?");
  const wasRemoved = db.prepare("SELECT 1 FROM removed_documents WHERE id = ?");
  const update = db.prepare("UPDATE documents SET state = ?, body = ? WHERE id = ?");
  const all = db.prepare("SELECT body FROM documents ORDER BY seq");
  const byScope = db.prepare("SELECT body FROM documents WHERE scope_kind = ? AND scope_key = ? ORDER BY seq");
  const byMessage = db.prepare("SELECT body FROM documents WHERE message_key = ? ORDER BY seq");
  const deletePages = db.prepare("DELETE FROM pages WHERE document_id = ?");
  // Not for one that was retired while it was read: its text would stay for good.
  const insertPage = db.prepare(`
    INSERT INTO pages (document_id, position, number, text, title)
    SELECT ?1, ?2, ?3, ?4, ?5 WHERE EXISTS (SELECT 1 FROM documents WHERE id = ?1)`);
  const pages = db.prepare("SELECT number, text, title FROM pages WHERE document_id = ? ORDER BY position");
  const deleteDocument = db.prepare("DELETE FROM documents WHERE id = ?");
  const retire = db.prepare(
    "INSERT OR IGNORE INTO removed_documents (id, body) SELECT id, body FROM documents WHERE id = ?",
  );
  const retired = db.prepare("SELECT body FROM removed_documents WHERE body IS NOT NULL");
  const remove = db.prepare("UPDATE removed_documents SET body = NULL WHERE id = ?");

  const get = (id: string): Document | undefined => {
    const row = byId.get(id);
    return row === undefined ? undefined : toDocument(row);
  };

  return {
    add: (document) =>
      write(() => {
        if (wasRemoved.get(document.id) !== undefined) return { document: undefined, isNew: false };
        const { id, scope, messageKey, state } = document;
        const { changes } = insert.run(id, scope.kind, scope.key, messageKey, state, JSON.stringify(document));
        return { document: changes === 1 ? document : get(id), isNew: changes === 1 };
      }),
    update: (id, change) =>
      write(() => {
        const current = get(id);
        if (current === undefined) return undefined;
        const next = { ...current, ...change };
        update.run(next.state, JSON.stringify(next), id);
        return next;
      }),
    get: (id) => Promise.resolve(get(id)),
    list({ scope, messageKey, states }) {
      const rows =
        scope !== undefined
          ? byScope.all(scope.kind, scope.key)
          : messageKey !== undefined
            ? byMessage.all(messageKey)
            : all.all();
      const documents = rows
        .map(toDocument)
        .filter((document) => messageKey === undefined || document.messageKey === messageKey)
        .filter((document) => states === undefined || states.includes(document.state));
      return Promise.resolve(documents);
    },
    async savePages(id, newPages) {
      await write(() => deletePages.run(id));
      for (let start = 0; start < newPages.length; start += PAGES_AT_ONCE) {
        await write(() => {
          for (const [index, page] of newPages.slice(start, start + PAGES_AT_ONCE).entries()) {
            insertPage.run(id, start + index, page.number, page.text, page.title ?? null);
          }
        });
      }
    },
    pages: (id) => Promise.resolve(pages.all(id).map(toPage)),
    retire: (id) =>
      write(() => {
        retire.run(id);
        deletePages.run(id);
        deleteDocument.run(id);
      }),
    retired: () => Promise.resolve(retired.all().map(toDocument)),
    async remove(id) {
      await write(() => remove.run(id));
    },
  };
}

function toPage({ number, text, title }: Record<string, unknown>): Page {
  const page = { number: Number(number), text: String(text) };
  return typeof title === "string" ? { ...page, title } : page;
}

function toDocument(row: Record<string, unknown>): Document {
  // What this module wrote itself.
  return JSON.parse(String(row["body"])) as Document;
}
