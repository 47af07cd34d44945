/**
 * Measures Docent beside other ways to build the same bot, on the same servers in the same run.
 * `npm run bench -- --quick`, `--parts added-time,saturation,memory,start,uploads`, `--only Docent,Vercel`, `--rounds 3`
 */
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { CONTESTANTS } from "./contestant.ts";
import { measureAddedTime } from "./parts/added-time.ts";
import { measureMemory } from "./parts/memory.ts";
import { measureSaturation } from "./parts/saturation.ts";
import { measureStart } from "./parts/start.ts";
import { measureUploads } from "./parts/uploads.ts";
import type { Results } from "./results.ts";
import { toChart } from "./to-chart.ts";
import { toTables } from "./to-tables.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    parts: { type: "string", default: "start,added-time,saturation,memory,uploads" },
    /** Beginnings of the names of those that run. */
    only: { type: "string", default: "" },
    rounds: { type: "string" },
    out: { type: "string", default: import.meta.dirname },
  },
});
const parts = values.parts.split(",");
const names = values.only.split(",");
const contestants = CONTESTANTS.filter(({ name }) => names.some((each) => name.startsWith(each)));
const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const options = { isQuick: values.quick, rounds, say };
const [loadBefore = Number.NaN] = loadavg();
const [docent] = CONTESTANTS;

const file = path.join(values.out, "results.json");
const start = parts.includes("start") ? await measureStart(contestants, options) : null;
const addedTime = parts.includes("added-time") ? await measureAddedTime(contestants, options) : null;
const saturation = parts.includes("saturation") ? await measureSaturation(contestants, options) : null;
const memory = parts.includes("memory") ? await measureMemory(contestants, options) : null;
const hasUploads = parts.includes("uploads") && docent !== undefined && contestants.includes(docent);
const uploads = hasUploads ? await measureUploads(docent, options) : null;
const earlier = readEarlier();
const results: Results = {
  measuredAt: new Date().toISOString(),
  node: process.version,
  processors: availableParallelism(),
  loadAverage: [loadBefore, loadavg()[0] ?? Number.NaN],
  isQuick: values.quick,
  // A part that did not run keeps its last figures.
  start: start ?? earlier.start ?? [],
  addedTime: addedTime ?? earlier.addedTime ?? [],
  saturation: saturation ?? earlier.saturation ?? [],
  memory: memory ?? earlier.memory ?? [],
  uploads: uploads ?? earlier.uploads ?? [],
};
writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
writeFileSync(path.join(values.out, "results.svg"), toChart(results.addedTime, 50));
process.stdout.write(`${toTables(results)}\n`);
process.exit(0);

function readEarlier(): Partial<Results> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Results;
  } catch {
    return {};
  }
}
