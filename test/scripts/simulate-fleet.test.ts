import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { createArrivals, localCurve, type Question } from "../../scripts/fleet/arrivals.ts";
import { toAssumptions, type AssumptionName } from "../../scripts/fleet/assumptions.ts";
import { createHeap } from "../../scripts/fleet/heap.ts";
import { measureLoad } from "../../scripts/fleet/load.ts";
import { createLognormal } from "../../scripts/fleet/lognormal.ts";
import { utilisation } from "../../scripts/fleet/needs.ts";
import { serve } from "../../scripts/fleet/serve.ts";
import { simulate, type Simulation } from "../../scripts/fleet/simulate.ts";
import { createRandom } from "../world/random.ts";

const SMALL = { workspaces: 300, "questions-per-day": 30_000, "concurrent-runs": 2 };

function play(change: Partial<Record<AssumptionName, number>> = {}): Simulation {
  return simulate(toAssumptions({ ...SMALL, ...change }));
}

function question(at: number, channel: number, runSeconds = 10): Question {
  return { at, channel, runSeconds, platform: "page", workspace: 0, inputTokens: 0, outputTokens: 0 };
}

describe("arrivals", () => {
  const questions = createArrivals(toAssumptions(SMALL));

  it("are as many as were asked for, in order, within the day", () => {
    expect(questions).toHaveLength(30_000);
    const times = questions.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(times[0]).toBeGreaterThanOrEqual(0);
    expect(times.at(-1)).toBeLessThan(86_400);
  });

  it("are the same for the same seed and others for another", () => {
    expect(createArrivals(toAssumptions(SMALL))).toEqual(questions);
    expect(createArrivals(toAssumptions({ ...SMALL, seed: 2 }))).not.toEqual(questions);
  });

  it("come in bursts as often as assumed", () => {
    const assumed = { ...SMALL, workspaces: 100_000, "burst-share": 0.5, "burst-seconds": 1 };
    const seen = createArrivals(toAssumptions(assumed));
    // So many workspaces that two questions of one within a second are one burst.
    const together = seen.filter(({ workspace, at }, index) =>
      [...seen.slice(Math.max(0, index - 12), index), ...seen.slice(index + 1, index + 13)].some(
        (other) => other.workspace === workspace && Math.abs(other.at - at) <= 1,
      ),
    );
    expect(together.length / seen.length).toBeGreaterThan(0.45);
    expect(together.length / seen.length).toBeLessThan(0.55);
  });

  it("follow a local day whose mean is about 1 and whose crest is the peak", () => {
    const curve = localCurve(2.5, 9);
    expect(curve.reduce((sum, value) => sum + value, 0) / curve.length).toBeCloseTo(1, 1);
    expect(Math.max(...curve)).toBeCloseTo(2.5, 5);
    // Half past ten in Seoul.
    expect(curve[90]).toBeGreaterThan(2);
  });
});

describe("a lognormal distribution", () => {
  it("has the percentiles it was asked for", () => {
    const draw = createLognormal(createRandom(3), { p50: 6, p95: 25 });
    const values = Array.from({ length: 50_000 }, draw).toSorted((one, other) => one - other);
    expect((values[25_000] ?? 0) / 6).toBeCloseTo(1, 1);
    expect((values[47_500] ?? 0) / 25).toBeCloseTo(1, 1);
  });
});

describe("a heap", () => {
  it("gives what it was given in the order of the keys", () => {
    const random = createRandom(5);
    const keys = Array.from({ length: 500 }, () => Math.floor(random() * 100));
    const heap = createHeap((key: number) => key);
    for (const key of keys) heap.add(key);
    const taken = Array.from({ length: 500 }, () => heap.take());
    expect(taken).toEqual(keys.toSorted((one, other) => one - other));
    expect([heap.take(), heap.peek(), heap.size()]).toEqual([undefined, undefined, 0]);
  });
});

describe("serving", () => {
  it("works on as many questions as there are workers, the next when one is done", () => {
    const served = serve([question(0, 1), question(0, 2), question(1, 3)], { workers: 2, besideRunSeconds: 1 });
    expect([...served.startedAt]).toEqual([0, 0, 11]);
    expect([...served.endedAt]).toEqual([11, 11, 22]);
    expect(served.mostAtWork).toBe(2);
  });

  it("takes one question of a conversation at a time, in order, and lets others pass", () => {
    const served = serve([question(0, 1), question(1, 1), question(2, 2), question(3, 1)], {
      workers: 4,
      besideRunSeconds: 0,
    });
    expect([...served.startedAt]).toEqual([0, 10, 2, 20]);
    expect([...served.claimableAt]).toEqual([0, 10, 2, 20]);
  });

  it("loses nothing, and holds Little's law", () => {
    const { questions, served, replicas } = play();
    expect(served.endedAt.every((end, index) => end > (questions[index]?.at ?? Number.POSITIVE_INFINITY))).toBe(true);
    const timeInside = questions.reduce((sum, { at }, index) => sum + (served.endedAt[index] ?? 0) - at, 0);
    // The mean number inside is the rate times the mean time inside; both sides times the length of the day.
    expect(served.openSeconds / timeInside).toBeCloseTo(1, 6);
    expect(served.mostAtWork).toBeLessThanOrEqual(replicas * SMALL["concurrent-runs"]);
    const workSeconds = questions.reduce((sum, { runSeconds }) => sum + runSeconds + 0.5, 0);
    const occupied = questions.reduce(
      (sum, _, index) => sum + (served.endedAt[index] ?? 0) - (served.startedAt[index] ?? 0),
      0,
    );
    expect(occupied / workSeconds).toBeCloseTo(1, 6);
  });

  it("waits as Erlang's formula says, where runs are exponential and every question has a channel of its own", () => {
    const random = createRandom(11);
    const draw = (mean: number): number => -Math.log(1 - random()) * mean;
    let at = 0;
    const questions = Array.from({ length: 200_000 }, (_, index) => question((at += draw(1)), index, draw(8)));
    const served = serve(questions, { workers: 10, besideRunSeconds: 0 });
    const waited = questions.reduce((sum, { at: arrived }, index) => sum + (served.startedAt[index] ?? 0) - arrived, 0);
    // M/M/10 with an offered load of 8: C = 0.409, mean wait = C × 8 s / (10 − 8).
    expect(waited / questions.length / ((0.409 * 8) / 2)).toBeGreaterThan(0.9);
    expect(waited / questions.length / ((0.409 * 8) / 2)).toBeLessThan(1.1);
  });
});

