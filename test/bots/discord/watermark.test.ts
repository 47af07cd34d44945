import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Kept, ShardPlan } from "../../../src/bots/discord/discord-bot-options.ts";
import { snowflakeAt } from "../../../src/bots/discord/snowflake.ts";
import type { Watermark } from "../../../src/bots/discord/receiving/watermark.ts";
import { createWatermarks } from "../../../src/bots/discord/receiving/watermarks.ts";
import { createKeyedLock } from "../../../src/core/keyed-lock.ts";
import { createManualClock, type ManualClock } from "../../fakes/manual-clock.ts";

const START = Date.UTC(2026, 10, 23);
const GRACE_MS = 60_000;

/** The id of a message that was posted so many seconds after the start. */
function at(seconds: number): string {
  return String(snowflakeAt(START + seconds * 1000));
}

describe("how far Discord was seen", () => {
  let store: Map<string, Kept>;
  let mark: Watermark;
  let clock: ManualClock;
  let writes: Kept[];

  /** Another process reads what is stored, for the given shards; the mark is that of the first one. */
  async function restart(plan: ShardPlan = { ids: [0], total: 1 }): Promise<void> {
    clock = createManualClock({ startAt: START });
    const marks = createWatermarks({
      seen: {
        get: (key) => Promise.resolve(store.get(key)),
        set(key, value) {
          if (key === "watermark:0/1") writes.push(value);
          return Promise.resolve(store.set(key, value));
        },
        delete: (key) => Promise.resolve(store.delete(key)),
      },
      clock,
      lock: createKeyedLock(),
    });
    await marks.load(plan);
    mark = marks.of(plan.ids[0] ?? 0);
  }
  beforeEach(async () => {
    store = new Map();
    writes = [];
    await restart();
  });

  it("does not pass a message that is not accepted, whatever came after it in other channels", async () => {
    const first = mark.begin(at(100));
    mark.begin(at(200))({ mattered: true });
    await mark.flush();
    expect(BigInt(mark.value)).toBeLessThan(BigInt(at(100)));
    first({ mattered: true });
    expect(mark.value).toBe(at(200));
  });

  it("stays before a message that arrives twice until both are dealt with", () => {
    const first = mark.begin(at(100));
    mark.begin(at(100))({ mattered: true });
    expect(BigInt(mark.value)).toBeLessThan(BigInt(at(100)));
    first({ mattered: true });
    expect(mark.value).toBe(at(100));
  });

  it("stays where it is while something is fetched", () => {
    mark.begin(at(100))({ mattered: true });
    const release = mark.hold();
    mark.begin(at(200))({ mattered: true });
    expect(mark.value).toBe(at(100));
    release();
    expect(mark.value).toBe(at(200));
  });

  it("goes on after a restart a little before where it was", async () => {
    mark.begin(at(1000))({ mattered: true });
    await mark.flush();
    await restart();
    expect(mark.value).toBe(String(snowflakeAt(START + 1000 * 1000 - GRACE_MS)));
  });

  it("begins at the present when nothing is stored", () => {
    expect(mark.value).toBe(String(snowflakeAt(START - GRACE_MS)));
  });

  it("never goes back", async () => {
    mark.begin(at(200))({ mattered: true });
    mark.begin(at(100))({ mattered: true });
    await mark.flush();
    expect([mark.value, store.get("watermark:0/1")]).toEqual([at(200), at(200)]);
  });

  it("is stored at once where none is yet, and then once for all that mattered in ten seconds", async () => {
    mark.begin(at(1))({ mattered: true });
    await vi.waitFor(() => expect(writes).toEqual([at(1)]));
    for (let seconds = 2; seconds <= 9; seconds++) mark.begin(at(seconds))({ mattered: true });
    await clock.whenSleeping(10_000);
    expect(writes).toEqual([at(1)]);
    clock.advance(10_000);
    await vi.waitFor(() => expect(writes).toEqual([at(1), at(9)]));
    expect(clock.sleeps).toEqual([10_000]);
  });

  it("is stored at once when the bot stops, and not again behind that", async () => {
    mark.begin(at(1))({ mattered: true });
    await mark.flush();
    mark.begin(at(2))({ mattered: true });
    await mark.flush();
    clock.advance(10_000);
    await mark.flush();
    expect(writes).toEqual([at(1), at(2)]);
  });

  it("is stored for chatter now and then", async () => {
    for (let seconds = 1; seconds <= 49; seconds++) mark.begin(at(seconds))({ mattered: false });
    await Promise.resolve();
    expect(writes).toEqual([]);
    mark.begin(at(50))({ mattered: false });
    await vi.waitFor(() => expect(writes).toEqual([at(50)]));
  });

  it("is kept for each shard: one that is behind does not hold the others, nor do they pull it on", async () => {
    const seen = { ids: [0, 1], total: 2 };
    await restart(seen);
    mark.begin(at(100))({ mattered: true });
    await mark.flush();
    await restart({ ids: [1], total: 2 });
    expect(BigInt(mark.value)).toBeLessThanOrEqual(snowflakeAt(START));
    await restart({ ids: [0], total: 2 });
    expect(mark.value).toBe(String(snowflakeAt(START + 100_000 - GRACE_MS)));
  });

  it.for([
    {
      label: "more",
      before: [
        ["0/2", 300],
        ["1/2", 400],
      ],
      now: [2, 4],
      at: 300,
    },
    {
      label: "fewer",
      before: [
        ["0/4", 300],
        ["2/4", 200],
        ["1/4", 100],
        ["3/4", 100],
      ],
      now: [0, 2],
      at: 200,
    },
    {
      label: "other",
      before: [
        ["0/2", 300],
        ["1/2", 200],
      ],
      now: [0, 3],
      at: 200,
    },
    {
      label: "again as many",
      before: [
        ["0/1", 500],
        ["0/2", 300],
        ["1/2", 200],
      ],
      now: [0, 1],
      at: 500,
    },
  ] as const)(
    "is carried over to $label shards: to the one that lies furthest back",
    async ({ before, now, at: seconds }) => {
      const totals = new Set(before.map(([shard]) => shard.split("/")[1] ?? ""));
      store.set("shard-totals", [...totals]);
      for (const [shard, reached] of before) store.set(`watermark:${shard}`, at(reached));
      await restart({ ids: [now[0]], total: now[1] });
      expect(mark.value).toBe(String(snowflakeAt(START + seconds * 1000 - GRACE_MS)));
    },
  );

  it("begins at the present where some shards of before were never served", async () => {
    store.set("shard-totals", ["2"]);
    store.set("watermark:0/2", at(-1000));
    await restart({ ids: [0], total: 1 });
    expect(mark.value).toBe(String(snowflakeAt(START - GRACE_MS)));
  });
});
