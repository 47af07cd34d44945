import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Inbox } from "../../src/core/ports/stores.ts";
import type { Turn } from "../../src/core/turn.ts";
import { MIGRATIONS, openDatabase, type OpenDatabase } from "../../src/stores/sqlite/open-database.ts";
import { createSqliteInbox } from "../../src/stores/sqlite/sqlite-inbox.ts";
import { createManualClock } from "../fakes/manual-clock.ts";
import { sampleIncoming, sampleTurn } from "../fakes/sample-data.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";

const LEASE = { owner: "a", leaseMs: 1_000 };
/** The last version that kept leases with the turns. */
const BEFORE_CONVERSATIONS = 5;

function open(folder = temporaryFolder()): OpenDatabase {
  const database = openDatabase(folder);
  onTestFinished(() => {
    if (database.db.isOpen) database.close();
  });
  return database;
}

function turnOf(conversation: string, number: number, change: Partial<Turn> = {}): Turn {
  const channel = { key: conversation, workspace: "test", isDirect: false, isShared: false };
  return { ...sampleTurn(sampleIncoming({ key: `${conversation}:${number}`, channel, conversation })), ...change };
}

/** Takes the next turn, ends it and names it. */
async function answerNext(inbox: Inbox): Promise<string | undefined> {
  const turn = await inbox.claim(LEASE);
  if (turn !== undefined) await inbox.save({ ...turn, state: "answered" }, LEASE.owner);
  return turn?.incoming.key;
}

/** Everything that is open, in the order in which it is given out. */
async function answerAll(inbox: Inbox): Promise<readonly string[]> {
  const keys: string[] = [];
  for (let key = await answerNext(inbox); key !== undefined; key = await answerNext(inbox)) keys.push(key);
  return keys;
}

function conversationsOf({ db }: OpenDatabase): readonly unknown[] {
  const rows = db.prepare("SELECT conversation FROM conversations ORDER BY conversation").all();
  return rows.map(({ conversation }) => conversation);
}

/** A file as the version before wrote it: turns with their leases, and when conversations were served. */
function writeOldFile(folder: string): void {
  const db = new DatabaseSync(path.join(folder, "docent.db"));
  for (const sql of MIGRATIONS.slice(0, BEFORE_CONVERSATIONS)) db.exec(sql);
  db.exec(`PRAGMA user_version = ${BEFORE_CONVERSATIONS}`);
  const insert = db.prepare(`
    INSERT INTO turns (id, conversation, channel, kind, state, open, lease_owner, lease_until, cancel_requested, body)
    VALUES (?, ?, ?, 'question', ?, ?, ?, ?, ?, ?)`);
  const farAway = createManualClock().steady() + 1_000_000;
  for (const [turn, lease] of [
    [turnOf("worked", 1, { state: "answered" }), ["old", farAway]],
    [turnOf("late", 1, { state: "failed" }), ["old", farAway]],
    [turnOf("worked", 2, { state: "running" }), ["old", farAway]],
    [turnOf("put-off", 1), [null, farAway]],
    [turnOf("worked", 3, { cancelRequested: true }), [null, 0]],
    [turnOf("put-off", 2), [null, 0]],
    [turnOf("new", 1), [null, 0]],
    [turnOf("done", 1, { state: "answered" }), ["old", farAway]],
    [turnOf("late", 2), [null, 0]],
  ] as const) {
    const { id, incoming, state, cancelRequested } = turn;
    const { conversation, channel } = incoming;
    const isOpen = state === "queued" || state === "running" ? 1 : 0;
    const body = JSON.stringify({ ...turn, cancelRequested: false });
    insert.run(id, conversation, channel.key, state, isOpen, ...lease, cancelRequested ? 1 : 0, body);
  }
  db.exec(`INSERT INTO conversations_served (conversation, served_at)
           VALUES ('worked', 300), ('put-off', 200), ('late', 400), ('done', 100), ('forgotten', 500)`);
  db.close();
}

