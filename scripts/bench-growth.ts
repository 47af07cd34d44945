/**
 * Measures how the time of one question grows with what exists: conversations with a finished question in each, and
 * documents, ten in a channel at most, all in the local index. One process, real stores, an engine that takes no time for
 * the conversations and the local engine for the documents. Then a backlog: the time of a claim.
 * `npm run bench:growth -- --max 100000 --stores sqlite,postgres --out growth.json`
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createSystemClock } from "../src/core/system-clock.ts";
import { errorsOnly } from "./growth/errors-only.ts";
import { addConversation, addDocument, DOCUMENTS_PER_CHANNEL, forEach } from "./growth/fill.ts";
import { startGrowthServer, type GrowthServer, type GrowthStores, type StoreKind } from "./growth/growth-stores.ts";
import { createInstantEngine } from "./growth/instant-engine.ts";
import { fillBacklog, measureClaims, type Backlog } from "./growth/measure-backlog.ts";
import { startAsker, type Asker } from "./growth/measure-questions.ts";
import { operationTable, seriesTable, type Row } from "./growth/tables.ts";

const { values } = parseArgs({
  options: {
    max: { type: "string", default: "100000" },
    stores: { type: "string", default: "sqlite,postgres" },
    series: { type: "string", default: "conversations,documents,backlog" },
    backlog: { type: "string", default: "10000" },
    questions: { type: "string", default: "400" },
    out: { type: "string" },
  },
});

interface Series {
  readonly sizes: readonly number[];
  readonly rows: Row[];
  readonly add: (stores: GrowthStores, index: number) => Promise<void>;
  readonly start: (stores: GrowthStores, size: number) => Promise<Asker>;
}

/** The sizes take turns of so many questions, so that what else the machine does falls on all of them alike. */
const QUESTIONS_A_TURN = 20;
const WARM_UP = 40;

const clock = createSystemClock();
const isWanted = (name: string): boolean => values.series.split(",").includes(name);
const conversations: Series = {
  sizes: [100, 1_000, 10_000, 100_000],
  rows: [],
  add: addConversation,
  start: (stores, size) => startAsker(stores, { channels: size, engine: createInstantEngine(), clock }),
};
const documents: Series = {
  sizes: [10, 100, 1_000, 10_000, 100_000],
  rows: [],
  add: addDocument,
  start: (stores, size) =>
    startAsker(stores, { channels: Math.ceil(size / DOCUMENTS_PER_CHANNEL), engine: stores.local, clock }),
};
const backlogs: (Backlog & { store: StoreKind })[] = [];

for (const kind of values.stores.split(",") as StoreKind[]) {
  const server = await startGrowthServer(kind, { clock, log: errorsOnly });
  if (isWanted("conversations")) await measure(server, conversations, "conversations");
  if (isWanted("documents")) await measure(server, documents, "documents");
  for (const open of isWanted("backlog") ? [100, Number(values.backlog)] : []) {
    const stores = await server.open((fresh) => fillBacklog(fresh, open, server.fillAtOnce));
    backlogs.push({ store: kind, ...(await measureClaims(stores, open, Math.min(open, 500))) });
  }
  await server.close();
}
for (const [name, { rows }] of Object.entries({ conversations, documents })) {
  if (rows.length > 0) process.stdout.write(`${seriesTable(name, rows)}\n${operationTable(name, rows)}\n`);
}
process.stdout.write(
  `| backlog | open questions | claim, median ms | p99 ms |\n|---|---|---|---|\n` +
    backlogs
      .map((each) => `| ${each.store} | ${each.open} | ${each.medianMs.toFixed(2)} | ${each.p99Ms.toFixed(2)} |\n`)
      .join(""),
);
if (values.out !== undefined) {
  const report = { conversations: conversations.rows, documents: documents.rows, backlogs };
  writeFileSync(values.out, `${JSON.stringify(report, null, 2)}\n`);
}

async function measure(server: GrowthServer, { sizes, rows, add, start }: Series, name: string): Promise<void> {
  const { kind, fillAtOnce } = server;
  const askers: { readonly size: number; readonly asker: Asker }[] = [];
  for (const size of sizes.filter((each) => each <= Number(values.max))) {
    const startedAt = performance.now();
    const stores = await server.open((fresh) => forEach(0, size, fillAtOnce, (index) => add(fresh, index)));
    askers.push({ size, asker: await start(stores, size) });
    process.stderr.write(`${kind}: ${size} ${name} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
  }
  for (const { asker } of askers) {
    await asker.ask(WARM_UP);
    asker.take();
  }
  for (let asked = 0; asked < Number(values.questions); asked += QUESTIONS_A_TURN) {
    for (const { asker } of askers) await asker.ask(QUESTIONS_A_TURN);
  }
  for (const { size, asker } of askers) {
    rows.push({ store: kind, size, ...asker.take() });
    await asker.stop();
  }
}
