import { randomUUID } from "node:crypto";
import type { LoggedMessage, MessageLog } from "../../core/ports/stores.ts";
import type { Postgres } from "./open-postgres.ts";

const REDACTED_AT_ONCE = 200;

/** What was said on the web page. */
export function createPostgresMessages(postgres: Postgres): MessageLog {
  /** Takes out some of the answers that cite a document; true when none is left. */
  const redactSome = (documentId: string, text: string): Promise<boolean> =>
    postgres.transaction(async (query) => {
      const { rows } = await query<{ id: string; body: string }>(
        "SELECT id, body FROM docent.messages WHERE cited @> ARRAY[$1] LIMIT $2 FOR UPDATE",
        [documentId, REDACTED_AT_ONCE],
      );
      await query(
        `UPDATE docent.messages SET body = redacted.body, cited = '{}'
         FROM unnest($1::text[], $2::text[]) AS redacted (id, body) WHERE messages.id = redacted.id`,
        [rows.map(({ id }) => id), rows.map(({ body }) => JSON.stringify({ ...toMessage(body), text, citations: [] }))],
      );
      return rows.length < REDACTED_AT_ONCE;
    });

  return {
    async append(message) {
      const { id, channel, createdAt, citations } = message;
      const delivery = randomUUID();
      const cited = [...new Set(citations.map(({ documentId }) => documentId))];
      const { count } = await postgres.query(
        `INSERT INTO docent.messages (id, channel, created_at, cited, delivery, body)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING`,
        [id, channel, createdAt, cited, delivery, JSON.stringify(message)],
      );
      if (count === 1) return { isNew: true };
      const { rows } = await postgres.query("SELECT 1 FROM docent.messages WHERE id = $1 AND delivery = $2", [
        id,
        delivery,
      ]);
      return { isNew: rows.length === 1 };
    },
    async list(channel, { limit = 500 } = {}) {
      const { rows } = await postgres.query<{ body: string }>(
        "SELECT body FROM docent.messages WHERE channel = $1 ORDER BY seq DESC LIMIT $2",
        [channel, limit],
      );
      return rows.map(({ body }) => toMessage(body)).toReversed();
    },
    async channels() {
      const { rows } = await postgres.query<{ channel: string; last_at: number; messages: number }>(
        `SELECT channel, max(created_at) AS last_at, count(*) AS messages FROM docent.messages
         GROUP BY channel ORDER BY last_at DESC`,
      );
      return rows.map(({ channel, last_at: lastAt, messages }) => ({ channel, lastAt, messages }));
    },
    async redact(documentId, text) {
      while (!(await redactSome(documentId, text)));
    },
    async forgetChannel(channel, until) {
      const past = "($1::text IS NULL OR channel = $1) AND created_at <= $2";
      // Counted first: a deletion that is repeated after a lost connection finds nothing any more.
      const { rows } = await postgres.query<{ n: number }>(`SELECT count(*) AS n FROM docent.messages WHERE ${past}`, [
        channel,
        until,
      ]);
      await postgres.query(`DELETE FROM docent.messages WHERE ${past}`, [channel, until]);
      return rows[0]?.n ?? 0;
    },
  };
}

function toMessage(body: string): LoggedMessage {
  // What this module wrote itself.
  return JSON.parse(body) as LoggedMessage;
}