describe("a file of the version that kept leases with the turns", () => {
  it("has its turns, open and finished, as they were", async () => {
    const folder = temporaryFolder();
    writeOldFile(folder);
    const inbox = createSqliteInbox(open(folder).db, createManualClock());
    const openKeys = (await inbox.openTurns()).map(({ incoming }) => incoming.key);
    expect(openKeys).toEqual(["worked:2", "put-off:1", "worked:3", "put-off:2", "new:1", "late:2"]);
    expect(await inbox.get(turnOf("worked", 1).id)).toEqual(turnOf("worked", 1, { state: "answered" }));
    expect((await inbox.get(turnOf("worked", 3).id))?.cancelRequested).toBe(true);
    expect(await inbox.counts()).toEqual({ queued: 5, running: 1 });
    expect(await inbox.conversations("worked")).toEqual(["worked"]);
    expect(await inbox.add(turnOf("done", 1))).toMatchObject({ isNew: false, turn: { state: "answered" } });
    expect(await inbox.position(turnOf("late", 2).id)).toBe(5);
  });

  it("gives its open turns out in their order, first where people waited longest", async () => {
    const folder = temporaryFolder();
    writeOldFile(folder);
    const inbox = createSqliteInbox(open(folder).db, createManualClock());
    await inbox.add(turnOf("done", 2));
    expect(await answerAll(inbox)).toEqual([
      "new:1",
      "done:2",
      "put-off:1",
      "worked:2",
      "late:2",
      "worked:3",
      "put-off:2",
    ]);
  });

  it("holds nothing of conversations without turns, and no table of the version before", () => {
    const folder = temporaryFolder();
    writeOldFile(folder);
    const database = open(folder);
    expect(conversationsOf(database)).toEqual(["done", "late", "new", "put-off", "worked"]);
    const left = database.db.prepare("SELECT name FROM pragma_table_info('turns') WHERE name LIKE 'lease%'").all();
    expect(left).toEqual([]);
    const tables = database.db.prepare("SELECT name FROM sqlite_master WHERE name LIKE '%served'").all();
    expect(tables).toEqual([]);
  });
});

describe("the SQLite inbox", () => {
  it("offers at once what was put off before a restart", async () => {
    const folder = temporaryFolder();
    const first = open(folder);
    const before = createSqliteInbox(first.db, createManualClock());
    await before.add(turnOf("c1", 1));
    await before.claim(LEASE);
    await before.postpone(turnOf("c1", 1).id, { owner: LEASE.owner, forMs: 1_000_000 });
    expect(await before.claim(LEASE)).toBeUndefined();
    first.close();
    const after = createSqliteInbox(open(folder).db, createManualClock());
    expect((await after.claim(LEASE))?.incoming.key).toBe("c1:1");
  });

  it("leaves a turn that was put off alone when one behind it is stopped", async () => {
    const inbox = createSqliteInbox(open().db, createManualClock());
    for (const number of [1, 2]) await inbox.add(turnOf("c1", number));
    await inbox.claim(LEASE);
    await inbox.postpone(turnOf("c1", 1).id, { owner: LEASE.owner, forMs: 5_000 });
    expect(await inbox.requestCancel(turnOf("c1", 2).id)).toBe(true);
    expect(await inbox.claim(LEASE)).toBeUndefined();
  });

  it("takes a step from who let a lease run out as long as nobody else has the turn", async () => {
    const clock = createManualClock();
    const inbox = createSqliteInbox(open().db, clock);
    await inbox.add(turnOf("busy", 1));
    const turn = await inbox.claim({ owner: "slow", leaseMs: 1_000 });
    await inbox.add(turnOf("other", 1));
    clock.advance(2_000);
    expect((await inbox.claim(LEASE))?.incoming.key).toBe("other:1");
    expect(await inbox.save({ ...turnOf("busy", 1), state: "running" }, "slow")).toBe(true);
    expect(await inbox.renew([turn?.id ?? ""], { owner: "slow", leaseMs: 1_000 })).toHaveLength(1);
    expect(await inbox.claim(LEASE)).toBeUndefined();
  });

  it("refuses a step of a turn that was ended", async () => {
    const inbox = createSqliteInbox(open().db, createManualClock());
    await inbox.add(turnOf("c1", 1));
    expect(await answerNext(inbox)).toBe("c1:1");
    expect(await inbox.save({ ...turnOf("c1", 1), state: "running" }, LEASE.owner)).toBe(false);
    expect((await inbox.get(turnOf("c1", 1).id))?.state).toBe("answered");
  });

  it("knows a conversation until its last turn is forgotten", async () => {
    const database = open();
    const inbox = createSqliteInbox(database.db, createManualClock());
    for (const conversation of ["c1", "c2", "c3"]) await inbox.add(turnOf(conversation, 1));
    for (let answered = 0; answered < 3; answered += 1) await answerNext(inbox);
    await inbox.add(turnOf("c1", 2, { createdAt: 2_000_000_000_000 }));
    await inbox.add(turnOf("c3", 2));
    await answerNext(inbox);
    await inbox.forgetChannel("c1", turnOf("c1", 1).createdAt);
    expect(conversationsOf(database)).toEqual(["c1", "c2", "c3"]);
    await inbox.forgetTurn(turnOf("c2", 1).id);
    expect(conversationsOf(database)).toEqual(["c1", "c3"]);
    // What waits in the third one keeps it.
    await inbox.forgetChannel(null, 2_000_000_000_000);
    expect(conversationsOf(database)).toEqual(["c3"]);
    expect(await answerAll(inbox)).toEqual(["c3:2"]);
    await inbox.forgetTurn(turnOf("c3", 2).id);
    expect(conversationsOf(database)).toEqual([]);
  });
});
