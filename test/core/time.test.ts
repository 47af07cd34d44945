import { describe, expect, it } from "vitest";
import { startCore } from "../fakes/core-under-test.ts";
import { createManualClock } from "../fakes/manual-clock.ts";
import { sampleIncoming } from "../fakes/sample-data.ts";
import { hang, plainResult } from "../fakes/scripted-engine.ts";

const HOUR_MS = 3_600_000;

describe("a question, when time does not pass as it should", () => {
  it.each([
    ["an hour forward", HOUR_MS],
    ["an hour back", -HOUR_MS],
  ])("keeps its deadline when the date jumps %s", async (_, ms) => {
    const clock = createManualClock();
    const core = startCore({ clock, runDeadlineSeconds: 60 });
    const { promise: asked, resolve } = Promise.withResolvers<number>();
    core.engine.onStart = () => clock.jump(ms);
    core.engine.answer = ({ deadlineAt }) => {
      resolve(deadlineAt - clock.steady());
      return plainResult("Ninety days.");
    };
    const post = core.bot.nextPost();
    await core.docent.accept(sampleIncoming());
    expect(await asked).toBe(60_000);
    expect((await post).text).toBe("Ninety days.");
  });

  it("has what is left of its deadline after a restart, and none of the time that a jump would add", async () => {
    const before = startCore({ runDeadlineSeconds: 60 });
    before.engine.answer = (_, signal) => hang(signal);
    const { turn } = await before.docent.accept(sampleIncoming());
    const id = turn?.id ?? "";
    await before.bot.nextState("running");
    await expect.poll(async () => (await before.options.inbox.get(id))?.run ?? null).not.toBeNull();
    const saved = await before.options.inbox.get(id);
    if (saved === undefined) throw new Error("The turn was not saved.");
    for (const [passedMs, leftMs] of [
      [20_000, 40_000],
      [10 * HOUR_MS, 0],
      [-10 * HOUR_MS, 60_000],
    ] as const) {
      const clock = createManualClock({ startAt: (saved.runRequestedAt ?? 0) + passedMs });
      const after = startCore({ clock, runDeadlineSeconds: 60 });
      const { promise: left, resolve } = Promise.withResolvers<number>();
      after.engine.answer = ({ deadlineAt }) => {
        resolve(deadlineAt - clock.steady());
        return plainResult("Ninety days.");
      };
      await after.options.inbox.add(saved);
      expect(await left).toBe(leftMs);
    }
  });

  it("is not begun a second time when the process was held up for longer than its lease", async () => {
    const clock = createManualClock();
    const core = startCore({ clock });
    const { promise: answer, resolve } = Promise.withResolvers<string>();
    core.engine.answer = async ({ text }) => plainResult(text === "slow" ? await answer : "quick");
    await core.docent.accept(sampleIncoming({ key: "k1", text: "slow", conversation: "one" }));
    await core.bot.nextState("running");
    clock.advance(31_000);
    // Another question wakes the worker, which finds the first one's lease over.
    const quick = core.bot.nextPost();
    await core.docent.accept(sampleIncoming({ key: "k2", text: "any", conversation: "two" }));
    await quick;
    resolve("slow answer");
    await core.bot.posts(2);
    expect(core.engine.asked.map(({ text }) => text)).toEqual(["slow", "any"]);
    expect(core.bot.posted.map(({ text }) => text)).toEqual(["quick", "slow answer"]);
  });
});
