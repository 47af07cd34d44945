import { describe, expect, it, onTestFinished } from "vitest";
import type { Inbox } from "../../src/core/ports/stores.ts";
import { createSystemClock } from "../../src/core/system-clock.ts";
import type { Turn } from "../../src/core/turn.ts";
import { createWorker, type Worker } from "../../src/core/turns/worker.ts";
import { openDatabase } from "../../src/stores/sqlite/open-database.ts";
import { createSqliteInbox } from "../../src/stores/sqlite/sqlite-inbox.ts";
import { silentLog } from "../fakes/core-under-test.ts";
import { sampleIncoming, sampleTurn } from "../fakes/sample-data.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";

const LEASE = { owner: "next", leaseMs: 1_000 };

interface Begun {
  readonly turn: Turn;
  readonly signal: AbortSignal;
  readonly isNew: boolean;
  readonly end: () => Promise<void>;
}

function openInbox(): Inbox {
  const database = openDatabase(temporaryFolder());
  onTestFinished(() => database.close());
  return createSqliteInbox(database.db, createSystemClock());
}

/** A worker whose turns end when the test says so. */
function startWorker(inbox: Inbox, concurrency = 2): { worker: Worker; begun: Begun[] } {
  const begun: Begun[] = [];
  const worker = createWorker({
    inbox,
    owner: "a",
    concurrency,
    clock: createSystemClock(),
    log: silentLog,
    work: (turn, { signal, isNew }) =>
      new Promise((resolve) => {
        const end = async (): Promise<void> => {
          await inbox.save({ ...turn, state: "answered" }, "a");
          resolve();
        };
        signal.addEventListener("abort", () => (signal.reason === "stopping" ? resolve() : undefined));
        begun.push({ turn, signal, isNew, end });
      }),
  });
  worker.start();
  return { worker, begun };
}

function turnOf(conversation: string, number = 1): Turn {
  return sampleTurn(sampleIncoming({ key: `${conversation}:${number}`, conversation }));
}

describe("a worker", () => {
  it("takes up what is added while it has room, and what waited when it has room again", async () => {
    const inbox = openInbox();
    const { worker, begun } = startWorker(inbox);
    for (const conversation of ["c1", "c2", "c3"]) await worker.add(turnOf(conversation));
    expect(begun.map(({ turn, isNew }) => [turn.incoming.conversation, isNew])).toEqual([
      ["c1", true],
      ["c2", true],
    ]);
    // What a process finds after a crash: a run may exist.
    expect(await inbox.get(turnOf("c1").id)).toMatchObject({ state: "running", mayHaveRun: true });
    expect(await inbox.get(turnOf("c3").id)).not.toHaveProperty("mayHaveRun");
    await begun[0]?.end();
    await expect.poll(() => begun.map(({ turn }) => turn.incoming.conversation)).toEqual(["c1", "c2", "c3"]);
    expect(begun[2]?.isNew).toBe(false);
    await worker.stop();
  });

  it("keeps the order of a conversation, whichever way its turns came", async () => {
    const inbox = openInbox();
    const { worker, begun } = startWorker(inbox);
    const turns = [1, 2, 3].map((number) => turnOf("c1", number));
    await Promise.all(turns.map((turn) => worker.add(turn)));
    for (const [index, { id }] of turns.entries()) {
      await expect.poll(() => begun[index]?.turn.id).toBe(id);
      expect(begun).toHaveLength(index + 1);
      await begun[index]?.end();
    }
    await worker.stop();
  });

  it("gives back what was being added when it was stopped", async () => {
    const inbox = openInbox();
    const { worker, begun } = startWorker(inbox);
    const adding = worker.add(turnOf("c1"));
    await worker.stop();
    expect(await adding).toMatchObject({ isNew: true });
    expect(begun).toEqual([]);
    expect(await inbox.claim(LEASE)).toMatchObject({ id: turnOf("c1").id, mayHaveRun: true });
  });

  it("hears that somebody stopped a turn which is not even added yet", async () => {
    const inbox = openInbox();
    const { worker, begun } = startWorker(inbox);
    const turn = turnOf("c1");
    const adding = worker.add(turn);
    // Written behind it, in the same commit.
    const stopping = inbox.requestCancel(turn.id);
    await Promise.all([adding, stopping]);
    expect(begun[0]?.signal.aborted).toBe(true);
    expect(begun[0]?.signal.reason).toBe("cancelled");
    await begun[0]?.end();
    await worker.stop();
  });

  it("gives back what it was claiming when it was stopped", async () => {
    const inbox = openInbox();
    await inbox.add(sampleTurn(sampleIncoming()));
    const claimed = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const slow: Inbox = {
      ...inbox,
      async claim(lease) {
        const turn = await inbox.claim(lease);
        claimed.resolve();
        await goOn.promise;
        return turn;
      },
    };
    const { worker, begun } = startWorker(slow, 1);
    await claimed.promise;
    const stopped = worker.stop();
    goOn.resolve();
    await stopped;
    expect(begun).toEqual([]);
    expect(await inbox.claim(LEASE)).toBeDefined();
  });
});
