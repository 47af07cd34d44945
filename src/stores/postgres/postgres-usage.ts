import type { UsageLog } from "../../core/ports/stores.ts";
import type { Postgres } from "./open-postgres.ts";

/** What answers cost. Outlives the channel that asked: it holds no text, and budgets need it. */
export function createPostgresUsage(postgres: Postgres): UsageLog {
  return {
    async record({ turnId, channel, userId, at, usage }) {
      const { model, inputTokens, outputTokens, costUsd } = usage;
      await postgres.query(
        `INSERT INTO docent.usage (turn_id, channel, user_id, at, model, input_tokens, output_tokens, cost_usd)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (turn_id) DO NOTHING`,
        [turnId, channel, userId, at, model, inputTokens, outputTokens, costUsd ?? 0],
      );
    },
    async sum({ channel = null, userId = null, since }) {
      const { rows } = await postgres.query<{ questions: number; input: number; output: number; cost: number }>(
        `SELECT count(*) AS questions, coalesce(sum(input_tokens), 0)::bigint AS input,
           coalesce(sum(output_tokens), 0)::bigint AS output, coalesce(sum(cost_usd), 0) AS cost
         FROM docent.usage
         WHERE at >= $1 AND ($2::text IS NULL OR channel = $2) AND ($3::text IS NULL OR user_id = $3)`,
        [since, channel, userId],
      );
      const { questions = 0, input = 0, output = 0, cost = 0 } = rows[0] ?? {};
      return { questions, inputTokens: input, outputTokens: output, costUsd: cost };
    },
  };
}
