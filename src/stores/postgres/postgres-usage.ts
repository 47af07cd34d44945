import type { UsageFilter, UsageGroup, UsageLog, UsageSum } from "../../core/ports/usage-log.ts";
import type { Postgres } from "./open-postgres.ts";

/** Columns of `usage_by_day` for the keys of its groups. */
const COLUMNS: Readonly<Record<UsageGroup, string>> = {
  day: "day",
  channel: "channel",
  user: "user_id",
  model: "model",
};

const SUMS = `coalesce(sum(questions), 0)::bigint AS questions, coalesce(sum(input_tokens), 0)::bigint AS input,
  coalesce(sum(output_tokens), 0)::bigint AS output, coalesce(sum(cost_usd), 0) AS cost`;

interface SumRow {
  readonly questions: number;
  readonly input: number;
  readonly output: number;
  readonly cost: number;
}

interface TotalRow extends SumRow {
  readonly key: string;
  readonly workspace: string;
  readonly last_turn_id: string;
}

interface DayRow extends SumRow {
  readonly workspace: string;
  readonly channel: string;
  readonly user_id: string;
  readonly model: string;
  readonly last_turn_id: string;
}

/** What answers cost. Outlives the channel that asked: it holds no text, and budgets need it. */
export function createPostgresUsage(postgres: Postgres): UsageLog {
  return {
    async record({ turnId, day, workspace, channel, userId, at, usage }) {
      const { model, inputTokens, outputTokens, costUsd } = usage;
      await postgres.query(
        `INSERT INTO docent.usage
           (turn_id, day, workspace, channel, user_id, at, model, input_tokens, output_tokens, cost_usd)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (turn_id) DO NOTHING`,
        [turnId, day, workspace, channel, userId, at, model, inputTokens, outputTokens, costUsd ?? 0],
      );
    },
    async sum(filter) {
      const { from, values } = toSource(filter, "day");
      const { rows } = await postgres.query<SumRow>(`SELECT ${SUMS} FROM ${from}`, values);
      return toSum(rows[0] ?? { questions: 0, input: 0, output: 0, cost: 0 });
    },
    async totals(filter, by, limit) {
      const { from, values, key } = toSource(filter, by);
      // Days and models are the same in every workspace.
      const workspace = by === "channel" || by === "user" ? "workspace" : "''";
      const { rows } = await postgres.query<TotalRow>(
        `SELECT ${key} AS key, ${workspace} AS workspace, ${SUMS}, (max(ARRAY[day, last_turn_id]))[2] AS last_turn_id
         FROM ${from} GROUP BY 1, 2
         ORDER BY ${by === "day" ? "1" : "cost DESC, questions DESC, 1"} LIMIT $${values.length + 1}`,
        [...values, limit ?? null],
      );
      return rows.map((row) => ({
        ...toSum(row),
        key: row.key,
        workspace: row.workspace,
        lastTurnId: row.last_turn_id,
      }));
    },
    async rows(day) {
      const { rows } = await postgres.query<DayRow>(
        `SELECT workspace, channel, user_id, model, questions, input_tokens AS input, output_tokens AS output,
           cost_usd AS cost, last_turn_id
         FROM docent.usage_by_day WHERE day = $1 ORDER BY channel, user_id, model, workspace`,
        [day],
      );
      return rows.map((row) => ({
        ...toSum(row),
        day,
        workspace: row.workspace,
        channel: row.channel,
        userId: row.user_id,
        model: row.model,
        lastTurnId: row.last_turn_id,
      }));
    },
  };
}

/** Where the sums of a group are found with the fewest rows. Only what is asked for stands in the condition: it is an index. */
function toSource(
  { from, to, workspace, channel }: UsageFilter,
  by: UsageGroup,
): { readonly from: string; readonly values: readonly string[]; readonly key: string } {
  const last = workspace === undefined ? [] : [workspace];
  if (channel === undefined) {
    const where = `kind = '${by}' AND day BETWEEN $1 AND $2 ${workspace === undefined ? "" : "AND workspace = $3"}`;
    return { from: `docent.usage_sums WHERE ${where}`, values: [from, to, ...last], key: "key" };
  }
  const where = `day BETWEEN $1 AND $2 AND channel = $3 ${workspace === undefined ? "" : "AND workspace = $4"}`;
  return { from: `docent.usage_by_day WHERE ${where}`, values: [from, to, channel, ...last], key: COLUMNS[by] };
}

function toSum({ questions, input, output, cost }: SumRow): UsageSum {
  return { questions, inputTokens: input, outputTokens: output, costUsd: cost };
}
