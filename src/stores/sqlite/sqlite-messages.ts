import type { DatabaseSync } from "node:sqlite";
import { toWriter } from "./group-commit.ts";
import type { LoggedMessage, MessageLog } from "../../core/ports/stores.ts";

/** What was said on the web page. */
export function createSqliteMessages(db: DatabaseSync): MessageLog {
  const write = toWriter(db);
  const insert = db.prepare(`
    INSERT INTO messages (id, channel, created_at, body) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`);
  const latest = db.prepare("SELECT body FROM messages WHERE channel = ? ORDER BY seq DESC LIMIT ?");
  const channels = db.prepare(`
    SELECT channel, max(created_at) AS last_at, count(*) AS n FROM messages GROUP BY channel ORDER BY last_at DESC`);
  const citing = db.prepare("SELECT body FROM messages WHERE body LIKE ?");
  const update = db.prepare("UPDATE messages SET body = ? WHERE id = ?");
  const forget = db.prepare("DELETE FROM messages WHERE (?1 IS NULL OR channel = ?1) AND created_at <= ?2");

  return {
    async append(message) {
      const { id, channel, createdAt } = message;
      const body = JSON.stringify(message);
      return { isNew: (await write(() => insert.run(id, channel, createdAt, body))).changes === 1 };
    },
    list(channel, { limit = 500 } = {}) {
      const rows = latest.all(channel, limit).map(toMessage);
      return Promise.resolve(rows.toReversed());
    },
    channels: () =>
      Promise.resolve(
        channels.all().map((row) => ({
          channel: String(row["channel"]),
          lastAt: Number(row["last_at"]),
          messages: Number(row["n"]),
        })),
      ),
    redact(documentId, text) {
      // An id holds no sign that LIKE or JSON knows.
      const rows = citing.all(`%"documentId":"${documentId}"%`).map(toMessage);
      const quoting = rows.filter(({ citations }) => citations.some((citation) => citation.documentId === documentId));
      return write(() => {
        for (const message of quoting) update.run(JSON.stringify({ ...message, text, citations: [] }), message.id);
      });
    },
    forgetChannel: (channel, until) => write(() => Number(forget.run(channel, until).changes)),
  };
}

function toMessage(row: Record<string, unknown>): LoggedMessage {
  // What this module wrote itself.
  return JSON.parse(String(row["body"])) as LoggedMessage;
}
