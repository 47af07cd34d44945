import { describe, expect, it } from "vitest";
import { startCore } from "../fakes/core-under-test.ts";
import { createManualClock } from "../fakes/manual-clock.ts";
import { sampleIncoming } from "../fakes/sample-data.ts";
import { plainResult } from "../fakes/scripted-engine.ts";

describe("a queue", () => {
  it("is bounded, in order within a conversation, fair between them, and everybody sees their place in it", async () => {
    const clock = createManualClock();
    const core = startCore({ clock, concurrentRuns: 1 });
    const release: (() => void)[] = [];
    core.engine.answer = ({ text }) => new Promise((resolve) => release.push(() => resolve(plainResult(text))));
    const ask = async (conversation: string, number: number): Promise<number | null | undefined> => {
      const text = `${conversation}${number}`;
      return (await core.docent.accept(sampleIncoming({ key: text, text, conversation }))).turn?.position;
    };
    await ask("a", 1);
    await expect.poll(() => release.length).toBe(1);
    expect([await ask("a", 2), await ask("a", 3), await ask("b", 1)]).toEqual([1, 2, 2]);
    const last = core.bot.shown.length;
    const answered = core.bot.posts(1);
    release[0]?.();
    await answered;
    await expect.poll(() => release.length).toBe(2);
    clock.advance(1_000);
    const moved = (): (number | null)[] =>
      core.bot.shown.slice(last).flatMap(({ state, position }) => (state === "queued" ? [position] : []));
    await expect.poll(moved).toHaveLength(2);
    for (let turn = 1; turn < 4; turn += 1) {
      await expect.poll(() => release.length).toBeGreaterThan(turn);
      release[turn]?.();
    }
    await core.bot.posts(4);
    // One conversation asked three questions before the other one's first: they take turns.
    expect(core.engine.asked.map(({ text }) => text)).toEqual(["a1", "b1", "a2", "a3"]);
  });
});
