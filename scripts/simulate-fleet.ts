/**
 * What a fleet needs for so many workspaces and questions a day, and which limit comes first: a day of questions is
 * played on paper, without a network. `npm run simulate:fleet -- --workspaces 10000 --questions-per-day 1000000`;
 * `--help` lists every assumption, each of which is an option.
 */
import { parseArgs } from "node:util";
import { ASSUMPTION_NAMES, ASSUMPTIONS, toAssumptions } from "./fleet/assumptions.ts";
import { toReport } from "./fleet/report.ts";
import { simulate } from "./fleet/simulate.ts";

const { values } = parseArgs({
  options: {
    help: { type: "boolean" as const },
    ...Object.fromEntries(ASSUMPTION_NAMES.map((name) => [name, { type: "string" as const }])),
  },
});
if (values["help"] === true) {
  const lines = ASSUMPTION_NAMES.map((name) => {
    const { value, about } = ASSUMPTIONS[name];
    return `--${name.padEnd(32)} ${String(value).padStart(10)}  ${about}`;
  });
  process.stdout.write(`${lines.join("\n")}\n`);
} else {
  const given = Object.entries(values).map(([name, value]) => [name, Number(value)]);
  try {
    process.stdout.write(toReport(simulate(toAssumptions(Object.fromEntries(given)))));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
