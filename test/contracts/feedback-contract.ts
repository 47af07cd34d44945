import { describe, expect, it } from "vitest";
import type { FeedbackLog } from "../../src/core/ports/stores.ts";

/** What every log of feedback must do, whatever it is built on. `open` gives an empty one. */
export function describeFeedback(name: string, open: () => Promise<FeedbackLog>): void {
  describe(`${name} as a log of feedback`, () => {
    it("has one verdict for each person and turn, of which the last counts", async () => {
      const feedback = await open();
      expect(await feedback.counts()).toEqual({});
      await feedback.record({ turnId: "t1", userId: "u1", verdict: "helpful", at: 1 });
      await feedback.record({ turnId: "t1", userId: "u2", verdict: "helpful", at: 2 });
      await feedback.record({ turnId: "t2", userId: "u1", verdict: "helpful", at: 1_756_000_000_000 });
      expect(await feedback.counts()).toEqual({ helpful: 3 });
      await feedback.record({ turnId: "t1", userId: "u1", verdict: "not-helpful", at: 4 });
      expect(await feedback.counts()).toEqual({ helpful: 2, "not-helpful": 1 });
    });
  });
}
