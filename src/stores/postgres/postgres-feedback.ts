import type { FeedbackLog } from "../../core/ports/stores.ts";
import type { Postgres } from "./open-postgres.ts";

/** What people think of answers. */
export function createPostgresFeedback(postgres: Postgres): FeedbackLog {
  return {
    async record({ turnId, userId, verdict, at }) {
      await postgres.query(
        `INSERT INTO docent.feedback (turn_id, user_id, verdict, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (turn_id, user_id) DO UPDATE SET verdict = excluded.verdict, at = excluded.at`,
        [turnId, userId, verdict, at],
      );
    },
    async counts() {
      const { rows } = await postgres.query<{ verdict: string; n: number }>(
        "SELECT verdict, count(*) AS n FROM docent.feedback GROUP BY verdict",
      );
      return Object.fromEntries(rows.map(({ verdict, n }) => [verdict, n]));
    },
  };
}
