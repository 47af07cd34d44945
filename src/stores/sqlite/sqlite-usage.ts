import type { DatabaseSync } from "node:sqlite";
import type { UsageFilter, UsageGroup, UsageLog, UsageSum } from "../../core/ports/usage-log.ts";
import { toWriter } from "./group-commit.ts";

/** What stands for a group: its key, and for what is known in one workspace only, that. */
const GROUPS: Readonly<Record<UsageGroup, { readonly key: string; readonly workspace: string }>> = {
  day: { key: "day", workspace: "''" },
  channel: { key: "channel", workspace: "workspace" },
  user: { key: "user_id", workspace: "workspace" },
  model: { key: "model", workspace: "''" },
};

const SUMS = `coalesce(sum(questions), 0) AS questions, coalesce(sum(input_tokens), 0) AS input,
  coalesce(sum(output_tokens), 0) AS output, coalesce(sum(cost_usd), 0) AS cost`;

/** What answers cost. Outlives the channel that asked: it holds no text, and budgets need it. */
export function createSqliteUsage(db: DatabaseSync): UsageLog {
  const write = toWriter(db);
  const insert = db.prepare(`
    INSERT INTO usage (turn_id, channel, user_id, at, model, input_tokens, output_tokens, cost_usd, day, workspace)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (turn_id) DO NOTHING`);
  const rowsOfDay = db.prepare(`
    SELECT day, workspace, channel, user_id, model, questions, input_tokens AS input, output_tokens AS output,
      cost_usd AS cost, last_turn_id
    FROM usage_by_day WHERE day = ? ORDER BY channel, user_id, model, workspace`);

  return {
    async record({ turnId, day, workspace, channel, userId, at, usage }) {
      const { model, inputTokens, outputTokens, costUsd } = usage;
      const cost = costUsd ?? 0;
      await write(() =>
        insert.run(turnId, channel, userId, at, model, inputTokens, outputTokens, cost, day, workspace),
      );
    },
    sum(filter) {
      const { where, values } = toCondition(filter);
      const row = db.prepare(`SELECT ${SUMS} FROM usage_by_day WHERE ${where}`).get(...values);
      return Promise.resolve(toSum(row ?? {}));
    },
    totals(filter, by, limit = -1) {
      const { where, values } = toCondition(filter);
      const { key, workspace } = GROUPS[by];
      // With max(), SQLite takes the other columns from the row that has it (lang_select.html#bareagg).
      const found = db
        .prepare(
          `SELECT ${key} AS key, ${workspace} AS workspace, ${SUMS}, max(day), last_turn_id FROM usage_by_day
           WHERE ${where} GROUP BY 1, 2
           ORDER BY ${by === "day" ? "key" : "cost DESC, questions DESC, key"} LIMIT ?`,
        )
        .all(...values, limit);
      const totals = found.map((row) => ({
        ...toSum(row),
        key: String(row["key"]),
        workspace: String(row["workspace"]),
        lastTurnId: String(row["last_turn_id"]),
      }));
      return Promise.resolve(totals);
    },
    rows(day) {
      const found = rowsOfDay.all(day).map((row) => ({
        ...toSum(row),
        day,
        workspace: String(row["workspace"]),
        channel: String(row["channel"]),
        userId: String(row["user_id"]),
        model: String(row["model"]),
        lastTurnId: String(row["last_turn_id"]),
      }));
      return Promise.resolve(found);
    },
  };
}

/** Only what is asked for: a condition on every column would keep SQLite from using an index. */
function toCondition({ from, to, workspace, channel, userId }: UsageFilter): { where: string; values: string[] } {
  const wanted = Object.entries({ workspace, channel, user_id: userId });
  const given = wanted.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    where: ["day BETWEEN ? AND ?", ...given.map(([column]) => `${column} = ?`)].join(" AND "),
    values: [from, to, ...given.map(([, value]) => value)],
  };
}

function toSum(row: Readonly<Record<string, unknown>>): UsageSum {
  return {
    questions: Number(row["questions"] ?? 0),
    inputTokens: Number(row["input"] ?? 0),
    outputTokens: Number(row["output"] ?? 0),
    costUsd: Number(row["cost"] ?? 0),
  };
}
