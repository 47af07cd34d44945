/** `npm run test:faults -- --questions 500 --seed 1` */
import { parseArgs } from "node:util";
import { FAULT_CASES } from "./fault-cases.ts";
import { findCaseProblem, runCases, runMixed } from "./fault-run.ts";

const { values } = parseArgs({
  options: {
    questions: { type: "string", default: "500" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const seed = Number(values.seed);
process.stderr.write(`Seed ${seed}: repeat with --seed ${seed}\n`);

const startedAt = Date.now();
const cases = await runCases({ cases: FAULT_CASES, seed, sideBySide: 6 });
const bad: string[] = [];
for (const each of cases) {
  const problem = findCaseProblem(each);
  const row = [each.route.padEnd(30), each.label.padEnd(46), each.end.padEnd(24), each.met ? "" : "not met", problem];
  process.stdout.write(`${row.filter(Boolean).join(" ").trimEnd()}\n`);
  if (problem !== undefined) bad.push(`${each.route} ${each.label}: ${problem}`);
}
const casesMs = Date.now() - startedAt;
process.stdout.write(
  `${cases.length} faults one by one in ${Math.round(casesMs / 1000)} s, ${cases.filter(({ met }) => !met).length} not met\n`,
);
for (const account of [true, false]) {
  const mixed = await runMixed({
    questions: Number(values.questions),
    seed,
    account,
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  bad.push(...mixed.problems);
  process.stdout.write(`Mixed, ${account ? "with" : "without"} the account's: ${JSON.stringify(mixed, null, 2)}\n`);
}
process.stdout.write(`${bad.length} problems in ${Math.round((Date.now() - startedAt) / 1000)} s\n`);
for (const line of bad) process.stdout.write(`${line}\n`);
process.exit(bad.length === 0 ? 0 : 1);
