/**
 * Measures answers a second with runs that take no time: one process on SQLite, then one, two and three replicas on one
 * Postgres, and what each group of processes uses of the machine; then the time of a question at half of that load.
 * People sit at the page with its event stream open; each posts to one replica and listens at another.
 * `npm run bench:fleet -- --engine local --clients 48 --seconds 15 --out fleet.json`
 */
import { writeFileSync } from "node:fs";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { startFleet } from "../test/fleet/fleet.ts";
import { startOpenAIServer } from "../test/servers/openai-server.ts";
import { startPostgresServer } from "../test/servers/postgres-server.ts";
import { measureAtRate, measureThroughput, type Groups, type Throughput } from "./fleet/measure.ts";
import { openPage, type PageClient } from "./fleet/page-client.ts";

interface Result {
  readonly store: string;
  readonly replicas: number;
  readonly full: Throughput;
  readonly half: Throughput;
  readonly bound: string;
}

const { values } = parseArgs({
  options: {
    /** `local`: the local engine without documents. `openai`: a server of ours in this process, with 0 ms a run. */
    engine: { type: "string", default: "local" },
    clients: { type: "string", default: "48" },
    seconds: { type: "string", default: "15" },
    setups: { type: "string", default: "sqlite:1,postgres:1,postgres:2,postgres:3" },
    out: { type: "string" },
  },
});
const WARM_UP_SECONDS = 5;
const seconds = Number(values.seconds);
const results: Result[] = [];
for (const setup of values.setups.split(",")) {
  const [store = "", size = "1"] = setup.split(":");
  process.stderr.write(`${store}, ${size} replicas\n`);
  results.push(await run(store, Number(size)));
}
const round = (value: number): string => value.toFixed(value < 10 ? 2 : 0);
process.stdout.write(
  `Engine: ${values.engine}; ${values.clients} people; ${availableParallelism()} processors.\n\n` +
    `| store | replicas | answers/s | CPU ms a question: replicas | Postgres | load and servers | processors in use: replicas | Postgres | load | bound by | at half load: p50 ms | p99 ms |\n` +
    `|---|---|---|---|---|---|---|---|---|---|---|---|\n${results.map(toRow).join("")}`,
);
if (values.out !== undefined)
  writeFileSync(values.out, `${JSON.stringify({ engine: values.engine, results }, null, 2)}\n`);

async function run(store: string, size: number): Promise<Result> {
  const folder = mkdtempSync(path.join(tmpdir(), "docent-bench-"));
  const openai = values.engine === "openai" ? await startOpenAIServer() : null;
  const postgres = store === "postgres" ? await startPostgresServer() : null;
  let urls: readonly string[] = [];
  const fleet = startFleet({
    size,
    folder,
    onUrls: (next) => void (urls = next),
    env: {
      PATH: process.env["PATH"] ?? "",
      LOG_LEVEL: "error",
      LOG_FORMAT: "json",
      ...(openai === null ? {} : { OPENAI_API_KEY: "test-key", OPENAI_BASE_URL: openai.url }),
      ...(postgres === null ? {} : { DATABASE_URL: await postgres.createDatabase() }),
    },
  });
  const clients: PageClient[] = [];
  try {
    await fleet.ready();
    for (let index = 0; index < Number(values.clients); index += 1) {
      const [eventsAt, postTo] = [urls[index % size] ?? "", urls[(index + 1) % size] ?? ""];
      clients.push(await openPage(`bench-${index}`, eventsAt, postTo));
    }
    const groups: Groups = { replicas: fleet.pids, postgres: postgres === null ? [] : [await postgres.pid()] };
    await measureThroughput(clients, WARM_UP_SECONDS, groups);
    const full = await measureThroughput(clients, seconds, groups);
    const half = await measureAtRate(clients, { seconds, perSecond: full.perSecond / 2, groups });
    for (const death of fleet.deaths) process.stderr.write(`${death}\n`);
    for (const [message, count] of Object.entries(fleet.logged)) process.stderr.write(`${count} × ${message}\n`);
    return { store, replicas: size, full, half, bound: boundOf(full, size) };
  } finally {
    for (const client of clients) client.close();
    await fleet.stop();
    await Promise.all([openai?.close(), postgres?.remove()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What was used up: the machine, a thread, or neither: then what is waited for is the disk or a lock. */
function boundOf({ cores }: Throughput, replicas: number): string {
  const all = cores.replicas + cores.postgres + cores.load;
  if (all > availableParallelism() * 0.9) return "the machine’s processors";
  if (cores.replicas / replicas > 0.9) return "a replica’s one thread";
  if (cores.load > 0.9) return "the load generator";
  return "waiting: disk, locks, round trips";
}

function toRow({ store, replicas, full, half, bound }: Result): string {
  const { cpuMs, cores } = full;
  const cells = [
    store,
    replicas,
    round(full.perSecond),
    ...[cpuMs.replicas, cpuMs.postgres, cpuMs.load, cores.replicas, cores.postgres, cores.load].map(round),
    bound,
    round(half.p50Ms),
    round(half.p99Ms),
  ];
  const missing = full.unanswered + half.unanswered;
  return `| ${cells.join(" | ")} |${missing === 0 ? "" : ` ${missing} unanswered`}\n`;
}
