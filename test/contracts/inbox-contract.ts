import { describe, expect, it } from "vitest";
import type { Inbox } from "../../src/core/ports/stores.ts";
import type { Turn } from "../../src/core/turn.ts";
import { sampleIncoming, sampleTurn } from "../fakes/sample-data.ts";

const LEASE_MS = 1_000;

function turnOf(conversation: string, number: number, kind: Turn["incoming"]["kind"] = "question"): Turn {
  const channel = { key: conversation, workspace: "test", isDirect: false, isShared: false };
  return sampleTurn(sampleIncoming({ key: `${conversation}:${number}`, channel, conversation, kind }));
}

export interface InboxUnderTest {
  readonly inbox: Inbox;
  /** Lets time pass for leases. */
  readonly pass: (ms: number) => Promise<void>;
}

/** What every inbox must do, whatever it is built on. `openInbox` gives an empty one. */
export function describeInbox(name: string, openInbox: () => Promise<InboxUnderTest>): void {
  describe(`${name} as an inbox`, () => {
    const open = async (): Promise<Inbox> => (await openInbox()).inbox;
    const claim = (inbox: Inbox, owner = "a"): Promise<Turn | undefined> => inbox.claim({ owner, leaseMs: LEASE_MS });
    const claimOne = async (inbox: Inbox, owner = "a"): Promise<Turn> => {
      const turn = await claim(inbox, owner);
      if (turn === undefined) throw new Error("Nothing was claimed.");
      return turn;
    };

    it("stores a redelivered turn once", async () => {
      const inbox = await open();
      const turn = turnOf("c1", 1);
      expect((await inbox.add(turn)).isNew).toBe(true);
      const again = await inbox.add({ ...turn, createdAt: 99 });
      expect(again).toEqual({ turn, isNew: false, isTaken: false });
    });

    it("knows a turn that is delivered again while it is forgotten", async () => {
      const inbox = await open();
      const turn = turnOf("c1", 1);
      await inbox.add({ ...turn, state: "answered" });
      const [, again] = await Promise.all([inbox.forgetTurn(turn.id), inbox.add(turn)]);
      expect(again.isNew).toBe(false);
      expect(await claim(inbox)).toBeUndefined();
    });

    it("lets one that was put off wait on when one behind it is stopped", async () => {
      const inbox = await open();
      const [first, second] = [turnOf("c1", 1), turnOf("c1", 2)];
      await inbox.add(first);
      await inbox.add(second);
      await claimOne(inbox);
      await inbox.postpone(first.id, { owner: "a", forMs: 60_000 });
      await inbox.requestCancel(second.id);
      expect(await claim(inbox)).toBeUndefined();
    });

    it("gives turns of a conversation out in order, one at a time", async () => {
      const inbox = await open();
      await inbox.add(turnOf("c1", 1));
      await inbox.add(turnOf("c1", 2));
      const first = await claim(inbox);
      expect(first?.incoming.key).toBe("c1:1");
      expect(await claim(inbox)).toBeUndefined();
      if (first !== undefined) await inbox.save({ ...first, state: "answered" }, "a");
      expect((await claim(inbox))?.incoming.key).toBe("c1:2");
    });

    it("lets conversations run side by side, and takes the one that waited longest", async () => {
      const inbox = await open();
      for (const number of [1, 2, 3]) await inbox.add(turnOf("busy", number));
      await inbox.add(turnOf("quiet", 1));
      const first = await claim(inbox);
      if (first !== undefined) await inbox.save({ ...first, state: "answered" }, "a");
      expect((await claim(inbox))?.incoming.key).toBe("quiet:1");
      expect((await claim(inbox))?.incoming.key).toBe("busy:2");
    });

    it("gives a turn to another worker when its lease has ended, and refuses the first one's steps", async () => {
      const { inbox, pass } = await openInbox();
      await inbox.add(turnOf("c1", 1));
      const turn = await claimOne(inbox, "dead");
      await pass(LEASE_MS - 200);
      expect(await claim(inbox, "b")).toBeUndefined();
      await pass(200);
      expect((await claim(inbox, "b"))?.id).toBe(turn.id);
      expect(await inbox.renew([turn.id], { owner: "dead", leaseMs: LEASE_MS })).toEqual([]);
      expect(await inbox.save({ ...turn, state: "running" }, "dead")).toBe(false);
      expect(await inbox.save({ ...turn, state: "answered" }, "dead")).toBe(false);
      expect((await inbox.get(turn.id))?.state).toBe("queued");
      await inbox.release(turn.id, "dead");
      expect(await claim(inbox, "c")).toBeUndefined();
    });

    it("keeps a turn whose lease is renewed, and offers a released one at once", async () => {
      const { inbox, pass } = await openInbox();
      await inbox.add(turnOf("c1", 1));
      const turn = await claimOne(inbox);
      await pass(900);
      expect(await inbox.renew([turn.id, "t_unknown"], { owner: "a", leaseMs: LEASE_MS })).toEqual([
        { id: turn.id, cancelRequested: false },
      ]);
      await pass(900);
      expect(await claim(inbox, "b")).toBeUndefined();
      await inbox.release(turn.id, "a");
      expect((await claim(inbox, "b"))?.id).toBe(turn.id);
    });

    it("keeps back a turn that was put off, and what stands behind it, until its time or until it is stopped", async () => {
      const { inbox, pass } = await openInbox();
      await inbox.add(turnOf("c1", 1));
      await inbox.add(turnOf("c1", 2));
      const turn = await claimOne(inbox);
      await inbox.postpone(turn.id, { owner: "a", forMs: 5_000 });
      await pass(4_000);
      expect(await claim(inbox)).toBeUndefined();
      await pass(1_000);
      expect((await claim(inbox))?.id).toBe(turn.id);
      await inbox.postpone(turn.id, { owner: "a", forMs: 5_000 });
      await inbox.requestCancel(turn.id);
      expect(await claim(inbox)).toMatchObject({ id: turn.id, cancelRequested: true });
    });

    it("tells that somebody pressed stop, at once and when a lease is renewed", async () => {
      const inbox = await open();
      await inbox.add(turnOf("c1", 1));
      const turn = await claimOne(inbox);
      const told: string[] = [];
      const end = inbox.onCancel((turnId) => told.push(turnId));
      await inbox.requestCancel(turn.id);
      await expect.poll(() => told).toEqual([turn.id]);
      expect(await inbox.renew([turn.id], { owner: "a", leaseMs: LEASE_MS })).toEqual([
        { id: turn.id, cancelRequested: true },
      ]);
      end();
    });

    it("tells how many questions wait, and since when", async () => {
      const inbox = await open();
      expect(await inbox.waiting()).toEqual({ questions: 0, since: null });
      for (const [number, kind] of [
        [1, "question"],
        [2, "note"],
        [3, "question"],
      ] as const) {
        await inbox.add({ ...turnOf("c1", number, kind), createdAt: 1_000 + number });
      }
      expect(await inbox.waiting()).toEqual({ questions: 2, since: 1_001 });
      const turn = await claimOne(inbox);
      await inbox.save({ ...turn, state: "reading" }, "a");
      expect(await inbox.waiting()).toEqual({ questions: 1, since: 1_003 });
    });

    it("saves each step", async () => {
      const inbox = await open();
      await inbox.add(turnOf("c1", 1));
      const turn = await claimOne(inbox);
      const run = { engine: "openai", id: "resp_1", resume: { conversation: "conv_1" } };
      expect(await inbox.save({ ...turn, state: "running", run }, "a")).toBe(true);
      expect(await inbox.get(turn.id)).toEqual({ ...turn, state: "running", run });
    });

    it("tells how many questions stand before a queued one, and does not count notes", async () => {
      const inbox = await open();
      await inbox.add(turnOf("c1", 1));
      await inbox.add(turnOf("c1", 2, "note"));
      await inbox.add(turnOf("c1", 3));
      await inbox.add(turnOf("c2", 1));
      expect(await inbox.position(turnOf("c1", 1).id)).toBe(0);
      expect(await inbox.position(turnOf("c1", 3).id)).toBe(1);
      expect(await inbox.position(turnOf("c2", 1).id)).toBe(2);
      await claim(inbox);
      // What is being worked on in another conversation holds nobody up.
      expect(await inbox.position(turnOf("c2", 1).id)).toBe(1);
    });

    it("hands a wish to stop to whoever works on the turn, also through later steps", async () => {
      const inbox = await open();
      await inbox.add(turnOf("c1", 1));
      const turn = await claimOne(inbox);
      expect(await inbox.requestCancel(turn.id)).toBe(true);
      await inbox.save({ ...turn, state: "running" }, "a");
      expect((await inbox.get(turn.id))?.cancelRequested).toBe(true);
      await inbox.save({ ...turn, state: "cancelled" }, "a");
      expect(await inbox.requestCancel(turn.id)).toBe(false);
      expect(await inbox.requestCancel("t_unknown")).toBe(false);
    });

    it("takes a turn in the write that adds it, as what it is told, unless something stands before it", async () => {
      const { inbox, pass } = await openInbox();
      const take = (turn: Turn, owner = "a") => ({
        owner,
        leaseMs: LEASE_MS,
        as: { ...turn, state: "running" as const },
      });
      const [first, second] = [turnOf("c1", 1), turnOf("c1", 2)];
      expect(await inbox.add(first, take(first))).toEqual({ turn: first, isNew: true, isTaken: true });
      expect((await inbox.get(first.id))?.state).toBe("running");
      expect(await inbox.add(first, take(first))).toMatchObject({ isNew: false, isTaken: false });
      expect(await inbox.add(second, take(second))).toMatchObject({ isNew: true, isTaken: false });
      expect((await inbox.get(second.id))?.state).toBe("queued");
      expect(await claim(inbox, "b")).toBeUndefined();
      expect(await inbox.waiting()).toMatchObject({ questions: 1 });
      expect(await inbox.save({ ...first, state: "running" }, "a")).toBe(true);
      // Nobody renewed it: it is anybody's, in its order.
      await pass(LEASE_MS);
      expect((await claim(inbox, "b"))?.id).toBe(first.id);
      await inbox.save({ ...first, state: "answered" }, "b");
      expect((await claim(inbox, "b"))?.id).toBe(second.id);
      await inbox.save({ ...second, state: "answered" }, "b");
      const third = turnOf("c1", 3);
      expect(await inbox.add(third, take(third))).toMatchObject({ isTaken: true });
    });

    it("takes one of many that come to a conversation at once, and gives the others out in order", async () => {
      const inbox = await open();
      const turns = [1, 2, 3, 4, 5].map((number) => turnOf("c1", number));
      const added = await Promise.all(
        turns.map((turn) => inbox.add(turn, { owner: "a", leaseMs: LEASE_MS, as: { ...turn, state: "running" } })),
      );
      const taken = added.filter(({ isTaken }) => isTaken);
      expect(taken).toHaveLength(1);
      expect(await inbox.counts()).toEqual({ running: 1, queued: 4 });
      expect(await claim(inbox)).toBeUndefined();
      for (const { turn } of taken) await inbox.save({ ...turn, state: "answered" }, "a");
      expect(await claim(inbox)).toBeDefined();
    });

    it("wakes its listeners for a new turn and for one that has ended with another behind it", async () => {
      const inbox = await open();
      let calls = 0;
      const stop = inbox.onWork(() => (calls += 1) > 0);
      await inbox.add(turnOf("c1", 1));
      await inbox.add(turnOf("c1", 9));
      expect(calls).toBeGreaterThanOrEqual(1);
      await expect.poll(() => inbox.waiting()).toMatchObject({ questions: 2 });
      calls = 0;
      const turn = await claim(inbox);
      if (turn !== undefined) await inbox.save({ ...turn, state: "answered" }, "a");
      expect(calls).toBeGreaterThanOrEqual(1);
      stop();
      calls = 0;
      await inbox.add(turnOf("c1", 2));
      expect(calls).toBe(0);
    });

    it("knows of a turn that was over when it was stored, gives it to nobody, and forgets it", async () => {
      const inbox = await open();
      const over = { ...turnOf("c1", 1), state: "answered" } as const;
      expect(await inbox.add(over)).toMatchObject({ isNew: true, isTaken: false });
      expect(await claim(inbox)).toBeUndefined();
      expect(await inbox.counts()).toEqual({});
      expect(await inbox.conversations("c1")).toEqual(["c1"]);
      expect(await inbox.memoriesBegun(over.createdAt)).toEqual([over]);
      await inbox.add(turnOf("c1", 2));
      expect((await claim(inbox))?.incoming.key).toBe("c1:2");
      expect(await inbox.forgetChannel("c1", over.createdAt)).toBe(1);
      expect(await inbox.add(over)).toMatchObject({ isNew: false, turn: { state: "cancelled" } });
    });

    it("knows with which turn each memory began: the first one behind the last fresh start", async () => {
      const inbox = await open();
      const add = async (turn: Turn, createdAt: number): Promise<unknown> =>
        await inbox.add({ ...turn, createdAt, state: "answered" });
      await add(turnOf("c1", 1), 10);
      await add(turnOf("c2", 1), 20);
      await add(turnOf("c1", 2, "start-over"), 30);
      await add(turnOf("c1", 3), 40);
      await add(turnOf("c1", 4), 50);
      const begun = async (until: number): Promise<string[]> =>
        (await inbox.memoriesBegun(until)).map(({ incoming }) => incoming.key).toSorted();
      expect(await begun(19)).toEqual([]);
      expect(await begun(39)).toEqual(["c2:1"]);
      expect(await begun(40)).toEqual(["c1:3", "c2:1"]);
      // Also one that waits: what is asked behind it finds a fresh memory.
      await inbox.add(turnOf("c2", 5, "start-over"));
      expect(await begun(99)).toEqual(["c1:3"]);
    });

    it("forgets the finished turns of a channel and keeps what is open", async () => {
      const inbox = await open();
      await inbox.add(turnOf("c1", 1));
      await inbox.add(turnOf("c2", 1));
      const turn = await claim(inbox);
      if (turn !== undefined) await inbox.save({ ...turn, state: "answered" }, "a");
      await inbox.add(turnOf("c1", 2));
      expect(await inbox.conversations("c1")).toEqual(["c1"]);
      expect(await inbox.forgetChannel("c1", turnOf("c1", 1).createdAt - 1)).toBe(0);
      expect(await inbox.forgetChannel("c1", turnOf("c1", 1).createdAt)).toBe(1);
      expect((await inbox.openTurns()).map(({ incoming }) => incoming.key)).toEqual(["c2:1", "c1:2"]);
      expect((await inbox.openTurns({ channel: "c1" })).length).toBe(1);
      expect(await inbox.counts()).toEqual({ queued: 2 });
      // A redelivery does not bring it back.
      expect(await inbox.add(turnOf("c1", 1))).toMatchObject({ isNew: false, turn: { state: "cancelled" } });
      expect(await inbox.counts()).toEqual({ queued: 2 });
    });
  });
}
