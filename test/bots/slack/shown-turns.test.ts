import { beforeEach, describe, expect, it } from "vitest";
import { createShownTurns, type ShownTurn, type ShownTurns } from "../../../src/bots/slack/posting/shown-turns.ts";
import { createKeyedLock } from "../../../src/core/keyed-lock.ts";
import type { KeyValue } from "../../../src/core/ports/stores.ts";
import { createManualClock, type ManualClock } from "../../fakes/manual-clock.ts";

const DAY_MS = 24 * 3600_000;

let kept: Map<string, unknown>;
let clock: ManualClock;
let start: () => ShownTurns;

beforeEach(() => {
  kept = new Map();
  clock = createManualClock();
  const seen: KeyValue<unknown> = {
    get: (key) => Promise.resolve(structuredClone(kept.get(key))),
    set: (key, value) => Promise.resolve(kept.set(key, structuredClone(value))),
    delete: (key) => Promise.resolve(kept.delete(key)),
  };
  const lock = createKeyedLock();
  start = () => createShownTurns(seen, lock, clock);
});

function turn(turnId: string): ShownTurn {
  return { turnId, place: { channel: "C1", threadTs: null, messageTs: "1.0", user: "U1" } };
}

/** Which turns a replica that starts now asks about; it ends those that are over. */
async function asked(by: ShownTurns, over: readonly string[] = []): Promise<readonly string[]> {
  const all: string[] = [];
  await by.endOthers(({ turnId }) => {
    all.push(turnId);
    return Promise.resolve(over.includes(turnId));
  });
  return all;
}

describe("turns that Slack shows as under way", () => {
  it("are found by the next replica, each until it is over", async () => {
    const [one, other] = [start(), start()];
    await Promise.all([one.remember(turn("a")), other.remember(turn("b")), one.remember(turn("c"))]);
    await one.forget("c");
    const next = start();
    expect((await asked(next, ["a"])).toSorted()).toEqual(["a", "b"]);
    expect(await asked(next)).toEqual(["b"]);
  });

  it("are written once for a burst, not once a turn", async () => {
    let writes = 0;
    const seen: KeyValue<unknown> = {
      get: (key) => Promise.resolve(kept.get(key)),
      set(key, value) {
        if (key.startsWith("shown:")) writes += 1;
        return Promise.resolve(kept.set(key, structuredClone(value)));
      },
      delete: (key) => Promise.resolve(kept.delete(key)),
    };
    const one = createShownTurns(seen, createKeyedLock(), clock);
    await Promise.all(Array.from({ length: 100 }, (_, index) => one.remember(turn(`t${index}`))));
    expect(await asked(start())).toHaveLength(100);
    // The first may go alone; all others are in the next.
    expect(writes).toBeLessThanOrEqual(2);
  });

  it("are a replica's own business while it lives", async () => {
    const one = start();
    await one.remember(turn("a"));
    expect(await asked(one)).toEqual([]);
  });

  it("leave nothing behind of a replica that is gone for a day", async () => {
    await start().remember(turn("a"));
    const next = start();
    await asked(next, ["a"]);
    expect([...kept.keys()].filter((key) => key.startsWith("shown:"))).toHaveLength(1);
    clock.advance(DAY_MS);
    await asked(next);
    expect([...kept]).toEqual([["shown-by", []]]);
  });

  it("are found also of a replica that was taken for gone, as it had nothing to show", async () => {
    const quiet = start();
    await quiet.remember(turn("a"));
    await quiet.forget("a");
    clock.advance(DAY_MS);
    await asked(start());
    expect([...kept]).toEqual([["shown-by", []]]);
    await quiet.remember(turn("b"));
    expect(await asked(start())).toEqual(["b"]);
  });
});
