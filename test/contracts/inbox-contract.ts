import { describe, expect, it } from "vitest";
import type { Inbox } from "../../src/core/ports/stores.ts";
import type { Turn } from "../../src/core/turn.ts";
import { sampleIncoming, sampleTurn } from "../fakes/sample-data.ts";

const LEASE_MS = 1_000;

function turnOf(conversation: string, number: number, kind: "question" | "note" = "question"): Turn {
  const channel = { key: conversation, workspace: "test", isDirect: false, isShared: false };
  return sampleTurn(sampleIncoming({ key: `${conversation}:${number}`, channel, conversation, kind }));
}

/** What every inbox must do, whatever it is built on. `open` gives an empty one. */
export function describeInbox(name: string, open: () => Promise<Inbox>): void {
  describe(`${name} as an inbox`, () => {
    const claimAt = (inbox: Inbox, now: number, owner = "a"): Promise<Turn | undefined> =>
      inbox.claim({ owner, leaseMs: LEASE_MS, now });

    it("stores a redelivered turn once", async () => {
      const inbox = await open();
      const turn = turnOf("c1", 1);
      expect((await inbox.add(turn)).isNew).toBe(true);
      const again = await inbox.add({ ...turn, createdAt: 99 });
      expect(again).toEqual({ turn, isNew: false });
    });

    it("gives turns of a conversation out in order, one at a time", async () => {
      const inbox = await open();
      await inbox.add(turnOf("c1", 1));
      await inbox.add(turnOf("c1", 2));
      const first = await claimAt(inbox, 0);
      expect(first?.incoming.key).toBe("c1:1");
      expect(await claimAt(inbox, 0)).toBeUndefined();
      if (first !== undefined) await inbox.save({ ...first, state: "answered" }, "a");
      expect((await claimAt(inbox, 1))?.incoming.key).toBe("c1:2");
    });

    it("lets conversations run side by side, and takes the one that waited longest", async () => {
      const inbox = await open();
      for (const number of [1, 2, 3]) await inbox.add(turnOf("busy", number));
      await inbox.add(turnOf("quiet", 1));
      const first = await claimAt(inbox, 0);
      if (first !== undefined) await inbox.save({ ...first, state: "answered" }, "a");
      expect((await claimAt(inbox, 1))?.incoming.key).toBe("quiet:1");
      expect((await claimAt(inbox, 1))?.incoming.key).toBe("busy:2");
    });

    it("gives a turn to another worker when its lease has ended, and refuses the first one's steps", async () => {
      const inbox = await open();
      await inbox.add(turnOf("c1", 1));
      const turn = await claimAt(inbox, 0, "dead");
      expect(await claimAt(inbox, LEASE_MS - 1, "b")).toBeUndefined();
      expect((await claimAt(inbox, LEASE_MS, "b"))?.id).toBe(turn?.id);
      if (turn === undefined) throw new Error("nothing was claimed");
      expect(await inbox.save({ ...turn, state: "answered" }, "dead")).toBe(false);
      expect((await inbox.get(turn.id))?.state).toBe("queued");
    });

    it("keeps a turn whose lease is renewed, and offers a released one at once", async () => {
      const inbox = await open();
      await inbox.add(turnOf("c1", 1));
      const turn = await claimAt(inbox, 0);
      if (turn === undefined) throw new Error("nothing was claimed");
      await inbox.renew(turn.id, { owner: "a", leaseMs: LEASE_MS, now: 900 });
      expect(await claimAt(inbox, LEASE_MS + 1, "b")).toBeUndefined();
      await inbox.release(turn.id, "a");
      expect((await claimAt(inbox, LEASE_MS + 1, "b"))?.id).toBe(turn.id);
    });

    it("saves each step", async () => {
      const inbox = await open();
      await inbox.add(turnOf("c1", 1));
      const turn = await claimAt(inbox, 0);
      if (turn === undefined) throw new Error("nothing was claimed");
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
      await claimAt(inbox, 0);
      // What is being worked on in another conversation holds nobody up.
      expect(await inbox.position(turnOf("c2", 1).id)).toBe(1);
    });

    it("hands a wish to stop to whoever works on the turn, also through later steps", async () => {
      const inbox = await open();
      await inbox.add(turnOf("c1", 1));
      const turn = await claimAt(inbox, 0);
      if (turn === undefined) throw new Error("nothing was claimed");
      expect(await inbox.requestCancel(turn.id)).toBe(true);
      await inbox.save({ ...turn, state: "running" }, "a");
      expect((await inbox.get(turn.id))?.cancelRequested).toBe(true);
      await inbox.save({ ...turn, state: "cancelled" }, "a");
      expect(await inbox.requestCancel(turn.id)).toBe(false);
      expect(await inbox.requestCancel("t_unknown")).toBe(false);
    });

    it("wakes its listeners for a new turn and for one that has ended", async () => {
      const inbox = await open();
      let calls = 0;
      const stop = inbox.onWork(() => (calls += 1));
      await inbox.add(turnOf("c1", 1));
      expect(calls).toBe(1);
      const turn = await claimAt(inbox, 0);
      if (turn !== undefined) await inbox.save({ ...turn, state: "answered" }, "a");
      expect(calls).toBe(2);
      stop();
      await inbox.add(turnOf("c1", 2));
      expect(calls).toBe(2);
    });

    it("forgets the finished turns of a channel and keeps what is open", async () => {
      const inbox = await open();
      await inbox.add(turnOf("c1", 1));
      await inbox.add(turnOf("c2", 1));
      const turn = await claimAt(inbox, 0);
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
