/** `npm run test:crash -- --kills 300 --questions 1000 --channels 20 --seed 1` */
import { parseArgs } from "node:util";
import { runCrashes } from "./crash-run.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "300" },
    questions: { type: "string", default: "1000" },
    channels: { type: "string", default: "20" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
process.stderr.write(`Seed ${values.seed}: repeat with --seed ${values.seed}\n`);
const report = await runCrashes({
  kills: Number(values.kills),
  questions: Number(values.questions),
  channels: Number(values.channels),
  seed: Number(values.seed),
  onProgress: (line) => process.stderr.write(`${line}\n`),
});
const { lost, doubled, outOfOrder, askedTwice, undone, forced, errors } = report;
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
process.stdout.write(
  `${report.kills} kills, ${report.questions} questions in ${report.seconds} s: ${lost.length} lost, ${doubled.length} doubled, ` +
    `${outOfOrder.length} out of order, ${askedTwice.length} asked twice, ${undone.length} undone, ${forced.length} stops forced, ${errors.length} errors\n`,
);
process.exit(
  lost.length +
    doubled.length +
    outOfOrder.length +
    askedTwice.length +
    undone.length +
    forced.length +
    errors.length ===
    0
    ? 0
    : 1,
);
