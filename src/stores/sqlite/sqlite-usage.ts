import type { DatabaseSync } from "node:sqlite";
import type { UsageFilter, UsageGroup, UsageLog, UsageSum } from "../../core/ports/usage-log.ts";
import { toWriter } from "./group-commit.ts";

/** Columns of `usage_by_day` for the keys of its groups. */
const COLUMNS: Readonly<Record<UsageGroup, string>> = {
  day: "day",
  channel: "channel",
  user: "user_id",
  model: "model",
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
      const { from, values } = toSource(filter, "day");
      return Promise.resolve(toSum(db.prepare(`SELECT ${SUMS} FROM ${from}`).get(...values) ?? {}));
    },
    totals(filter, by, limit = -1) {
      const { from, values, key } = toSource(filter, by);
      // Days and models are the same in every workspace.
      const workspace = by === "channel" || by === "user" ? "workspace" : "''";
      // With max(), SQLite takes the other columns from the row that has it (lang_select.html#bareagg).
      const found = db
        .prepare(
          `SELECT ${key} AS name, ${workspace} AS workspace, ${SUMS}, max(day), last_turn_id FROM ${from} GROUP BY 1, 2
           ORDER BY ${by === "day" ? "name" : "cost DESC, questions DESC, name"} LIMIT ?`,
        )
        .all(...values, limit);
      const totals = found.map((row) => ({
        ...toSum(row),
        key: String(row["name"]),
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

/** Where the sums of a group are found with the fewest rows. Only what is asked for stands in the condition: it is an index. */
function toSource(
  { from, to, workspace, channel }: UsageFilter,
  by: UsageGroup,
): { readonly from: string; readonly values: string[]; readonly key: string } {
  const inWorkspace =
    workspace === undefined ? { sql: "", values: [] } : { sql: "AND workspace = ?", values: [workspace] };
  if (channel === undefined) {
    const where = `kind = '${by}' AND day BETWEEN ? AND ? ${inWorkspace.sql}`;
    return { from: `usage_sums WHERE ${where}`, values: [from, to, ...inWorkspace.values], key: "key" };
  }
  const where = `channel = ? AND day BETWEEN ? AND ? ${inWorkspace.sql}`;
  return { from: `usage_by_day WHERE ${where}`, values: [channel, from, to, ...inWorkspace.values], key: COLUMNS[by] };
}

function toSum(row: Readonly<Record<string, unknown>>): UsageSum {
  return {
    questions: Number(row["questions"] ?? 0),
    inputTokens: Number(row["input"] ?? 0),
    outputTokens: Number(row["output"] ?? 0),
    costUsd: Number(row["cost"] ?? 0),
  };
}
