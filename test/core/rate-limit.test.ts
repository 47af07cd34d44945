import { describe, expect, it } from "vitest";
import { createRateLimit } from "../../src/core/rate-limit.ts";
import { createManualClock } from "../fakes/manual-clock.ts";

describe("an allowance", () => {
  it("is for each name, and comes back when its time has passed", () => {
    const clock = createManualClock();
    const limit = createRateLimit({ max: 2, windowMs: 1_000, clock });
    limit.use("a");
    clock.advance(400);
    limit.use("a");
    expect([limit.waitOf("a"), limit.waitOf("b")]).toEqual([600, 0]);
    clock.advance(600);
    expect(limit.waitOf("a")).toBe(0);
  });

  it("does not come back because somebody sets the clock", () => {
    const clock = createManualClock();
    const limit = createRateLimit({ max: 1, windowMs: 1_000, clock });
    limit.use("a");
    clock.jump(86_400_000);
    expect(limit.waitOf("a")).toBe(1_000);
  });

  it("remembers the latest ten thousand names, however many come", () => {
    const clock = createManualClock();
    const limit = createRateLimit({ max: 1, windowMs: 1_000, clock });
    for (let n = 0; n < 10_001; n++) limit.use(`name ${n}`);
    expect([limit.waitOf("name 0"), limit.waitOf("name 1"), limit.waitOf("name 10000")]).toEqual([0, 1_000, 1_000]);
  });
});
