import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import keyvTestSuite, { keyvIteratorTests } from "@keyv/test-suite";
import { Keyv } from "keyv";
import * as vitest from "vitest";
import { MIGRATIONS, openDatabase } from "../../src/stores/sqlite/open-database.ts";
import { createSqliteDocuments } from "../../src/stores/sqlite/sqlite-documents.ts";
import { createSqliteFeedback } from "../../src/stores/sqlite/sqlite-feedback.ts";
import { createSqliteInbox } from "../../src/stores/sqlite/sqlite-inbox.ts";
import { createSqliteKeyvStore } from "../../src/stores/sqlite/sqlite-keyv-store.ts";
import { createSqliteMessages } from "../../src/stores/sqlite/sqlite-messages.ts";
import { createSqliteJobs } from "../../src/stores/sqlite/sqlite-jobs.ts";
import { describeJobs } from "../contracts/jobs-contract.ts";
import { createManualClock } from "../fakes/manual-clock.ts";
import { createSqliteBudgetLedger } from "../../src/stores/sqlite/sqlite-budget-ledger.ts";
import { createSqliteUsage } from "../../src/stores/sqlite/sqlite-usage.ts";
import { describeDocuments } from "../contracts/documents-contract.ts";
import { describeFeedback } from "../contracts/feedback-contract.ts";
import { describeInbox } from "../contracts/inbox-contract.ts";
import { describeMessages } from "../contracts/messages-contract.ts";
import { describeBudgetLedger } from "../contracts/budget-ledger-contract.ts";
import { describeUsage } from "../contracts/usage-contract.ts";
import { sampleDocument, sampleIncoming, sampleTurn, sampleUsageEntry } from "../fakes/sample-data.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";

const { describe, expect, it, onTestFinished } = vitest;

/** The last version that kept usage by question alone. */
const BEFORE_USAGE_BY_DAY = 6;

function open(folder = temporaryFolder()) {
  const database = openDatabase(folder);
  onTestFinished(() => {
    if (database.db.isOpen) database.close();
  });
  return database;
}

describe("the keyv store on SQLite", () => {
  // keyv's own conformance suite asks for a store before each test and in the middle of one: all on one file a test.
  let shared: ReturnType<typeof open>["db"] | undefined;
  vitest.afterEach(() => {
    shared = undefined;
  });
  const store = () => createSqliteKeyvStore((shared ??= open().db));
  keyvTestSuite(vitest, Keyv, store);
  keyvIteratorTests(vitest, Keyv, store);

  it("keeps namespaces apart when one is cleared, also when a name holds a wildcard", async () => {
    const { db } = open();
    const one = new Keyv({ store: createSqliteKeyvStore(db), namespace: "a%" });
    const two = new Keyv({ store: createSqliteKeyvStore(db), namespace: "ab" });
    await one.set("k", 1);
    await two.set("k", 2);
    await one.clear();
    expect(await one.get("k")).toBeUndefined();
    expect(await two.get("k")).toBe(2);
  });

  it("has its values after the file was closed and opened again", async () => {
    const folder = temporaryFolder();
    const first = openDatabase(folder);
    await new Keyv({ store: createSqliteKeyvStore(first.db), namespace: "n" }).set("channel", "conv_1");
    first.close();
    const second = open(folder);
    expect(await new Keyv({ store: createSqliteKeyvStore(second.db), namespace: "n" }).get("channel")).toBe("conv_1");
  });
});

describeInbox("SQLite", () => {
  const clock = createManualClock();
  const pass = (ms: number): Promise<void> => Promise.resolve(clock.advance(ms));
  return Promise.resolve({ inbox: createSqliteInbox(open().db, clock), pass });
});
describeJobs("SQLite", () => Promise.resolve(createSqliteJobs(open().db)));

describe("the SQLite inbox", () => {
  it("knows a turn that is delivered again while it is forgotten", async () => {
    const inbox = createSqliteInbox(open().db, createManualClock());
    const turn = sampleTurn(sampleIncoming());
    await inbox.add({ ...turn, state: "answered" });
    const [, again] = await Promise.all([inbox.forgetTurn(turn.id), inbox.add(turn)]);
    expect(again.isNew).toBe(false);
    expect(await inbox.claim({ owner: "a", leaseMs: 1_000 })).toBeUndefined();
  });
});

describe("the SQLite inbox after a restart", () => {
  it("offers at once what the process before it was working on", async () => {
    const folder = temporaryFolder();
    const first = openDatabase(folder);
    const inbox = createSqliteInbox(first.db, createManualClock());
    const turn = sampleTurn(sampleIncoming());
    await inbox.add(turn);
    await inbox.claim({ owner: "old", leaseMs: 1_000_000 });
    first.close();
    const next = createSqliteInbox(open(folder).db, createManualClock());
    expect((await next.claim({ owner: "new", leaseMs: 1_000 }))?.id).toBe(turn.id);
  });
});

