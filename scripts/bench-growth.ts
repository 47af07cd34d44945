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
import { openStores, type GrowthStores, type StoreKind } from "./growth/growth-stores.ts";
import { createInstantEngine } from "./growth/instant-engine.ts";
import { measureBacklog, type Backlog } from "./growth/measure-backlog.ts";
import { measureQuestions, type Measured } from "./growth/measure-questions.ts";
import { operationTable, seriesTable, type Row } from "./growth/tables.ts";

const { values } = parseArgs({
  options: {
    max: { type: "string", default: "100000" },
    stores: { type: "string", default: "sqlite,postgres" },
    backlog: { type: "string", default: "10000" },
    out: { type: "string" },
  },
});
const max = Number(values.max);
const clock = createSystemClock();
const kinds = values.stores.split(",") as StoreKind[];
const conversations: Row[] = [];
const documents: Row[] = [];
const backlogs: (Backlog & { store: StoreKind })[] = [];

for (const kind of kinds) {
  await series(kind, "conversations", [100, 1_000, 10_000, 100_000], conversations, {
    add: addConversation,
    measure: (stores, size) => measureQuestions(stores, { channels: size, engine: createInstantEngine(), clock }),
  });
  await series(kind, "documents", [10, 100, 1_000, 10_000, 100_000], documents, {
    add: addDocument,
    measure: (stores, size) =>
      measureQuestions(stores, { channels: Math.ceil(size / DOCUMENTS_PER_CHANNEL), engine: stores.local, clock }),
  });
  for (const open of [100, Number(values.backlog)]) {
    const stores = await openStores(kind, { clock, log: errorsOnly });
    backlogs.push({ store: kind, ...(await measureBacklog(stores, open, Math.min(open, 500), clock)) });
    await stores.close();
  }
}
process.stdout.write(
  `${seriesTable("conversations", conversations)}\n${seriesTable("documents", documents)}\n` +
    `${operationTable("conversations", conversations)}\n${operationTable("documents", documents)}\n` +
    `| backlog | open questions | claim, median ms | p99 ms |\n|---|---|---|---|\n` +
    backlogs
      .map((each) => `| ${each.store} | ${each.open} | ${each.medianMs.toFixed(2)} | ${each.p99Ms.toFixed(2)} |\n`)
      .join(""),
);
if (values.out !== undefined) {
  writeFileSync(values.out, `${JSON.stringify({ conversations, documents, backlogs }, null, 2)}\n`);
}

async function series(
  kind: StoreKind,
  name: string,
  sizes: readonly number[],
  rows: Row[],
  work: {
    readonly add: (stores: GrowthStores, index: number) => Promise<void>;
    readonly measure: (stores: GrowthStores, size: number) => Promise<Measured>;
  },
): Promise<void> {
  const stores = await openStores(kind, { clock, log: errorsOnly });
  let filled = 0;
  for (const size of sizes.filter((each) => each <= max)) {
    const startedAt = performance.now();
    await forEach(filled, size, stores.fillAtOnce, (index) => work.add(stores, index));
    filled = size;
    await stores.analyse();
    const filledMs = performance.now() - startedAt;
    rows.push({ store: kind, size, ...(await work.measure(stores, size)) });
    process.stderr.write(`${kind}: ${size} ${name}, filled in ${(filledMs / 1000).toFixed(1)} s\n`);
  }
  await stores.close();
}
