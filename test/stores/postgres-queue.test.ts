import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createLocalBulletin } from "../../src/core/local-bulletin.ts";
import { openPostgres, type Postgres } from "../../src/stores/postgres/open-postgres.ts";
import { createPostgresBulletin, type PostgresBulletin } from "../../src/stores/postgres/postgres-bulletin.ts";
import { createPostgresInbox } from "../../src/stores/postgres/postgres-inbox.ts";
import { createPostgresJobs } from "../../src/stores/postgres/postgres-jobs.ts";
import { createPostgresLock } from "../../src/stores/postgres/postgres-lock.ts";
import { describeInbox } from "../contracts/inbox-contract.ts";
import { describeJobs } from "../contracts/jobs-contract.ts";
import { silentLog } from "../fakes/core-under-test.ts";
import { sampleIncoming, sampleTurn } from "../fakes/sample-data.ts";
import { startPostgresServer, type PostgresServer } from "../servers/postgres-server.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgresServer();
});
afterAll(() => server.remove());

async function open(url?: string): Promise<Postgres> {
  const postgres = await openPostgres({ url: url ?? (await server.createDatabase()), log: silentLog, max: 8 });
  onTestFinished(() => postgres.close());
  return postgres;
}

/** Time of the database cannot be turned: what it says of leases is. */
async function pass({ query }: Postgres, ms: number): Promise<void> {
  for (const table of ["conversations", "jobs"]) {
    await query(`UPDATE docent.${table} SET lease_until = lease_until - $1::integer * interval '1 ms'`, [ms]);
  }
}

describeInbox("Postgres", async () => {
  const postgres = await open();
  const inbox = createPostgresInbox(postgres, createLocalBulletin());
  return { inbox, pass: (ms) => pass(postgres, ms) };
});
describeJobs("Postgres", async () => createPostgresJobs(await open()));

describe("jobs in Postgres", () => {
  it("of a process that died go to another one", async () => {
    const postgres = await open();
    const jobs = createPostgresJobs(postgres);
    const action = { kind: "start-over", conversation: "c" } as const;
    await jobs.add(
      { id: "j1", action, requestedAt: 0, report: null, outcome: null },
      { owner: "dead", leaseMs: 1_000 },
    );
    expect(await jobs.claim({ owner: "b", leaseMs: 1_000 })).toBeUndefined();
    await pass(postgres, 1_000);
    expect(await jobs.claim({ owner: "b", leaseMs: 1_000 })).toMatchObject({ id: "j1" });
    // It is not the first one's any more.
    await jobs.release(["j1"], "dead");
    expect(await jobs.claim({ owner: "c", leaseMs: 1_000 })).toBeUndefined();
  });
});

