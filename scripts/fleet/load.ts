import { DAY_SECONDS, type Platform, type Question } from "./arrivals.ts";
import type { Assumptions } from "./assumptions.ts";
import type { Served } from "./serve.ts";

/** What a question costs the database besides what time and replicas add, in statements. */
interface StatementCounts {
  readonly writes: number;
  readonly reads: number;
}

/**
 * Measured with three replicas on Postgres 18 (`pg_stat_database`): 60 questions on each platform in 10 channels, runs of
 * 6 s on OpenAI's protocol, answers of one part, no documents. 59 commits a question on Slack, 65 on Discord where each
 * replica has every shard; on the page 40, counted at the program. Writes are rows that changed, reads the other commits.
 */
export const STATEMENTS: Readonly<Record<Platform, StatementCounts>> = {
  slack: { writes: 25, reads: 32 },
  discord: { writes: 25, reads: 38 },
  page: { writes: 19, reads: 19 },
};
/** A question that arrives wakes every other replica, which looks for work. */
const WAKES = 1;

const TYPING_SECONDS = 8;
const PROGRESS_SECONDS = 5;
/** A message of progress is edited when what it says changes: thinking, searching, writing. */
const MOST_EDITS = 2;
/** Measured: the deletion of a progress message is often asked for twice. */
const DELETIONS = 1.7;
const OFFER_STOP_SECONDS = 10;
const POLL_SECONDS = 2;

export interface Load {
  /** The busiest minute of the whole fleet, as a count in that minute. */
  readonly busiestMinute: Readonly<Record<FleetFigure, number>>;
  readonly total: Readonly<Record<FleetFigure, number>>;
  /** The busiest of all Slack workspaces, in its busiest minute (`events`: hour). */
  readonly busiestWorkspace: { readonly status: number; readonly ephemeral: number; readonly events: number };
  /** Slack workspaces that pass `slack-status-per-minute` in some minute of the day. */
  readonly workspacesOverStatus: number;
}

const FIGURES = [
  "questions",
  "openaiRequests",
  "openaiTokens",
  "uploads",
  "slackRequests",
  "discordRequests",
  "writes",
  "reads",
] as const;
export type FleetFigure = (typeof FIGURES)[number];

/** Spreads what each question asks of others over the minutes in which it does. */
export function measureLoad(
  questions: readonly Question[],
  { startedAt, endedAt }: Pick<Served, "startedAt" | "endedAt">,
  assumptions: Assumptions,
  replicas: number,
): Load {
  const minutes = DAY_SECONDS / 60;
  const spread = createFigures(() => new Float64Array(minutes));
  const add = (figure: FleetFigure, second: number, count: number): void => {
    const minute = Math.floor(second / 60) % minutes;
    spread[figure][minute] = (spread[figure][minute] ?? 0) + count;
  };
  const status = new Map<string, number>();
  const ephemeral = new Map<string, number>();
  const events = new Map<string, number>();
  const bump = (counts: Map<string, number>, workspace: number, period: number, by: number): void => {
    const key = `${workspace} ${period}`;
    counts.set(key, (counts.get(key) ?? 0) + by);
  };
  const parts = assumptions["parts-per-answer"];

  for (const [index, question] of questions.entries()) {
    const { at, platform, workspace, runSeconds } = question;
    const start = startedAt[index] ?? 0;
    const end = endedAt[index] ?? 0;
    const shown = end - start;
    add("questions", at, 1);
    add("openaiRequests", start, 1 + (assumptions["polled-share"] * runSeconds) / POLL_SECONDS);
    add("openaiTokens", start, question.inputTokens + question.outputTokens);
    add("uploads", start, assumptions["files-per-question"]);
    add("writes", (start + end) / 2, STATEMENTS[platform].writes + parts - 1);
    add("reads", (start + end) / 2, STATEMENTS[platform].reads + WAKES * (replicas - 1));
    if (platform === "discord") {
      for (let second = start; second < end; second += TYPING_SECONDS) add("discordRequests", second, 1);
      if (shown > PROGRESS_SECONDS) {
        add("discordRequests", start + PROGRESS_SECONDS, 1);
        add("discordRequests", end, Math.min(MOST_EDITS, Math.floor(shown / PROGRESS_SECONDS) - 1) + DELETIONS);
      }
      add("discordRequests", end, parts);
    }
    if (platform === "slack") {
      add("slackRequests", start, 1);
      add("slackRequests", end, 1 + parts);
      for (const second of [start, end]) bump(status, workspace, Math.floor(second / 60), 1);
      bump(events, workspace, Math.floor(at / 3600), assumptions["messages-per-question"]);
      if (shown > OFFER_STOP_SECONDS) {
        add("slackRequests", start + OFFER_STOP_SECONDS, 1);
        bump(ephemeral, workspace, Math.floor((start + OFFER_STOP_SECONDS) / 60), 1);
      }
    }
  }

  const limit = assumptions["slack-status-per-minute"];
  const over = [...status].filter(([, count]) => count > limit).map(([key]) => key.split(" ")[0]);
  return {
    busiestMinute: createFigures((figure) => spread[figure].reduce((most, count) => Math.max(most, count), 0)),
    total: createFigures((figure) => spread[figure].reduce((sum, count) => sum + count, 0)),
    busiestWorkspace: { status: greatest(status), ephemeral: greatest(ephemeral), events: greatest(events) },
    workspacesOverStatus: new Set(over).size,
  };
}

function createFigures<T>(create: (figure: FleetFigure) => T): Record<FleetFigure, T> {
  // `FIGURES` has every name.
  return Object.fromEntries(FIGURES.map((figure) => [figure, create(figure)])) as Record<FleetFigure, T>;
}

function greatest(counts: ReadonlyMap<string, number>): number {
  let most = 0;
  for (const count of counts.values()) most = Math.max(most, count);
  return most;
}
