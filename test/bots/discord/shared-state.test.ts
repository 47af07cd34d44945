import { setImmediate } from "node:timers/promises";
import { beforeEach, describe, expect, it } from "vitest";
import type { Kept } from "../../../src/bots/discord/discord-bot-options.ts";
import { createIdentifySlots, type IdentifySlots } from "../../../src/bots/discord/receiving/identify-slots.ts";
import { createJoinedThreads } from "../../../src/bots/discord/receiving/joined-threads.ts";
import { createKeptSet } from "../../../src/bots/discord/kept-set.ts";
import { createKeyedLock } from "../../../src/core/keyed-lock.ts";
import type { KeyValue } from "../../../src/core/ports/stores.ts";
import type { Lock } from "../../../src/core/ports/system.ts";
import { silentLog } from "../../fakes/core-under-test.ts";
import { createManualClock, type ManualClock } from "../../fakes/manual-clock.ts";

let seen: KeyValue<Kept>;
let lock: Lock;
let clock: ManualClock;

beforeEach(() => {
  const kept = new Map<string, Kept>();
  // Every call takes a moment, so that another replica comes in between.
  seen = {
    get: (key) => setImmediate(kept.get(key)),
    set: async (key, value) => void kept.set(key, await setImmediate(value)),
    delete: async (key) => await setImmediate(kept.delete(key)),
  };
  lock = createKeyedLock();
  clock = createManualClock();
});

describe("what replicas on Discord share", () => {
  it("keeps direct messages that two of them learn of at the same time", async () => {
    const [one, other] = [createKeptSet(seen, lock, "directs", 3), createKeptSet(seen, lock, "directs", 3)];
    await Promise.all([one.add("1"), other.add("2")]);
    await one.load();
    expect(one.values().toSorted()).toEqual(["1", "2"]);
    await other.add("3");
    await other.add("4");
    const third = createKeptSet(seen, lock, "directs", 3);
    await third.load();
    expect(third.values()).toHaveLength(3);
    expect(third.values()).toContain("4");
  });

  it("knows a thread that another one joined, after it has missed events", async () => {
    const [one, other] = [createJoinedThreads(seen), createJoinedThreads(seen)];
    expect(await other.has("7")).toBe(false);
    await one.add("7");
    other.forgetOthers();
    expect([await one.has("7"), await other.has("7")]).toEqual([true, true]);
    await one.delete("7");
    expect(await createJoinedThreads(seen).has("7")).toBe(false);
  });

  it("gives out times to start a session five seconds apart, for each key of the limit", async () => {
    const [one, other] = [0, 1].map(() => createIdentifySlots({ seen, lock, clock, log: silentLog }));
    const { signal } = new AbortController();
    const begun: string[] = [];
    const begin = async (slots: IdentifySlots | undefined, key: number): Promise<void> => {
      await slots?.wait(key, signal);
      begun.push(`key ${key}`);
    };
    await Promise.all([begin(one, 0), begin(other, 1)]);
    const waiting = [begin(one, 0), begin(other, 0)];
    // One that gives up while it waits takes nobody's time.
    const gone = new AbortController();
    const givesUp = one?.wait(0, gone.signal);
    while (clock.sleeps.length < 3) await setImmediate();
    gone.abort(new Error("gives up"));
    await expect(givesUp).rejects.toThrow("gives up");
    expect(begun).toEqual(["key 0", "key 1"]);
    clock.advance(5000);
    await Promise.race(waiting);
    while (clock.sleeps.length < 4) await setImmediate();
    expect(begun).toEqual(["key 0", "key 1", "key 0"]);
    clock.advance(5000);
    await Promise.all(waiting);
    expect(begun).toHaveLength(4);
    expect(clock.sleeps).toEqual([5000, 5000, 5000, 5000]);
  });

  it("does not wait for a time that a wrong clock has left", async () => {
    const slots = createIdentifySlots({ seen, lock, clock, log: silentLog });
    await seen.set("identified:0", String(clock.now() + 365 * 24 * 3600_000));
    await slots.wait(0, new AbortController().signal);
    expect(clock.sleeps).toEqual([]);
  });

  it("goes on when the times cannot be agreed on", async () => {
    const broken: Lock = () => Promise.reject(new Error("the store is away"));
    const slots = createIdentifySlots({ seen, lock: broken, clock, log: silentLog });
    await expect(slots.wait(0, new AbortController().signal)).resolves.toBeUndefined();
  });
});
