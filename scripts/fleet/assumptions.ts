/**
 * Everything that the simulation takes for granted, with its default. Each is an option of the command line. Where a
 * number is a vendor's, `about` names the page that publishes it; where it was measured, what with.
 */
export const ASSUMPTIONS = {
  seed: { value: 1, about: "decides every random number" },
  workspaces: { value: 10_000, about: "Slack workspaces, Discord servers and pages together" },
  "questions-per-day": { value: 1_000_000, about: "questions of the day that is simulated" },
  "slack-share": { value: 0.5, about: "share of the workspaces that are on Slack" },
  "discord-share": { value: 0.4, about: "share of the workspaces that are on Discord; the rest uses the page" },

  "local-peak": { value: 2.5, about: "how much busier the busiest local hour is than the mean of the local day" },
  "workspace-spread": { value: 1.5, about: "sigma of the lognormal distribution of questions by workspace" },
  "channels-per-workspace": { value: 20, about: "channels in which people ask" },
  "burst-share": { value: 0.1, about: "share of the questions that come in bursts within one workspace" },
  "burst-size": { value: 8, about: "questions of a burst" },
  "burst-seconds": { value: 60, about: "how long a burst takes" },
  "messages-per-question": { value: 20, about: "messages that Slack delivers to the app for each question" },

  "run-p50-seconds": { value: 6, about: "the model's time for an answer, median" },
  "run-p95-seconds": { value: 25, about: "the same, 95th percentile" },
  "beside-run-seconds": {
    value: 0.5,
    about: "a worker's time for a question without the run: reading, storing, posting",
  },
  "input-tokens-p50": { value: 6_000, about: "tokens that the model reads for a question, median" },
  "input-tokens-p95": { value: 30_000, about: "the same, 95th percentile" },
  "output-tokens-p50": { value: 400, about: "tokens that it writes, median" },
  "output-tokens-p95": { value: 1_500, about: "the same, 95th percentile" },
  "search-share": { value: 0.5, about: "share of the questions that search a vector store" },
  "files-per-question": { value: 0.02, about: "new documents for each question" },
  "file-mb": { value: 2, about: "size of a document" },
  "parts-per-answer": { value: 1.1, about: "messages for each answer" },
  "polled-share": { value: 0, about: "share of the runs that are polled, every two seconds, not streamed" },

  "concurrent-runs": { value: 16, about: "CONCURRENT_RUNS of each replica" },
  replicas: { value: 0, about: "0: the smallest number that keeps p99 of waiting for a worker under a second" },
  "postgres-pool": { value: 10, about: "connections of a replica's pool; one more listens" },
  "postgres-max-connections": { value: 97, about: "max_connections 100 less 3 for superusers, Postgres' defaults" },
  "postgres-writes-per-second": {
    value: 1_700,
    about: "the lowest of several measurements on two busy cores, 10 to 30 connections, rows of 1.4 kB, fsync on",
  },
  "postgres-reads-per-second": { value: 5_200, about: "measured in the same way" },
  "cpu-ms-per-question": {
    value: 35,
    about: "measured with three replicas: 24 on the page, 30 on Slack, 47 on Discord",
  },
  "memory-mb-per-replica": { value: 240, about: "docs/reliability.md, the soak" },
  "wal-kb-per-question": { value: 16, about: "what Postgres writes to its log, measured with three replicas" },
  "database-kb-per-question": { value: 2.1, about: "docs/reliability.md, the soak" },

  "openai-requests-per-minute": { value: 30_000, about: "assumed: depends on model and tier, your account shows it" },
  "openai-tokens-per-minute": {
    value: 180_000_000,
    about: "assumed: depends on model and tier, your account shows it",
  },
  "openai-uploads-per-minute": { value: 1_000, about: "developers.openai.com, reference of POST /files" },
  "openai-storage-tb": { value: 2.5, about: "of a project: help.openai.com/en/articles/8724843" },
  "usd-per-million-input-tokens": { value: 0.1, about: "gpt-6-luna: developers.openai.com/api/docs/models" },
  "usd-per-million-output-tokens": { value: 0.5, about: "gpt-6-luna: developers.openai.com/api/docs/models" },
  "usd-per-thousand-searches": { value: 2.5, about: "file_search: OpenAI's price list" },

  "slack-status-per-minute": { value: 50, about: "tier 3, by workspace: docs.slack.dev/apis/web-api/rate-limits" },
  "slack-ephemeral-per-minute": { value: 100, about: "tier 4, by workspace: the same page" },
  "slack-events-per-hour": { value: 30_000, about: "by workspace: docs.slack.dev/apis/events-api" },
  "slack-sockets": { value: 10, about: "of an app: docs.slack.dev/apis/events-api/using-socket-mode" },
  "slack-sockets-per-replica": { value: 1, about: "what Docent needs; it opens a spare while there is room" },
  "discord-requests-per-second": { value: 50, about: "of a bot: docs.discord.com/developers/topics/rate-limits" },
  "discord-guilds-per-shard": {
    value: 1_000,
    about: "advised; 2,500 at most: docs.discord.com/developers/events/gateway",
  },
  "discord-identifies-per-day": { value: 1_000, about: "of a bot: the same page" },
  "updates-per-day": { value: 5, about: "rolling updates, each of which identifies every shard again" },
} as const satisfies Record<string, { readonly value: number; readonly about: string }>;

export type AssumptionName = keyof typeof ASSUMPTIONS;
export type Assumptions = Readonly<Record<AssumptionName, number>>;

/** Every name of the table; the assertion is safe for an object literal without more keys than its type has. */
export const ASSUMPTION_NAMES = Object.keys(ASSUMPTIONS) as readonly AssumptionName[];

/** The table's values with some of them changed. @throws Error when a value is no number from 0 on, or the shares exceed 1 */
export function toAssumptions(change: Partial<Record<AssumptionName, number>> = {}): Assumptions {
  const entries = ASSUMPTION_NAMES.map((name) => [name, change[name] ?? ASSUMPTIONS[name].value] as const);
  const bad = entries.find(([, value]) => !Number.isFinite(value) || value < 0);
  if (bad !== undefined) throw new Error(`--${bad[0]} must be a number from 0 on; it is ${bad[1]}.`);
  // `entries` has every name.
  const assumptions = Object.fromEntries(entries) as Assumptions;
  if (assumptions["slack-share"] + assumptions["discord-share"] > 1 + 1e-9) {
    throw new Error("--slack-share and --discord-share must not exceed 1 together.");
  }
  return assumptions;
}
