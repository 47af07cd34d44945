import { describe, expect, it } from "vitest";
import type { UsageFilter, UsageLog } from "../../src/core/ports/usage-log.ts";
import { sampleUsage, sampleUsageEntry } from "../fakes/sample-data.ts";

const ALL: UsageFilter = { from: "0000-00-00", to: "9999-99-99" };

/** What every log of usage must do, whatever it is built on. `open` gives an empty one. */
export function describeUsage(name: string, open: () => Promise<UsageLog>): void {
  describe(`${name} as a log of usage`, () => {
    const entry = sampleUsageEntry();
    const { inputTokens, outputTokens, costUsd } = entry.usage;

    it("is nothing at first", async () => {
      const usage = await open();
      expect(await usage.sum(ALL)).toEqual({ questions: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 });
      expect(await usage.totals(ALL, "channel")).toEqual([]);
      expect(await usage.rows(entry.day)).toEqual([]);
    });

    it("records a turn once", async () => {
      const usage = await open();
      await usage.record(entry);
      await usage.record({ ...entry, channel: "web:b", usage: sampleUsage({ inputTokens: 999 }) });
      expect(await usage.sum(ALL)).toEqual({ questions: 1, inputTokens, outputTokens, costUsd });
      expect((await usage.sum({ ...ALL, channel: "web:b" })).questions).toBe(0);
    });

    it("records a turn once that is recorded many times at once", async () => {
      const usage = await open();
      await Promise.all(Array.from({ length: 20 }, () => usage.record(entry)));
      expect((await usage.sum(ALL)).questions).toBe(1);
    });

    it("sums by workspace, channel and days, and counts an unknown price as nothing", async () => {
      const usage = await open();
      await usage.record(entry);
      await usage.record({ ...entry, turnId: "t2", userId: "u2", usage: sampleUsage({ costUsd: null }) });
      await usage.record({ ...entry, turnId: "t3", channel: "web:b", day: "2026-11-24" });
      await usage.record({ ...entry, turnId: "t4", workspace: "slack:T1", channel: "slack:T1:C1", day: "2026-11-25" });
      const questions = async (filter: Partial<UsageFilter>): Promise<number> =>
        (await usage.sum({ ...ALL, ...filter })).questions;
      expect(await questions({})).toBe(4);
      expect(await questions({ from: "2026-11-23" })).toBe(4);
      expect(await questions({ from: "2026-11-24" })).toBe(2);
      expect(await questions({ to: "2026-11-23" })).toBe(2);
      expect(await questions({ from: "2026-11-24", to: "2026-11-24" })).toBe(1);
      expect(await questions({ workspace: "web" })).toBe(3);
      expect(await questions({ channel: "web:a" })).toBe(2);
      expect(await questions({ channel: "web:a", workspace: "web" })).toBe(2);
      expect(await questions({ channel: "web:a", workspace: "slack:T1" })).toBe(0);
      expect((await usage.sum(ALL)).costUsd).toBeCloseTo(3 * (costUsd ?? 0), 12);
    });

    it("totals days in their order, and channels, people and models by their cost", async () => {
      const usage = await open();
      await usage.record(entry);
      await usage.record({ ...entry, turnId: "t2", channel: "web:b", day: "2026-11-22", usage: sampleUsage() });
      await usage.record({
        ...entry,
        turnId: "t3",
        channel: "web:b",
        userId: "u2",
        usage: sampleUsage({ model: "m" }),
      });
      const days = await usage.totals(ALL, "day");
      expect(days.map(({ key, questions }) => [key, questions])).toEqual([
        ["2026-11-22", 1],
        ["2026-11-23", 2],
      ]);
      const [first, ...others] = await usage.totals(ALL, "channel");
      expect(first).toMatchObject({ key: "web:b", workspace: "web", questions: 2, inputTokens: 2 * inputTokens });
      expect(first?.lastTurnId).toBe("t3");
      expect(others).toEqual([
        { key: "web:a", workspace: "web", questions: 1, inputTokens, outputTokens, costUsd, lastTurnId: "t1" },
      ]);
      expect(await usage.totals(ALL, "channel", 1)).toEqual([first]);
      const people = await usage.totals(ALL, "user");
      expect(people.map(({ key, questions }) => [key, questions])).toEqual([
        ["u1", 2],
        ["u2", 1],
      ]);
      const models = await usage.totals({ ...ALL, channel: "web:b" }, "model");
      expect(models.map(({ key, workspace }) => [key, workspace])).toEqual([
        ["gpt-6-luna", ""],
        ["m", ""],
      ]);
    });

    it("keeps people apart who have the same id in two workspaces", async () => {
      const usage = await open();
      await usage.record(entry);
      await usage.record({ ...entry, turnId: "t2", workspace: "slack:T1", channel: "slack:T1:C1" });
      const people = await usage.totals(ALL, "user");
      expect(people.map(({ workspace }) => workspace).toSorted()).toEqual(["slack:T1", "web"]);
      expect(await usage.totals({ ...ALL, workspace: "web" }, "user")).toHaveLength(1);
      const [model] = await usage.totals(ALL, "model");
      expect(model).toMatchObject({ key: "gpt-6-luna", workspace: "", questions: 2 });
    });

    it("lists a day as what one person used of one model in one channel", async () => {
      const usage = await open();
      await usage.record(entry);
      await usage.record({ ...entry, turnId: "t2" });
      await usage.record({ ...entry, turnId: "t3", userId: "u0" });
      await usage.record({ ...entry, turnId: "t4", day: "2026-11-24" });
      const rows = await usage.rows(entry.day);
      expect(rows.map(({ userId, questions }) => [userId, questions])).toEqual([
        ["u0", 1],
        ["u1", 2],
      ]);
      expect(rows[1]).toMatchObject({ day: entry.day, workspace: "web", channel: "web:a", model: "gpt-6-luna" });
    });

    it("counts more tokens than 32 bits hold", async () => {
      const usage = await open();
      await usage.record({ ...entry, usage: sampleUsage({ inputTokens: 2_000_000_000 }) });
      await usage.record({ ...entry, turnId: "t2", usage: sampleUsage({ inputTokens: 3_000_000_000 }) });
      expect((await usage.sum(ALL)).inputTokens).toBe(5_000_000_000);
    });
  });
}
