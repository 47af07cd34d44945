/** `npm run test:soak -- --minutes 20 --rate 5 --channels 30 --seed 1` */
import { parseArgs } from "node:util";
import { runSoak } from "./soak-run.ts";

const MAX_GROWTH = 1.2;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "20" },
    rate: { type: "string", default: "5" },
    channels: { type: "string", default: "30" },
    seed: { type: "string", default: "1" },
  },
});
process.stdout.write("minute  asked  resident MB  heap MB  of MB  external MB  open files  resources  database MB\n");
const report = await runSoak({
  minutes: Number(values.minutes),
  perSecond: Number(values.rate),
  channels: Number(values.channels),
  seed: Number(values.seed),
  onSample(sample) {
    const { minute, asked, residentMb, heapMb, heapTotalMb, externalMb, openFiles, activeResources, databaseMb } =
      sample;
    const cells = [minute, asked, residentMb, heapMb, heapTotalMb, externalMb, openFiles, activeResources, databaseMb];
    process.stdout.write(`${cells.map((cell) => String(cell).padStart(6)).join("  ")}\n`);
  },
});
for (const { name, bytes, perQuestion } of report.tables.slice(0, 12)) {
  process.stdout.write(`${name.padEnd(28)} ${String(bytes).padStart(10)} bytes, ${perQuestion} a question\n`);
}
const { asked, answered, errors, memoryGrowth, openFilesGrowth } = report;
process.stdout.write(
  `${asked} asked, ${answered} answered, ${errors} errors; memory at the end ${memoryGrowth} times that after 2 minutes, ` +
    `open files ${openFilesGrowth} times\n`,
);
process.exit(answered === asked && errors === 0 && memoryGrowth <= MAX_GROWTH ? 0 : 1);
