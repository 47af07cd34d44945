import { describe, expect, it } from "vitest";
import type { UsageLog } from "../../src/core/ports/stores.ts";
import { sampleUsage } from "../fakes/sample-data.ts";

/** What every log of usage must do, whatever it is built on. `open` gives an empty one. */
export function describeUsage(name: string, open: () => Promise<UsageLog>): void {
  describe(`${name} as a log of usage`, () => {
    const entry = { turnId: "t1", channel: "web:a", userId: "u1", at: 1_756_000_000_000, usage: sampleUsage() };

    it("is nothing at first", async () => {
      const usage = await open();
      expect(await usage.sum({ since: 0 })).toEqual({ questions: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 });
    });

    it("records a turn once", async () => {
      const usage = await open();
      await usage.record(entry);
      await usage.record({ ...entry, channel: "web:b", usage: sampleUsage({ inputTokens: 999 }) });
      const { inputTokens, outputTokens, costUsd } = entry.usage;
      expect(await usage.sum({ since: 0 })).toEqual({ questions: 1, inputTokens, outputTokens, costUsd });
      expect((await usage.sum({ since: 0, channel: "web:b" })).questions).toBe(0);
    });

    it("sums by channel, by person and since a time, and counts an unknown price as nothing", async () => {
      const usage = await open();
      await usage.record(entry);
      await usage.record({ ...entry, turnId: "t2", userId: "u2", usage: sampleUsage({ costUsd: null }) });
      await usage.record({ ...entry, turnId: "t3", channel: "web:b", at: entry.at + 1 });
      const questions = async (filter: Parameters<typeof usage.sum>[0]): Promise<number> =>
        (await usage.sum(filter)).questions;
      expect(await questions({ since: 0 })).toBe(3);
      expect(await questions({ since: entry.at })).toBe(3);
      expect(await questions({ since: entry.at + 1 })).toBe(1);
      expect(await questions({ since: 0, channel: "web:a" })).toBe(2);
      expect(await questions({ since: 0, userId: "u1" })).toBe(2);
      expect(await questions({ since: 0, channel: "web:a", userId: "u1" })).toBe(1);
      expect((await usage.sum({ since: 0 })).costUsd).toBeCloseTo(2 * (entry.usage.costUsd ?? 0), 12);
    });

    it("counts more tokens than 32 bits hold", async () => {
      const usage = await open();
      await usage.record({ ...entry, usage: sampleUsage({ inputTokens: 2_000_000_000 }) });
      await usage.record({ ...entry, turnId: "t2", usage: sampleUsage({ inputTokens: 3_000_000_000 }) });
      expect((await usage.sum({ since: 0 })).inputTokens).toBe(5_000_000_000);
    });
  });
}
