import type { UsageFilter, UsageGroup, UsageLog, UsageSum } from "../../core/ports/usage-log.ts";
import type { Postgres } from "./open-postgres.ts";

/** What stands for a group: its key, and for what is known in one workspace only, that. */
const GROUPS: Readonly<Record<UsageGroup, { readonly key: string; readonly workspace: string }>> = {
  day: { key: "day", workspace: "''" },
  channel: { key: "channel", workspace: "workspace" },
  user: { key: "user_id", workspace: "workspace" },
  model: { key: "model", workspace: "''" },
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
      const { where, values } = toCondition(filter);
      const { rows } = await postgres.query<SumRow>(`SELECT ${SUMS} FROM docent.usage_by_day WHERE ${where}`, values);
      return toSum(rows[0] ?? { questions: 0, input: 0, output: 0, cost: 0 });
    },
    async totals(filter, by, limit) {
      const { where, values } = toCondition(filter);
      const { key, workspace } = GROUPS[by];
      const { rows } = await postgres.query<TotalRow>(
        `SELECT ${key} AS key, ${workspace} AS workspace, ${SUMS},
           (array_agg(last_turn_id ORDER BY day DESC))[1] AS last_turn_id
         FROM docent.usage_by_day WHERE ${where} GROUP BY 1, 2
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

/** Only what is asked for: a condition on every column would keep Postgres from using an index. */
function toCondition({ from, to, workspace, channel, userId }: UsageFilter): { where: string; values: string[] } {
  const wanted = Object.entries({ workspace, channel, user_id: userId });
  const given = wanted.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    where: ["day BETWEEN $1 AND $2", ...given.map(([column], index) => `${column} = $${index + 3}`)].join(" AND "),
    values: [from, to, ...given.map(([, value]) => value)],
  };
}

function toSum({ questions, input, output, cost }: SumRow): UsageSum {
  return { questions, inputTokens: input, outputTokens: output, costUsd: cost };
}