describe("an inbox that several replicas share", () => {
  it("gives every turn out once and in order, however many ask at once", async () => {
    const postgres = await open();
    const inboxes = ["a", "b", "c"].map((owner) => ({
      owner,
      inbox: createPostgresInbox(postgres, createLocalBulletin()),
    }));
    const [first] = inboxes;
    const seen = new Map<string, string[]>();
    const working = new Set<string>();
    let left = 300;
    await Promise.all(
      Array.from({ length: 300 }, async (_, number) => {
        const conversation = `c${number % 10}`;
        const key = `${conversation}:${String(number).padStart(3, "0")}`;
        await first?.inbox.add(sampleTurn(sampleIncoming({ key, conversation })));
      }),
    );
    const order = (await first?.inbox.openTurns())?.map(({ incoming }) => incoming.key);
    const work = async ({ owner, inbox }: (typeof inboxes)[number]): Promise<void> => {
      while (left > 0) {
        const turn = await inbox.claim({ owner, leaseMs: 60_000 });
        if (turn === undefined) {
          await new Promise((resolve) => setTimeout(resolve, 2));
          continue;
        }
        const { conversation, key } = turn.incoming;
        expect(working.has(conversation)).toBe(false);
        working.add(conversation);
        seen.set(conversation, [...(seen.get(conversation) ?? []), key]);
        expect(await inbox.save({ ...turn, state: "running" }, owner)).toBe(true);
        working.delete(conversation);
        expect(await inbox.save({ ...turn, state: "answered" }, owner)).toBe(true);
        left -= 1;
      }
    };
    await Promise.all([...inboxes, ...inboxes].map(work));
    for (const [conversation, keys] of seen) {
      expect(keys).toEqual(order?.filter((key) => key.startsWith(`${conversation}:`)));
    }
    expect([...seen.values()].flat()).toHaveLength(300);
  });

  it("tells others of a turn that this replica has no room for, and leaves them alone while it has", async () => {
    const postgres = await open();
    const bulletin = createLocalBulletin();
    let told = 0;
    bulletin.subscribe("work", () => (told += 1));
    const inbox = createPostgresInbox(postgres, bulletin);
    let hasRoom = true;
    inbox.onWork(() => hasRoom);
    await inbox.add(sampleTurn(sampleIncoming({ key: "k1" })));
    expect(told).toBe(0);
    hasRoom = false;
    await inbox.add(sampleTurn(sampleIncoming({ key: "k2" })));
    expect(told).toBe(1);
    inbox.passOn();
    expect(told).toBe(2);
  });

  it("adds a turn that two replicas are given at once only once", async () => {
    const postgres = await open();
    const inboxes = [1, 2, 3].map(() => createPostgresInbox(postgres, createLocalBulletin()));
    const added = await Promise.all(inboxes.map((inbox) => inbox.add(sampleTurn(sampleIncoming()))));
    expect(added.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await inboxes[0]?.openTurns()).toHaveLength(1);
  });
});

describe("a lock over several replicas", () => {
  it("lets one work at a time for each name", async () => {
    const postgres = await open();
    const locks = ["a", "b", "c"].map((owner) => createPostgresLock(postgres, { owner, log: silentLog }));
    let inside = 0;
    let most = 0;
    let done = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 2));
      inside -= 1;
      done += 1;
    };
    await Promise.all([...locks, ...locks, ...locks].map(({ lock }) => lock("name", work)));
    expect({ most, done }).toEqual({ most: 1, done: 9 });
    for (const { stop } of locks) stop();
  });

  it("is free again when the holder failed, and when it died", async () => {
    const postgres = await open();
    const [one, two] = ["a", "b"].map((owner) => createPostgresLock(postgres, { owner, log: silentLog }));
    await expect(one?.lock("name", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    await postgres.query("INSERT INTO docent.locks VALUES ('name', 'dead', clock_timestamp() + interval '50 ms')");
    expect(await two?.lock("name", () => Promise.resolve("mine"))).toBe("mine");
    expect((await postgres.query("SELECT FROM docent.locks")).count).toBe(0);
    one?.stop();
    two?.stop();
  });
});

describe("a bulletin over several replicas", () => {
  async function start(postgres: Postgres, url: string): Promise<PostgresBulletin> {
    const bulletin = createPostgresBulletin(postgres, { url, log: silentLog });
    await bulletin.start();
    onTestFinished(() => bulletin.stop());
    return bulletin;
  }

  it("reaches everybody once, itself included, in order and by topic", async () => {
    const url = await server.createDatabase();
    const postgres = await open(url);
    const [one, two] = [await start(postgres, url), await start(postgres, url)];
    const heard: unknown[] = [];
    const heardByTwo: unknown[] = [];
    one.subscribe("t", (message) => heard.push(message));
    two.subscribe("t", (message) => heardByTwo.push(message));
    const messages = Array.from({ length: 500 }, (_, number) => ({ number, text: "x".repeat(50) }));
    for (const message of messages) one.publish("t", message);
    one.publish("other", 1);
    expect(heard).toEqual(messages);
    await expect.poll(() => heardByTwo).toEqual(messages);
  });

  it("listens again after the server was restarted", async () => {
    const url = await server.createDatabase();
    const postgres = await open(url);
    const [one, two] = [await start(postgres, url), await start(postgres, url)];
    let heard = 0;
    two.subscribe("t", () => (heard += 1));
    await server.restart();
    await expect.poll(() => (one.publish("t", heard), heard), { timeout: 10_000 }).toBeGreaterThan(0);
  });
});
