import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import keyvTestSuite, { keyvIteratorTests } from "@keyv/test-suite";
import { Keyv } from "keyv";
import * as vitest from "vitest";
import { openDatabase } from "../../src/stores/sqlite/open-database.ts";
import { createSqliteDocuments } from "../../src/stores/sqlite/sqlite-documents.ts";
import { createSqliteInbox } from "../../src/stores/sqlite/sqlite-inbox.ts";
import { createSqliteKeyvStore } from "../../src/stores/sqlite/sqlite-keyv-store.ts";
import { createSqliteMessages } from "../../src/stores/sqlite/sqlite-messages.ts";
import { createSqliteJobs } from "../../src/stores/sqlite/sqlite-jobs.ts";
import { describeInbox } from "../contracts/inbox-contract.ts";
import { describeJobs } from "../contracts/jobs-contract.ts";
import { createManualClock } from "../fakes/manual-clock.ts";
import { sampleDocument, sampleIncoming, sampleTurn } from "../fakes/sample-data.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";

const { describe, expect, it, onTestFinished } = vitest;

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

describe("documents in SQLite", () => {
  it("adds a redelivered document once, and a removed one never again", async () => {
    const documents = createSqliteDocuments(open().db);
    const document = sampleDocument();
    expect(await documents.add(document)).toEqual({ document, isNew: true });
    expect((await documents.add({ ...document, name: "other" })).document?.name).toBe("lease.pdf");
    await documents.retire(document.id);
    expect(await documents.list({})).toEqual([]);
    expect((await documents.retired()).map(({ id }) => id)).toEqual([document.id]);
    await documents.remove(document.id);
    expect(await documents.retired()).toEqual([]);
    expect(await documents.add(document)).toEqual({ document: undefined, isNew: false });
    expect(await documents.get(document.id)).toBeUndefined();
  });

  it("lists by scope, by message and by state, oldest first", async () => {
    const documents = createSqliteDocuments(open().db);
    const team = { kind: "workspace", key: "test" } as const;
    await documents.add(sampleDocument({ id: "d1" }));
    await documents.add(sampleDocument({ id: "d2", scope: team, messageKey: "m2", state: "failed" }));
    await documents.add(sampleDocument({ id: "d3", messageKey: "m2", state: "noted" }));
    const ids = async (filter: Parameters<typeof documents.list>[0]): Promise<string[]> =>
      (await documents.list(filter)).map(({ id }) => id);
    expect(await ids({})).toEqual(["d1", "d2", "d3"]);
    expect(await ids({ scope: { kind: "channel", key: "test:general" } })).toEqual(["d1", "d3"]);
    expect(await ids({ scope: team })).toEqual(["d2"]);
    expect(await ids({ messageKey: "m2" })).toEqual(["d2", "d3"]);
    expect(await ids({ messageKey: "m2", states: ["noted"] })).toEqual(["d3"]);
  });

  it("removes the text of a document from the file", async () => {
    const folder = temporaryFolder();
    const database = open(folder);
    const documents = createSqliteDocuments(database.db);
    await documents.add(sampleDocument());
    const pages = Array.from({ length: 120 }, (_, index) => ({
      number: Math.ceil((index + 1) / 2),
      text: `zanzibar ${index}`,
      ...(index % 3 === 0 ? { title: `Sheet ${index}` } : {}),
    }));
    await documents.savePages("d_sample", pages);
    expect(await documents.pages("d_sample")).toEqual(pages);
    await documents.retire("d_sample");
    await documents.remove("d_sample");
    expect(await documents.pages("d_sample")).toEqual([]);
    database.close();
    for (const file of readdirSync(folder)) {
      expect(readFileSync(path.join(folder, file)).includes("zanzibar"), file).toBe(false);
    }
  });
});

describe("messages in SQLite", () => {
  it("appends once, lists oldest first, and forgets a channel", async () => {
    const messages = createSqliteMessages(open().db);
    const message = (id: string, channel: string, createdAt: number) =>
      ({
        id,
        channel,
        author: "you",
        kind: "question",
        text: id,
        citations: [],
        turnId: null,
        files: [],
        usage: null,
        createdAt,
      }) as const;
    await messages.append(message("m1", "web:a", 1));
    await messages.append(message("m2", "web:a", 2));
    await messages.append(message("m3", "web:b", 3));
    expect(await messages.append(message("m1", "web:a", 9))).toEqual({ isNew: false });
    expect((await messages.list("web:a")).map(({ id }) => id)).toEqual(["m1", "m2"]);
    expect((await messages.list("web:a", { limit: 1 })).map(({ id }) => id)).toEqual(["m2"]);
    expect(await messages.channels()).toEqual([
      { channel: "web:b", lastAt: 3, messages: 1 },
      { channel: "web:a", lastAt: 2, messages: 2 },
    ]);
    expect(await messages.forgetChannel("web:a", 1)).toBe(1);
    expect(await messages.forgetChannel("web:a", 2)).toBe(1);
    expect(await messages.list("web:a")).toEqual([]);
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

  it("of a newer version is refused and left as it is", () => {
    const folder = temporaryFolder();
    const database = openDatabase(folder);
    database.db.exec("PRAGMA user_version = 999");
    database.close();
    expect(() => openDatabase(folder)).toThrowError(/newer version/);
    expect(existsSync(path.join(folder, "docent.db"))).toBe(true);
  });
});
