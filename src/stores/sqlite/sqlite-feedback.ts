import type { DatabaseSync } from "node:sqlite";
import type { FeedbackLog } from "../../core/ports/stores.ts";

/** What people think of answers. */
export function createSqliteFeedback(db: DatabaseSync): FeedbackLog {
  const set = db.prepare(`
    INSERT INTO feedback (turn_id, user_id, verdict, at) VALUES (?, ?, ?, ?)
    ON CONFLICT (turn_id, user_id) DO UPDATE SET verdict = excluded.verdict, at = excluded.at`);
  const counts = db.prepare("SELECT verdict, count(*) AS n FROM feedback GROUP BY verdict");
  return {
    record({ turnId, userId, verdict, at }) {
      set.run(turnId, userId, verdict, at);
      return Promise.resolve();
    },
    counts: () =>
      Promise.resolve(Object.fromEntries(counts.all().map((row) => [String(row["verdict"]), Number(row["n"])]))),
  };
}