describeDocuments("SQLite", () => Promise.resolve(createSqliteDocuments(open().db)));
describeMessages("SQLite", () => Promise.resolve(createSqliteMessages(open().db)));
describeBudgetLedger("SQLite", () => {
  const { db } = open();
  return Promise.resolve({ ledger: createSqliteBudgetLedger(db), usage: createSqliteUsage(db) });
});
describeUsage("SQLite", () => Promise.resolve(createSqliteUsage(open().db)));
describeFeedback("SQLite", () => Promise.resolve(createSqliteFeedback(open().db)));

describe("documents in SQLite", () => {
  it("removes the text of a document from the file", async () => {
    const folder = temporaryFolder();
    const database = open(folder);
    const documents = createSqliteDocuments(database.db);
    await documents.add(sampleDocument());
    const pages = Array.from({ length: 120 }, (_, index) => ({ number: index + 1, text: `zanzibar ${index}` }));
    await documents.savePages("d_sample", pages);
    await documents.retire("d_sample");
    await documents.remove("d_sample");
    database.close();
    for (const file of readdirSync(folder)) {
      expect(readFileSync(path.join(folder, file)).includes("zanzibar"), file).toBe(false);
    }
  });
});

describe("usage that was recorded before it was counted by day", () => {
  it("is counted on its day, in the workspace of its question where that is still known", async () => {
    const folder = temporaryFolder();
    const turn = sampleTurn(sampleIncoming());
    const db = new DatabaseSync(path.join(folder, "docent.db"));
    for (const sql of MIGRATIONS.slice(0, BEFORE_USAGE_BY_DAY)) db.exec(sql);
    db.prepare(
      `INSERT INTO turns (id, conversation, channel, kind, state, open, body)
       VALUES (?, 'test:general', 'test:general', 'question', 'answered', 0, ?)`,
    ).run(turn.id, JSON.stringify(turn));
    db.exec(`
      INSERT INTO usage VALUES ('${turn.id}', 'test:general', 'u1', 1764028800000, 'm', 100, 10, 0.5);
      INSERT INTO usage VALUES ('t2', 'test:general', 'u1', 1764028799999, 'm', 100, 10, 0.25);
      PRAGMA user_version = ${BEFORE_USAGE_BY_DAY};
    `);
    db.close();
    const usage = createSqliteUsage(open(folder).db);
    const known = {
      channel: "test:general",
      userId: "u1",
      model: "m",
      questions: 1,
      inputTokens: 100,
      outputTokens: 10,
    };
    expect(await usage.rows("2025-11-24")).toEqual([
      { ...known, day: "2025-11-24", workspace: "", costUsd: 0.25, lastTurnId: "t2" },
    ]);
    expect(await usage.rows("2025-11-25")).toEqual([
      { ...known, day: "2025-11-25", workspace: "test", costUsd: 0.5, lastTurnId: turn.id },
    ]);
    await usage.record(sampleUsageEntry({ turnId: "t3", day: "2025-11-25" }));
    expect((await usage.sum({ from: "2025-11-25", to: "2025-11-25" })).questions).toBe(2);
    expect((await usage.totals({ from: "2025-11-24", to: "2025-11-25" }, "channel")).map(({ key }) => key)).toEqual([
      "test:general",
      "test:general",
      "web:a",
    ]);
  });
});

describe("the data folder", () => {
  it("belongs to one process: a second one is told which", () => {
    const folder = temporaryFolder();
    open(folder);
    expect(() => openDatabase(folder)).toThrowError(new RegExp(`already running.*process ${process.pid}.*DATA_DIR`));
  });

  it("that cannot be used is named, with what to do", () => {
    const file = path.join(temporaryFolder(), "a-file");
    writeFileSync(file, "");
    expect(() => openDatabase(file)).toThrowError(/DATA_DIR=.* cannot be used .*Name a folder/);
  });

  it("is free again after close", () => {
    const folder = temporaryFolder();
    openDatabase(folder).close();
    expect(open(folder).check()).toEqual({ ready: true });
  });

  it("holds a database that other users of the machine cannot read, also one that they could", () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    const modes = (): readonly number[] =>
      ["docent.db", "docent.db-wal", "docent.db-shm"].map((name) => statSync(path.join(folder, name)).mode & 0o777);
    const first = openDatabase(folder);
    expect(modes()).toEqual([0o600, 0o600, 0o600]);
    first.close();
    chmodSync(path.join(folder, "docent.db"), 0o644);
    open(folder);
    expect(modes()).toEqual([0o600, 0o600, 0o600]);
  });

  it("of a newer version is refused and left as it is", () => {
    const folder = temporaryFolder();
    const database = openDatabase(folder);
    database.db.exec("PRAGMA user_version = 999");
    database.close();
    expect(() => openDatabase(folder)).toThrowError(/newer version/);
    expect(existsSync(path.join(folder, "docent.db"))).toBe(true);
  });
});
