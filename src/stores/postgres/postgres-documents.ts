import { randomUUID } from "node:crypto";
import type { Document } from "../../core/document.ts";
import type { Documents } from "../../core/ports/stores.ts";
import type { Postgres } from "./open-postgres.ts";
import { replacePages, readPages } from "./postgres-pages.ts";

/**
 * Documents and their text, page by page. A document that was retired keeps its row: one statement then settles a race
 * between a redelivery and a deletion, whichever replica each comes to.
 */
export function createPostgresDocuments(postgres: Postgres): Documents {
  async function readBody(id: string): Promise<string | undefined> {
    const { rows } = await postgres.query<{ body: string }>(
      "SELECT body FROM docent.documents WHERE id = $1 AND NOT is_retired",
      [id],
    );
    return rows[0]?.body;
  }

  return {
    async add(document) {
      const { id, scope, messageKey, state } = document;
      const delivery = randomUUID();
      const { count } = await postgres.query(
        `INSERT INTO docent.documents (id, scope_kind, scope_key, message_key, state, delivery, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING`,
        [id, scope.kind, scope.key, messageKey, state, delivery, JSON.stringify(document)],
      );
      if (count === 1) return { document, isNew: true };
      const { rows } = await postgres.query<{ body: string | null; is_retired: boolean; delivery: string }>(
        "SELECT body, is_retired, delivery FROM docent.documents WHERE id = $1",
        [id],
      );
      const stored = rows[0];
      if (stored === undefined || stored.is_retired || stored.body === null) {
        return { document: undefined, isNew: false };
      }
      return { document: toDocument(stored.body), isNew: stored.delivery === delivery };
    },
    async update(id, change) {
      for (;;) {
        const before = await readBody(id);
        if (before === undefined) return undefined;
        const next = { ...toDocument(before), ...change };
        const body = JSON.stringify(next);
        // Only onto what was read: of two replicas that change it at once, the second reads again.
        const { count } = await postgres.query(
          "UPDATE docent.documents SET state = $3, body = $4 WHERE id = $1 AND body = $2 AND NOT is_retired",
          [id, before, next.state, body],
        );
        if (count === 1) return next;
      }
    },
    async get(id) {
      const body = await readBody(id);
      return body === undefined ? undefined : toDocument(body);
    },
    async list({ scope, messageKey, states }) {
      const wanted: readonly (readonly [condition: string, value: unknown])[] = [
        ...(scope === undefined
          ? []
          : ([
              ["scope_kind =", scope.kind],
              ["scope_key =", scope.key],
            ] as const)),
        ...(messageKey === undefined ? [] : ([["message_key =", messageKey]] as const)),
      ];
      const values = wanted.map(([, value]) => value);
      const conditions = wanted.map(([condition], index) => ` AND ${condition} $${index + 1}`);
      if (states !== undefined) conditions.push(` AND state = ANY ($${values.push(states)})`);
      const { rows } = await postgres.query<{ body: string }>(
        `SELECT body FROM docent.documents WHERE NOT is_retired${conditions.join("")} ORDER BY seq`,
        values,
      );
      return rows.map(({ body }) => toDocument(body));
    },
    savePages: (id, pages) =>
      postgres.transaction(async (query) => {
        // Held until the end: nobody else replaces these pages meanwhile, and nobody retires the document.
        const { count } = await query("SELECT 1 FROM docent.documents WHERE id = $1 AND NOT is_retired FOR UPDATE", [
          id,
        ]);
        if (count === 1) await replacePages(query, id, pages);
      }),
    pages: (id) => readPages(postgres.query, id),
    retire: (id) =>
      postgres.transaction(async (query) => {
        await query("UPDATE docent.documents SET is_retired = true WHERE id = $1 AND NOT is_retired", [id]);
        // A statement of its own: it must see pages that were saved while the one before waited for the row.
        await query("DELETE FROM docent.pages WHERE document_id = $1", [id]);
      }),
    async retired() {
      const { rows } = await postgres.query<{ body: string }>(
        "SELECT body FROM docent.documents WHERE is_retired AND body IS NOT NULL ORDER BY seq",
      );
      return rows.map(({ body }) => toDocument(body));
    },
    async remove(id) {
      await postgres.query(
        "UPDATE docent.documents SET body = NULL, scope_key = '', message_key = '' WHERE id = $1 AND is_retired",
        [id],
      );
    },
  };
}

function toDocument(body: string): Document {
  // What this module wrote itself.
  return JSON.parse(body) as Document;
}
