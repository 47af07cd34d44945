import { describe, expect, it } from "vitest";
import { runChannel, type TurnCost } from "../../scripts/cost/run-channel.ts";

describe("a long channel with five documents", () => {
  it("costs at turn 60 at most 1.3 times what it costs at turn 10, and forgets at most one thing in ten", async () => {
    const report = await runChannel({ turns: 60, seed: 11, talk: 0.5 });
    const late = inputOf(report.costs.slice(46, 60));
    const early = inputOf(report.costs.slice(3, 17));
    expect(early).toBeGreaterThan(0);
    expect(late / early).toBeLessThanOrEqual(1.3);
    expect(report.wrong.length).toBeLessThanOrEqual(report.asked / 10);
  }, 120_000);
});

/** Everything that is read, notes included: without a cache that is the cost. */
function inputOf(costs: readonly TurnCost[]): number {
  return costs.reduce((sum, { input, notes }) => sum + input + notes.input, 0) / costs.length;
}
