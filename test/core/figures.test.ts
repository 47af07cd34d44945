import { describe, expect, it } from "vitest";
import type { Metrics } from "../../src/core/ports/system.ts";
import { DocentError } from "../../src/core/errors.ts";
import { startCore, type CoreUnderTest } from "../fakes/core-under-test.ts";
import { createManualClock, type ManualClock } from "../fakes/manual-clock.ts";
import { sampleIncoming } from "../fakes/sample-data.ts";
import { plainResult } from "../fakes/scripted-engine.ts";

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
}

function startCounted(clock: ManualClock): { core: CoreUnderTest; of: (name: string) => readonly Figure[] } {
  const figures: Figure[] = [];
  const metrics: Metrics = {
    count: (name, labels = {}, value = 1) => void figures.push({ name, value, labels }),
    observe: (name, value, labels = {}) => void figures.push({ name, value, labels }),
  };
  const core = startCore({ clock, metrics });
  return { core, of: (name) => figures.filter((figure) => figure.name === name) };
}

describe("figures of a turn", () => {
  it("tell the time that Docent adds: all of it but the run", async () => {
    const clock = createManualClock();
    const { core, of } = startCounted(clock);
    core.engine.answer = () => {
      clock.jump(6_000);
      return plainResult("Ninety days.");
    };
    core.bot.onSend = () => clock.jump(400);
    const ended = core.bot.nextState("answered");
    await core.docent.accept(sampleIncoming());
    await ended;
    expect(of("added_seconds")).toEqual([{ name: "added_seconds", value: 0.4, labels: { bot: "test" } }]);
  });

  it("count what waited behind another question, and no date that went backwards", async () => {
    const clock = createManualClock();
    const { core, of } = startCounted(clock);
    core.engine.answer = ({ text }) => {
      clock.jump(text === "first" ? 5_000 : -60_000);
      return plainResult(text);
    };
    for (const text of ["first", "second"]) await core.docent.accept(sampleIncoming({ key: `test:${text}`, text }));
    await core.bot.posts(2);
    await expect.poll(() => of("added_seconds").map(({ value }) => value)).toEqual([0, 5]);
    core.bot.onSend = () => clock.jump(-120_000);
    await core.docent.accept(sampleIncoming({ key: "test:third", text: "third" }));
    await expect.poll(() => of("added_seconds").map(({ value }) => value)).toEqual([0, 5, 0]);
  });

  it("leave out a question that got no answer", async () => {
    const { core, of } = startCounted(createManualClock());
    core.engine.answer = () => {
      throw new DocentError("engine_refused", "No.");
    };
    const ended = core.bot.nextState("failed");
    await core.docent.accept(sampleIncoming());
    await ended;
    await expect.poll(() => of("turns_total").map(({ labels }) => labels["state"])).toEqual(["failed"]);
    expect(of("added_seconds")).toEqual([]);
  });

  it("count each message that a platform did not take", async () => {
    const clock = createManualClock();
    const { core, of } = startCounted(clock);
    let refusals = 2;
    core.bot.onSend = () => {
      refusals -= 1;
      if (refusals >= 0) throw new DocentError("internal", "Not now.");
    };
    await core.docent.accept(sampleIncoming());
    await expect.poll(() => (clock.advance(1_000), core.bot.posted.length)).toBe(1);
    expect(of("send_failures_total")).toEqual([
      { name: "send_failures_total", value: 1, labels: { bot: "test" } },
      { name: "send_failures_total", value: 1, labels: { bot: "test" } },
    ]);
  });
});
