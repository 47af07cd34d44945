import { describe, expect, it } from "vitest";
import { createAllowance } from "../../../src/bots/slack/posting/allowance.ts";
import { createManualClock } from "../../fakes/manual-clock.ts";

describe("an allowance", () => {
  it("is a burst at first, and so much a minute after it", () => {
    const clock = createManualClock();
    const allowance = createAllowance({ clock, perMinute: 60, burst: 3 });
    const takeAll = (): number => {
      let taken = 0;
      while (allowance.take(1)) taken += 1;
      return taken;
    };
    expect(takeAll()).toBe(3);
    clock.advance(2_000);
    expect(allowance.take(3)).toBe(false);
    expect(takeAll()).toBe(2);
    clock.advance(60 * 60_000);
    expect(takeAll()).toBe(3);
  });
});
