import keyvTestSuite, { keyvIteratorTests } from "@keyv/test-suite";
import { Keyv } from "keyv";
import * as vitest from "vitest";
import { createPostgresBudgetLedger } from "../../src/stores/postgres/postgres-budget-ledger.ts";
import { createPostgresDocuments } from "../../src/stores/postgres/postgres-documents.ts";
import { createPostgresFeedback } from "../../src/stores/postgres/postgres-feedback.ts";
import { createPostgresKeyvStore } from "../../src/stores/postgres/postgres-keyv-store.ts";
import { createPostgresMessages } from "../../src/stores/postgres/postgres-messages.ts";
import { createPostgresUsage } from "../../src/stores/postgres/postgres-usage.ts";
import { openPostgres, type Postgres } from "../../src/stores/postgres/open-postgres.ts";
import { describeBudgetLedger } from "../contracts/budget-ledger-contract.ts";
import { describeDocuments } from "../contracts/documents-contract.ts";
import { describeFeedback } from "../contracts/feedback-contract.ts";
import { describeMessages } from "../contracts/messages-contract.ts";
import { describeUsage } from "../contracts/usage-contract.ts";
import { silentLog } from "../fakes/core-under-test.ts";
import { sampleDocument, sampleMessage } from "../fakes/sample-data.ts";
import { startPostgresServer, type PostgresServer } from "../servers/postgres-server.ts";
import { createRepeatingPostgres } from "./repeating-postgres.ts";

const { afterAll, beforeAll, describe, expect, it, onTestFinished } = vitest;

let server: PostgresServer;
let shared: Postgres;
beforeAll(async () => {
  server = await startPostgresServer({ flags: ["-c", "fsync=off"] });
  shared = await openPostgres({ url: await server.createDatabase(), log: silentLog, max: 4 });
});
afterAll(async () => {
  await shared.close();
  await server.remove();
});

/** Connections of one process to a database; without an address to an empty one. */
async function connect(url?: string): Promise<Postgres> {
  const postgres = await openPostgres({ url: url ?? (await server.createDatabase()), log: silentLog, max: 4 });
  onTestFinished(() => postgres.close());
  return postgres;
}

/** The shared database without its rows: a database of its own for every test takes a quarter of a second. */
async function empty(): Promise<Postgres> {
  await shared.query(
    "TRUNCATE docent.documents, docent.pages, docent.messages, docent.usage, docent.usage_by_day, docent.usage_sums, docent.feedback, " +
      "docent.budget_days, docent.budget_charges, docent.budget_notices",
  );
  return shared;
}

const backends = [
  ["Postgres", empty],
  ["Postgres that repeats every statement", async () => createRepeatingPostgres(await empty())],
] as const;
for (const [name, open] of backends) {
  describeDocuments(name, async () => createPostgresDocuments(await open()));
  describeMessages(name, async () => createPostgresMessages(await open()));
  describeUsage(name, async () => createPostgresUsage(await open()));
  describeBudgetLedger(name, async () => {
    const postgres = await open();
    return { ledger: createPostgresBudgetLedger(postgres), usage: createPostgresUsage(postgres) };
  });
  describeFeedback(name, async () => createPostgresFeedback(await open()));
}

describe("the keyv store on Postgres", () => {
  const store = () => createPostgresKeyvStore(shared);
  keyvTestSuite(vitest, Keyv, store);
  keyvIteratorTests(vitest, Keyv, store);
});

describe("the keyv store on Postgres that repeats every statement", () => {
  keyvTestSuite(vitest, Keyv, () => createPostgresKeyvStore(createRepeatingPostgres(shared)));
});

describe("key values in Postgres", () => {
  it("keep namespaces apart when one is cleared or listed, also when a name holds a wildcard", async () => {
    const postgres = await connect();
    const open = (namespace: string) => new Keyv({ store: createPostgresKeyvStore(postgres), namespace });
    await open("a%").set("k", 1);
    await open("ab").set("k", 2);
    for (let number = 0; number < 250; number += 1) await open("a_").set(`k${number}`, number);
    const listed = [];
    for await (const [key] of open("a_").iterator?.("a_") ?? []) listed.push(key);
    expect(new Set(listed).size).toBe(250);
    await open("a%").clear();
    await open("a_").clear();
    expect(await open("a%").get("k")).toBeUndefined();
    expect(await open("a_").get("k0")).toBeUndefined();
    expect(await open("ab").get("k")).toBe(2);
  });

  it("are there after the server was restarted, for a store that was open meanwhile", async () => {
    const postgres = await connect();
    const keyv = new Keyv({ store: createPostgresKeyvStore(postgres), namespace: "n", throwOnErrors: true });
    await keyv.set("channel", "conv_1");
    await server.restart();
    expect(await keyv.get("channel")).toBe("conv_1");
    expect(await keyv.delete("channel")).toBe(true);
    expect(await keyv.delete("channel")).toBe(false);
  });

  it("are never said to be missing, or to have ended, because they cannot be read", async () => {
    const postgres = await connect();
    const keyv = new Keyv({ store: createPostgresKeyvStore(postgres), namespace: "n", throwOnErrors: true });
    await keyv.set("channel", "conv_1");
    await postgres.query("ALTER TABLE docent.key_values RENAME TO gone");
    await expect(keyv.get("channel")).rejects.toThrow(/Postgres failed/);
    await expect(keyv.has("channel")).rejects.toThrow(/Postgres failed/);
    await expect(keyv.iterator?.("n").next()).rejects.toThrow(/Postgres failed/);
  });

  it("need no right to create tables", async () => {
    const url = new URL(await server.createDatabase());
    const owner = await connect(url.href);
    const role = `reader_${url.pathname.slice(1)}`;
    await owner.query(`CREATE ROLE ${role}; GRANT USAGE ON SCHEMA docent TO ${role};
      GRANT SELECT, INSERT, UPDATE, DELETE ON docent.key_values TO ${role}`);
    const limited: Postgres = {
      ...owner,
      query: (sql, values) =>
        owner.transaction(async (query) => {
          await query(`SET LOCAL ROLE ${role}`);
          return await query(sql, values);
        }),
    };
    const keyv = new Keyv({ store: createPostgresKeyvStore(limited), throwOnErrors: true });
    await keyv.set("k", 1);
    expect(await keyv.get("k")).toBe(1);
  });
});

