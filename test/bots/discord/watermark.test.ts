import { beforeEach, describe, expect, it } from "vitest";
import type { Kept } from "../../../src/bots/discord/discord-bot-options.ts";
import { snowflakeAt } from "../../../src/bots/discord/snowflake.ts";
import { createWatermark, type Watermark } from "../../../src/bots/discord/watermark.ts";
import { createManualClock } from "../../fakes/manual-clock.ts";

const START = Date.UTC(2026, 10, 23);
const GRACE_MS = 60_000;

/** The id of a message that was posted so many seconds after the start. */
function at(seconds: number): string {
  return String(snowflakeAt(START + seconds * 1000));
}

describe("how far Discord was seen", () => {
  let store: Map<string, Kept>;
  let mark: Watermark;

  async function restart(): Promise<void> {
    mark = createWatermark(
      {
        get: (key) => Promise.resolve(store.get(key)),
        set: (key, value) => Promise.resolve(store.set(key, value)),
        delete: (key) => Promise.resolve(store.delete(key)),
      },
      createManualClock({ startAt: START }),
    );
    await mark.load();
  }
  beforeEach(async () => {
    store = new Map();
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
    expect([mark.value, store.get("watermark")]).toEqual([at(200), at(200)]);
  });

  it("is stored for what matters, and for chatter now and then", async () => {
    for (let seconds = 1; seconds <= 49; seconds++) mark.begin(at(seconds))({ mattered: false });
    await Promise.resolve();
    expect(store.size).toBe(0);
    mark.begin(at(50))({ mattered: false });
    await Promise.resolve();
    expect(store.get("watermark")).toBe(at(50));
  });
});
