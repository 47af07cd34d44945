import { listCosts, utilisation } from "./needs.ts";
import type { Simulation } from "./simulate.ts";

const MEETS = { settings: "the settings", workspace: "one workspace", fleet: "the fleet" };

/** The simulation as text for a terminal, also fit for a page of Markdown. */
export function toReport(simulation: Simulation): string {
  const { assumptions, load, needs, replicas, smallest, around, waits, served } = simulation;
  const costs = listCosts(load, assumptions);
  const peak = load.busiestMinute.questions / 60;
  const mean = assumptions["questions-per-day"] / 86_400;
  const runs = assumptions["concurrent-runs"];
  const tokenUsd = (tokens: number, price: number): number => (tokens / 1e6) * price;
  const sum = (read: (question: Simulation["questions"][number]) => number): number =>
    simulation.questions.reduce((total, question) => total + read(question), 0);
  const inputUsd = tokenUsd(
    sum(({ inputTokens }) => inputTokens),
    assumptions["usd-per-million-input-tokens"],
  );
  const outputUsd = tokenUsd(
    sum(({ outputTokens }) => outputTokens),
    assumptions["usd-per-million-output-tokens"],
  );

  return [
    `${show(assumptions.workspaces)} workspaces, ${show(assumptions["questions-per-day"])} questions a day; ` +
      `${show(mean)} a second in the mean, ${show(peak)} in the busiest minute`,
    "",
    table(
      ["need, at its busiest", "meets", "needed", "limit", "used", "what to do"],
      needs.map((need) => [
        need.name,
        MEETS[need.meets],
        `${show(need.needed)}${need.unit}`,
        `${show(need.limit)}${need.unit}`,
        `${Math.round(utilisation(need) * 100)} %`,
        need.remedy,
      ]),
    ),
    "",
    ...(["settings", "workspace", "fleet"] as const).map((meets) => {
      const first = needs.find((need) => need.meets === meets);
      if (first === undefined) return `${MEETS[meets]}: none`;
      const questions = assumptions["questions-per-day"] / utilisation(first);
      return `First limit of ${MEETS[meets]}: ${first.name}, reached at about ${show(questions)} questions a day`;
    }),
    `Slack workspaces that pass the limit of status calls in some minute: ${show(load.workspacesOverStatus)}`,
    "",
    table(
      ["replicas", "workers", "wait for a worker p50", "p99", "wait in the conversation p50", "p99"],
      around.map(({ replicas: size, worker, conversation }) => [
        size === smallest ? `${size} *` : String(size),
        String(size * runs),
        ...[worker.p50, worker.p99, conversation.p50, conversation.p99].map(seconds),
      ]),
    ),
    "",
    `* the smallest fleet with p99 under a second, at ${runs} CONCURRENT_RUNS. Simulated for the whole day: ${replicas} replicas,`,
    `at most ${show(served.mostAtWork)} questions at work, p99 of the wait for a worker in the busiest hour ${seconds(waits.worker.p99)}.`,
    "",
    `Memory ${show((replicas * assumptions["memory-mb-per-replica"]) / 1000)} GB in all; Discord shards ${show(costs["shards"] ?? 0)}; ` +
      `requests at the busiest: Slack ${show(load.busiestMinute.slackRequests / 60)}/s over all workspaces.`,
    `A day adds ${show(costs["databaseGbPerDay"] ?? 0)} GB to the database, ${show(costs["walGbPerDay"] ?? 0)} GB to its log and ${show(costs["filesGbPerDay"] ?? 0)} GB of files: ` +
      `${show(assumptions["openai-storage-tb"])} TB at OpenAI are full after ${show(costs["daysUntilStorageIsFull"] ?? 0)} days.`,
    `OpenAI a day: $${show(inputUsd)} for input, $${show(outputUsd)} for output, $${show(costs["searchUsdPerDay"] ?? 0)} for searches.`,
    "",
  ].join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

function seconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} s`;
}

/** Three figures that count. */
function show(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString("en-US", { maximumSignificantDigits: 4 });
  return value.toLocaleString("en-US", { maximumSignificantDigits: 3 });
}
