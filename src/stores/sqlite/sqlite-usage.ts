import type { DatabaseSync } from "node:sqlite";
import type { UsageLog } from "../../core/ports/stores.ts";
import { toWriter } from "./group-commit.ts";

/** What answers cost. Outlives the channel that asked: it holds no text, and budgets need it. */
export function createSqliteUsage(db: DatabaseSync): UsageLog {
  const write = toWriter(db);
  const insert = db.prepare(`
    INSERT INTO usage (turn_id, channel, user_id, at, model, input_tokens, output_tokens, cost_usd)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (turn_id) DO NOTHING`);
  const sum = db.prepare(`
    SELECT count(*) AS questions, coalesce(sum(input_tokens), 0) AS input, coalesce(sum(output_tokens), 0) AS output,
      coalesce(sum(cost_usd), 0) AS cost
    FROM usage WHERE at >= ? AND (? IS NULL OR channel = ?) AND (? IS NULL OR user_id = ?)`);

  return {
    async record({ turnId, channel, userId, at, usage }) {
      const { model, inputTokens, outputTokens, costUsd } = usage;
      await write(() => insert.run(turnId, channel, userId, at, model, inputTokens, outputTokens, costUsd ?? 0));
    },
    sum({ channel = null, userId = null, since }) {
      const row = sum.get(since, channel, channel, userId, userId);
      return Promise.resolve({
        questions: Number(row?.["questions"]),
        inputTokens: Number(row?.["input"]),
        outputTokens: Number(row?.["output"]),
        costUsd: Number(row?.["cost"]),
      });
    },
  };
}