describe("documents that two processes work on", () => {
  async function openTwo() {
    const url = await server.createDatabase();
    const both = await Promise.all([connect(url), connect(url)]);
    return both.map(createPostgresDocuments) as [Documents, Documents];
  }
  type Documents = ReturnType<typeof createPostgresDocuments>;

  it("lose none of many changes", async () => {
    const [one, two] = await openTwo();
    await one.add(sampleDocument());
    const fields = Array.from({ length: 30 }, (_, index) => `field${index}`);
    await Promise.all(
      fields.map((field, index) => (index % 2 === 0 ? one : two).update("d_sample", { [field]: index })),
    );
    expect(Object.keys((await one.get("d_sample")) ?? {})).toEqual(expect.arrayContaining(fields));
  });

  it("never come back when one process retires them while the other gets a redelivery or reads them", async () => {
    const [one, two] = await openTwo();
    const ids = Array.from({ length: 60 }, (_, index) => `d${index}`);
    for (const id of ids) await one.add(sampleDocument({ id }));
    const pages = Array.from({ length: 20 }, (_, index) => ({ number: index, text: "text" }));
    await Promise.all(
      ids.flatMap((id) => [
        one.add(sampleDocument({ id })),
        two.savePages(id, pages),
        one.retire(id),
        two.add(sampleDocument({ id })),
        two.update(id, { state: "failed" }),
      ]),
    );
    expect(await one.list({})).toEqual([]);
    expect((await one.retired()).length).toBe(ids.length);
    expect((await Promise.all(ids.map((id) => two.pages(id)))).flat()).toEqual([]);
  });

  it("have the pages of one reading or of the other, never of both", async () => {
    const [one, two] = await openTwo();
    await one.add(sampleDocument());
    const reading = (text: string, length: number) => Array.from({ length }, (_, number) => ({ number, text }));
    await Promise.all([
      one.savePages("d_sample", reading("one", 3_000)),
      two.savePages("d_sample", reading("two", 2_000)),
      one.savePages("d_sample", reading("one", 3_000)),
    ]);
    const texts = (await one.pages("d_sample")).map(({ text }) => text);
    expect([
      ["one", 3_000],
      ["two", 2_000],
    ]).toContainEqual([texts[0], texts.length]);
    expect(new Set(texts).size).toBe(1);
  });
});

describe("texts in Postgres", () => {
  it("lose the one character that Postgres refuses, and nothing else", async () => {
    const documents = createPostgresDocuments(await connect());
    await documents.add(sampleDocument());
    await documents.savePages("d_sample", [{ number: 1, text: "a\u0000b\\{}\",'", title: "\u0000t" }]);
    expect(await documents.pages("d_sample")).toEqual([{ number: 1, text: "ab\\{}\",'", title: "t" }]);
  });

  it("are whole for a document of 10,000 pages, more than one statement holds", async () => {
    const documents = createPostgresDocuments(await connect());
    await documents.add(sampleDocument());
    const pages = Array.from({ length: 10_000 }, (_, number) => ({ number, text: `${number} ${"word ".repeat(300)}` }));
    await documents.savePages("d_sample", pages);
    expect(await documents.pages("d_sample")).toEqual(pages);
  });
});

describe("messages in Postgres", () => {
  it("are found by what they cite without reading all", async () => {
    const postgres = await connect();
    const messages = createPostgresMessages(postgres);
    await postgres.query(`INSERT INTO docent.messages (id, channel, created_at, cited, delivery, body)
      SELECT 'm' || n, 'web:a', n, ARRAY['d' || n % 5000], gen_random_uuid(), '{}' FROM generate_series(1, 50000) AS n`);
    await postgres.query("ANALYZE docent.messages");
    const citation = { documentId: "d_x", document: "lease.pdf", place: null, quote: null };
    await messages.append(sampleMessage({ id: "mine", citations: [citation] }));
    const scans = async () =>
      (await postgres.query("SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'messages'")).rows[0];
    // The server publishes its counts when the connection is told to.
    await postgres.query("SELECT pg_stat_force_next_flush()");
    const before = await scans();
    await messages.redact("d_x", "Removed.");
    await postgres.query("SELECT pg_stat_force_next_flush()");
    expect(await scans()).toEqual(before);
    expect((await messages.list("web:a", { limit: 1 }))[0]?.text).toBe("Removed.");
  });
});
