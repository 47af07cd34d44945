import { describe, expect, it } from "vitest";
import { DocentError } from "../../src/core/errors.ts";
import { countTurns, startCore } from "../fakes/core-under-test.ts";
import { createManualClock } from "../fakes/manual-clock.ts";
import { createRecordingBot } from "../fakes/recording-bot.ts";
import { sampleIncoming } from "../fakes/sample-data.ts";

const DAY_MS = 24 * 60 * 60_000;

function startWithTwoPlatforms() {
  const clock = createManualClock();
  const down = createRecordingBot("down");
  const up = createRecordingBot("up");
  const bots = new Map([down, up].map((bot) => [bot.name, bot]));
  const core = startCore({ clock, bots, concurrentRuns: 2 });
  const state = { isDown: true, tries: 0 };
  down.onSend = () => {
    state.tries += 1;
    if (state.isDown) throw new DocentError("platform_unreachable", "No answer.");
  };
  const ask = async (bot: string, text: string): Promise<void> => {
    await core.docent.accept(sampleIncoming({ key: text, text, bot, conversation: bot + text.slice(0, 1) }));
  };
  return { clock, core, down, up, state, ask };
}

describe("answers for a platform that is down", () => {
  it("wait, in order, and hold up no other platform; each is there once when it is back", async () => {
    const { clock, core, down, up, state, ask } = startWithTwoPlatforms();
    for (const text of ["a1", "a2", "b1", "c1", "d1"]) await ask("down", text);
    await expect.poll(() => state.tries).toBeGreaterThan(0);
    // As many as there are workers wait for that platform; another one's question is answered all the same.
    const post = up.nextPost();
    await ask("up", "x1");
    await expect.poll(() => (clock.advance(1_000), up.posted.length)).toBe(1);
    await post;
    // Ten minutes: one message tries for all of them, now and then.
    const before = state.tries;
    for (let second = 0; second < 600; second += 5) {
      clock.advance(5_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(state.tries - before).toBeLessThanOrEqual(120);
    expect(down.posted).toEqual([]);
    state.isDown = false;
    await expect.poll(() => (clock.advance(10_000), down.posted.length)).toBe(5);
    const order = down.posted.map(({ text }) => text).filter((text) => text.includes("a"));
    expect(order.filter((text) => /: a/.test(text))).toEqual(["Answer to: a1", "Answer to: a2"]);
    expect(core.engine.asked).toHaveLength(6);
    expect(countTurns(core)).toEqual({ answered: 6 });
  });

  it("go when their channel is forgotten, and hold that up no more than a moment", async () => {
    const { clock, core, down, state, ask } = startWithTwoPlatforms();
    await ask("down", "a1");
    await expect.poll(() => (clock.advance(1_000), state.tries)).toBeGreaterThanOrEqual(2);
    const { done } = await core.docent.forget(sampleIncoming().channel);
    const looks = setInterval(() => clock.advance(100), 1);
    expect(await done).toMatchObject({ messages: 1 });
    clearInterval(looks);
    expect(down.posted).toEqual([]);
    expect(countTurns(core)).toEqual({});
  });

  it("are given up after a day", async () => {
    const { clock, core, state, ask } = startWithTwoPlatforms();
    await ask("down", "a1");
    await expect.poll(() => state.tries).toBe(1);
    clock.jump(DAY_MS);
    const counts = () => (clock.advance(60_000), countTurns(core));
    await expect.poll(counts).toEqual({ failed: 1 });
  });
});
