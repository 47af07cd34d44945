/**
 * What a question costs at turn 1, 10, 50 and 200 of a channel with five documents, and whether what people said in the
 * first twenty turns is still known at the end.
 */
import { parseArgs } from "node:util";
import { toCostUsd } from "../src/engines/openai/spending/prices.ts";
import { runChannel, type TurnCost } from "./cost/run-channel.ts";

const MODEL = "gpt-6-luna";

/** So many turns around one are counted together: a renewal of the conversation makes the next question dearer. */
const WINDOW = 14;

const { values } = parseArgs({
  options: {
    turns: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    talk: { type: "string", default: "0.33" },
    "at-most": { type: "string" },
    "right-at-least": { type: "string" },
  },
});
const turns = Number(values.turns);
const report = await runChannel({
  turns,
  seed: Number(values.seed),
  talk: Number(values.talk),
  onTurn: (turn) => process.stderr.write(`\rTurn ${turn} of ${turns}`),
});
process.stderr.write("\n");

const shown = [1, 10, 50, turns].filter((turn, index, all) => turn <= turns && all.indexOf(turn) === index);
const rows = shown.map((turn) => toRow(`turn ${turn}`, turn === 1 ? report.costs.slice(0, 1) : around(turn)));
const ratio = (isCold: boolean): number => usdOf(around(turns), isCold) / usdOf(around(10), isCold);
const right = (report.asked - report.wrong.length) / report.asked;
process.stdout.write(
  [
    `| ${MODEL} | input tokens | cached | written | output | notes, in and out | USD | USD, cache cold |`,
    "|---|---|---|---|---|---|---|---|",
    ...rows,
    "",
    `Means of ${WINDOW} turns, but for turn 1. Turn ${turns} costs ${ratio(false).toFixed(2)} times what turn 10 costs, with a cold cache ${ratio(true).toFixed(2)} times.`,
    `Of ${report.asked} things that people said in the first turns ${report.asked - report.wrong.length} are known at the end.`,
    ...report.wrong.map((each) => `- not: ${each}`),
    `Requests: ${Object.entries(report.requests)
      .toSorted(([, a], [, b]) => b - a)
      .map(([route, count]) => `${route} ${count}`)
      .join(", ")}.`,
    "",
  ].join("\n"),
);
const isTooDear = Math.max(ratio(false), ratio(true)) > Number(values["at-most"] ?? Number.POSITIVE_INFINITY);
if (isTooDear || right < Number(values["right-at-least"] ?? 0)) {
  process.stderr.write("Too dear, or too much forgotten.\n");
  process.exitCode = 1;
}

function around(turn: number): readonly TurnCost[] {
  const end = Math.min(report.costs.length, turn + WINDOW / 2);
  return report.costs.slice(Math.max(0, end - WINDOW), end);
}

function toRow(name: string, costs: readonly TurnCost[]): string {
  const mean = (of: (cost: TurnCost) => number): string =>
    Math.round(costs.reduce((sum, cost) => sum + of(cost), 0) / costs.length).toLocaleString("en");
  const cells = [
    name,
    mean(({ input }) => input),
    mean(({ cached }) => cached),
    mean(({ written }) => written),
    mean(({ output }) => output),
    `${mean(({ notes }) => notes.input)}, ${mean(({ notes }) => notes.output)}`,
    usdOf(costs, false).toFixed(5),
    usdOf(costs, true).toFixed(5),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** Per question, notes included; with a cold cache everything is written and nothing is read from it. */
function usdOf(costs: readonly TurnCost[], isCold: boolean): number {
  const sum = costs.reduce((total, { input, cached, written, output, searches, notes }) => {
    const asked = {
      inputTokens: input,
      cachedInputTokens: isCold ? 0 : cached,
      cacheWriteTokens: isCold ? input : written,
      outputTokens: output,
      searches,
    };
    const noted = { inputTokens: notes.input, cachedInputTokens: 0, outputTokens: notes.output, searches: 0 };
    return total + (toCostUsd(MODEL, asked) ?? 0) + (toCostUsd(MODEL, noted) ?? 0);
  }, 0);
  return sum / costs.length;
}