describe("the load", () => {
  it("is conserved: what the minutes hold together is what the questions ask for", () => {
    const { questions, load, assumptions } = play();
    expect(load.total.questions).toBe(30_000);
    expect(load.total.openaiRequests).toBeCloseTo(30_000, 5);
    const tokens = questions.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0);
    expect(load.total.openaiTokens / tokens).toBeCloseTo(1, 9);
    expect(load.total.uploads).toBeCloseTo(30_000 * assumptions["files-per-question"], 3);
  });

  it("asks Discord for typing every eight seconds, a message of progress after five, and the answer", () => {
    const assumptions = toAssumptions({ ...SMALL, "parts-per-answer": 1 });
    const ofDiscord = (seconds: number): number => {
      const asked = { ...question(0, 1), platform: "discord" as const };
      const times = { startedAt: new Float64Array([0]), endedAt: new Float64Array([seconds]) };
      return measureLoad([asked], times, assumptions, 1).total.discordRequests;
    };
    // Typing and the answer; then progress, its edits and its deletion as well.
    expect(ofDiscord(4)).toBe(2);
    expect(ofDiscord(9)).toBeCloseTo(2 + 1 + 1 + 0 + 1.7, 5);
    expect(ofDiscord(20)).toBeCloseTo(3 + 1 + 1 + 2 + 1.7, 5);
  });

  it("adds reads with each replica, and polls where runs are not streamed", () => {
    expect(play({ replicas: 20 }).load.total.reads).toBeGreaterThan(play({ replicas: 10 }).load.total.reads);
    expect(play({ "polled-share": 1 }).load.total.openaiRequests).toBeGreaterThan(3 * 30_000);
  });
});

describe("the fleet", () => {
  it("is the smallest that keeps people from waiting for a worker", () => {
    const { smallest, around } = play();
    const p99 = (replicas: number): number | undefined =>
      around.find((waits) => waits.replicas === replicas)?.worker.p99;
    expect(p99(smallest)).toBeLessThan(1);
    expect(p99(smallest - Math.max(1, Math.round(smallest / 10)))).toBeGreaterThanOrEqual(1);
  });

  it("needs more for twice the questions: replicas, and of every limit of the fleet", () => {
    const once = play();
    const twice = play({ "questions-per-day": 60_000 });
    expect(twice.smallest).toBeGreaterThan(once.smallest);
    const used = ({ needs }: Simulation): Record<string, number> =>
      Object.fromEntries(needs.filter(({ meets }) => meets === "fleet").map((need) => [need.name, utilisation(need)]));
    const [before, after] = [used(once), used(twice)];
    expect(Object.keys(before).length).toBeGreaterThan(4);
    expect(Object.entries(before).filter(([name, value]) => (after[name] ?? 0) < value * 1.5)).toEqual([]);
  });

  it("names no limit of a platform that nobody is on", () => {
    const names = play({ "slack-share": 0, "discord-share": 0 }).needs.map(({ name }) => name);
    expect(names.filter((name) => /Slack|Discord/.test(name))).toEqual([]);
    expect(names).toContain("OpenAI, tokens");
  });
});

describe("npm run simulate:fleet", () => {
  const run = (...args: string[]): string =>
    execFileSync(process.execPath, ["scripts/simulate-fleet.ts", ...args], { encoding: "utf8", stdio: "pipe" });

  it("prints the limits with what comes first, and every assumption with --help", () => {
    const report = run("--workspaces", "100", "--questions-per-day", "5000");
    expect(report).toContain("100 workspaces, 5,000 questions a day");
    expect(report).toMatch(/First limit of the fleet: \S+/);
    expect(run("--help")).toContain("--slack-status-per-minute");
  });

  it.for([
    ["an unknown option", ["--tickets", "3"]],
    ["no number", ["--workspaces", "many"]],
    ["shares beyond the whole", ["--slack-share", "0.8", "--discord-share", "0.3"]],
  ] as const)("refuses %s", ([, args]) => {
    expect(() => run(...args)).toThrow(/--|Unknown option/);
  });
});
