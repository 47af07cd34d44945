import type { Assumptions } from "./assumptions.ts";
import type { Load } from "./load.ts";

/** Something that the fleet needs at its busiest, beside what there is of it. */
export interface Need {
  readonly name: string;
  /** What meets the limit: how the fleet is set up, its busiest workspace alone, or all of it. */
  readonly meets: "settings" | "workspace" | "fleet";
  readonly needed: number;
  readonly limit: number;
  readonly unit: string;
  readonly remedy: string;
}

/** Every limit that the day's load comes near to, the nearest first. */
export function listNeeds(load: Load, assumptions: Assumptions, replicas: number): readonly Need[] {
  const { busiestMinute: minute, busiestWorkspace: workspace } = load;
  const guilds = assumptions.workspaces * assumptions["discord-share"];
  const hasSlack = assumptions["slack-share"] > 0;
  const shards = Math.ceil(guilds / assumptions["discord-guilds-per-shard"]);
  const needs: (Need | null)[] = [
    {
      name: "connections to Postgres",
      meets: "settings",
      needed: replicas * (assumptions["postgres-pool"] + 1),
      limit: assumptions["postgres-max-connections"],
      unit: "",
      remedy: "fewer replicas with more CONCURRENT_RUNS; raise max_connections",
    },
    {
      name: "Postgres, statements that write",
      meets: "fleet",
      needed: minute.writes / 60,
      limit: assumptions["postgres-writes-per-second"],
      unit: "/s",
      remedy: "a faster disk and more cores for Postgres",
    },
    {
      name: "Postgres, statements that read",
      meets: "fleet",
      needed: minute.reads / 60,
      limit: assumptions["postgres-reads-per-second"],
      unit: "/s",
      remedy: "more cores for Postgres; fewer replicas",
    },
    {
      name: "processor of a replica",
      meets: "settings",
      needed: ((minute.questions / 60) * (assumptions["cpu-ms-per-question"] / 1000)) / replicas,
      limit: 1,
      unit: " cores",
      remedy: "more replicas",
    },
    {
      name: "OpenAI, requests",
      meets: "fleet",
      needed: minute.openaiRequests,
      limit: assumptions["openai-requests-per-minute"],
      unit: "/min",
      remedy: "a higher tier, or several organisations, each with a fleet of its own",
    },
    {
      name: "OpenAI, tokens",
      meets: "fleet",
      needed: minute.openaiTokens,
      limit: assumptions["openai-tokens-per-minute"],
      unit: "/min",
      remedy: "a higher tier; smaller INLINE_MAX_TOKENS",
    },
    {
      name: "OpenAI, uploads",
      meets: "fleet",
      needed: minute.uploads,
      limit: assumptions["openai-uploads-per-minute"],
      unit: "/min",
      remedy: "READ_UPLOADS=asked; several organisations",
    },
    hasSlack
      ? {
          name: "Slack, status of the busiest workspace",
          meets: "workspace",
          needed: workspace.status,
          limit: assumptions["slack-status-per-minute"],
          unit: "/min",
          remedy: "nothing: progress is shown late, answers are not held up",
        }
      : null,
    hasSlack
      ? {
          name: "Slack, offers to stop of the busiest workspace",
          meets: "workspace",
          needed: workspace.ephemeral,
          limit: assumptions["slack-ephemeral-per-minute"],
          unit: "/min",
          remedy: "as above",
        }
      : null,
    hasSlack
      ? {
          name: "Slack, events of the busiest workspace",
          meets: "workspace",
          needed: workspace.events,
          limit: assumptions["slack-events-per-hour"],
          unit: "/h",
          remedy: "Slack withholds events for a while: take Docent out of channels that do not ask",
        }
      : null,
    hasSlack
      ? {
          name: "Slack, sockets of one app",
          meets: "settings",
          needed: replicas * assumptions["slack-sockets-per-replica"],
          limit: assumptions["slack-sockets"],
          unit: "",
          remedy: "HTTP (SLACK_SIGNING_SECRET) behind a load balancer",
        }
      : null,
    guilds > 0
      ? {
          name: "Discord, requests of one bot",
          meets: "fleet",
          needed: minute.discordRequests / 60,
          limit: assumptions["discord-requests-per-second"],
          unit: "/s",
          remedy: "ask Discord for a higher limit; several bots; less progress",
        }
      : null,
    guilds > 0
      ? {
          name: "Discord, identifies",
          meets: "settings",
          needed: shards * (1 + assumptions["updates-per-day"]),
          limit: assumptions["discord-identifies-per-day"],
          unit: "/day",
          remedy: "fewer updates; fewer shards, up to 2,500 servers each",
        }
      : null,
  ];
  return needs.filter((need) => need !== null).toSorted((one, other) => utilisation(other) - utilisation(one));
}

export function utilisation({ needed, limit }: Pick<Need, "needed" | "limit">): number {
  return limit === 0 ? Number.POSITIVE_INFINITY : needed / limit;
}

/** What the day adds to stores and bills. */
export function listCosts(load: Load, assumptions: Assumptions): Readonly<Record<string, number>> {
  const { questions, uploads } = load.total;
  const uploadedTb = (uploads * assumptions["file-mb"]) / 1e6;
  return {
    shards: Math.ceil(
      (assumptions.workspaces * assumptions["discord-share"]) / assumptions["discord-guilds-per-shard"],
    ),
    databaseGbPerDay: (questions * assumptions["database-kb-per-question"]) / 1e6,
    walGbPerDay: (questions * assumptions["wal-kb-per-question"]) / 1e6,
    filesGbPerDay: uploadedTb * 1000,
    daysUntilStorageIsFull: uploadedTb === 0 ? Number.POSITIVE_INFINITY : assumptions["openai-storage-tb"] / uploadedTb,
    searchUsdPerDay: ((questions * assumptions["search-share"]) / 1000) * assumptions["usd-per-thousand-searches"],
  };
}
