import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

import { createPassageIndex, type PassageIndex } from "../../../src/engines/local/passage-index.ts";
import { createPostgresPostings } from "../../../src/engines/local/postgres-postings.ts";
import { createSqlitePostings } from "../../../src/engines/local/sqlite-postings.ts";
import { openPostgres, type Postgres } from "../../../src/stores/postgres/open-postgres.ts";
import { describePassageIndex } from "../../contracts/passage-index-contract.ts";
import { fill, HANDBOOK, HANDBOOK_PAGES, LONG_PAGES, MANUAL, MANUAL_PAGES, toPages } from "../../fixtures/handbook.ts";
import { silentLog } from "../../fakes/core-under-test.ts";
import { startPostgresServer, type PostgresServer } from "../../servers/postgres-server.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgresServer({ flags: ["-c", "fsync=off"] });
});
afterAll(() => server.remove());

async function open(url?: string): Promise<Postgres> {
  const postgres = await openPostgres({ url: url ?? (await server.createDatabase()), log: silentLog, max: 3 });
  onTestFinished(() => postgres.close());
  return postgres;
}

function openIndex(postgres: Postgres): PassageIndex {
  return createPassageIndex(createPostgresPostings(postgres));
}

async function countRows(postgres: Postgres): Promise<number[]> {
  const tables = ["passage_documents", "passage_pages", "passage_terms"];
  const counts = tables.map((table) => postgres.query<{ n: number }>(`SELECT count(*) AS n FROM docent.${table}`));
  return (await Promise.all(counts)).map(({ rows }) => rows[0]?.n ?? -1);
}

describePassageIndex("Postgres", async () => {
  const postgres = await open();
  return {
    index: openIndex(postgres),
    openAgain: () => openIndex(postgres),
    countRows: () => countRows(postgres),
  };
});

describe("an index on Postgres", () => {
  it("answers like one on SQLite, to the last digit", async () => {
    const indexes = [createPassageIndex(createSqlitePostings(new DatabaseSync(":memory:"))), openIndex(await open())];
    const documents = [
      [HANDBOOK, HANDBOOK_PAGES],
      [MANUAL, MANUAL_PAGES],
      [{ id: "long", name: "long_report.pdf", scope: "channel" }, LONG_PAGES],
      [
        { id: "guide", name: "설치_안내.pdf", scope: "team" },
        toPages(
          "메모리는 512메가바이트입니다.",
          "最低512MBのメモリが必要です。",
          "至少需要512MB内存。 receipts expire",
        ),
      ],
      ...Array.from(
        { length: 120 },
        (_, number) =>
          [
            { id: `memo-${number}`, name: `memo ${number} travel.txt`, scope: "team" },
            toPages(
              `Travel to harbour ${number % 7}: receipts, costs and leave.`,
              `Total current assets ${number * 31}`,
            ),
          ] as const,
      ),
    ] as const;
    for (const [document, pages] of documents) for (const index of indexes) await index.add(document, pages);
    const ids = documents.map(([{ id }]) => id);
    const questions = [
      "How many days of leave do employees receive?",
      "How do I reimburse travvel costs?",
      "Which recipts does the harbur need?",
      "What is the quick ratio in memo 88?",
      "What is on page 12 of the long report?",
      "word4471 word4472",
      "메모리가 얼마나 필요한가요?",
      "必要なメモリはどのくらいですか?",
      "需要多少内存?",
      "Who is the author?",
      "",
    ];
    for (const question of questions) {
      for (const documentIds of [ids.slice(0, 4), ids.slice(0, 100), ids.toReversed()]) {
        const [onSqlite, onPostgres] = await Promise.all(
          indexes.map((index) => index.search(question, { documentIds, limit: 5 })),
        );
        expect(onPostgres, question).toEqual(onSqlite);
        expect(onPostgres?.length).toBe(5);
      }
    }
  });

  it("loses and doubles nothing while replicas add, replace and remove the same documents", async () => {
    const url = await server.createDatabase();
    const databases = await Promise.all([open(url), open(url)]);
    const replicas = databases.map((postgres) => openIndex(postgres));
    const ids = ["a", "b", "c"];
    const outcomes: PromiseSettledResult<void>[][] = [];
    for (let round = 0; round < 6; round++) {
      const work = replicas.flatMap((index, replica) =>
        ids.flatMap((id) => [
          index.add({ id, name: `${id}.pdf`, scope: "team" }, toPages(`Round ${round} of ${replica}`, "Second page")),
          ...(id === "c" ? [index.remove(id)] : []),
        ]),
      );
      outcomes.push(await Promise.allSettled(work));
    }
    const errors = outcomes.flat().filter((outcome) => outcome.status === "rejected");
    for (const { reason } of errors) expect(reason).toMatchObject({ name: "AbortError" });
    const [index] = replicas;
    const passages = await index?.search("Round 5", { documentIds: ["a", "b"], limit: 4 });
    expect(passages?.filter(({ text }) => text.startsWith("Round 5"))).toHaveLength(2);
    for (const id of ids) await index?.remove(id);
    const [postgres] = databases;
    expect(postgres && (await countRows(postgres))).toEqual([0, 0, 0]);
  });

  it("deletes what a killed process left: with the next copy, with the document, and after a day", async () => {
    const postgres = await open();
    const index = openIndex(postgres);
    const store = createPostgresPostings(postgres);
    const leave = async (id: string): Promise<void> => {
      const key = await store.begin({ id, name: `${id}.pdf`, scope: "team" });
      await store.putPages(key, [{ page: 0, text: "half" }], () => undefined);
      await store.putPostings(key, [["half", [0]]], () => undefined);
    };
    await leave("handbook");
    expect(await index.search("half", { documentIds: ["handbook"], limit: 3 })).toEqual([]);
    await index.add(HANDBOOK, HANDBOOK_PAGES);
    const rows = await countRows(postgres);
    await leave("gone");
    await index.remove("gone");
    expect(await countRows(postgres)).toEqual(rows);
    await leave("forgotten");
    await postgres.query(
      "UPDATE docent.passage_documents SET begun_at = now() - interval '2 days' WHERE id = 'forgotten'",
    );
    await index.add(HANDBOOK, HANDBOOK_PAGES);
    expect(await countRows(postgres)).toEqual(rows);
  });

  it("goes on when the server is restarted in the middle of an add", async () => {
    const postgres = await open();
    const index = openIndex(postgres);
    let restart: Promise<void> | undefined;
    const pages = LONG_PAGES.map(({ number, text }) => ({
      number,
      get text() {
        if (number === 150) restart ??= server.restart();
        return text;
      },
    }));
    await index.add(HANDBOOK, pages);
    await restart;
    const passages = await index.search("word4471", { documentIds: ["handbook"], limit: 1 });
    expect(passages[0]?.text).toContain("word4471");
    const alone = await open();
    await openIndex(alone).add(HANDBOOK, LONG_PAGES);
    expect(await countRows(postgres)).toEqual(await countRows(alone));
  });

  it("searches again when what it found was replaced meanwhile", async () => {
    const postgres = await open();
    const store = createPostgresPostings(postgres);
    const other = await fill(openIndex(postgres));
    let replaced = 0;
    const index = createPassageIndex({
      ...store,
      async pageTexts(pages) {
        if (replaced++ === 0) await other.add(HANDBOOK, HANDBOOK_PAGES);
        return await store.pageTexts(pages);
      },
    });
    const [first] = await index.search("annual leave", { documentIds: ["handbook"], limit: 1 });
    expect(first?.text).toContain("25 days of annual leave");
    expect(replaced).toBe(2);
  });
});
