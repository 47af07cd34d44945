/** `npm run test:fleet -- --questions 2000 --channels 100 --kill-every 5 --postgres-restarts 2 --seed 1` */
import { parseArgs } from "node:util";
import { countProblems, summarise } from "./summary.ts";
import { runFleet } from "./fleet-run.ts";

const { values } = parseArgs({
  options: {
    questions: { type: "string", default: "2000" },
    channels: { type: "string", default: "100" },
    replicas: { type: "string", default: "3" },
    "per-second": { type: "string", default: "8" },
    "kill-every": { type: "string", default: "5" },
    "postgres-restarts": { type: "string", default: "2" },
    stories: { type: "string", default: "12" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    sqlite: { type: "boolean", default: false },
  },
});
process.stderr.write(`Seed ${values.seed}: repeat with --seed ${values.seed}\n`);
const report = await runFleet({
  questions: Number(values.questions),
  channels: Number(values.channels),
  replicas: Number(values.replicas),
  perSecond: Number(values["per-second"]),
  killEverySeconds: Number(values["kill-every"]),
  postgresRestarts: Number(values["postgres-restarts"]),
  stories: Number(values.stories),
  seed: Number(values.seed),
  store: values.sqlite ? "sqlite" : "postgres",
  onProgress: (line) => process.stderr.write(`${line}\n`),
});
process.stdout.write(`${JSON.stringify(report, null, 2)}\n${summarise(report)}\n`);
process.exit(countProblems(report) === 0 ? 0 : 1);
