import { describe, expect, it } from "vitest";
import { runCrashes } from "./crash-run.ts";

/** The short version of `npm run test:crash`. */
const KILLS = 30;
const QUESTIONS = 120;

describe("the whole program, killed again and again while people ask on Slack, Discord and the page", () => {
  it("answers every question once, in order, and asks the model once", async () => {
    const seed = Date.now() % 1_000_000;
    const report = await runCrashes({ kills: KILLS, questions: QUESTIONS, channels: 9, seed });
    const { lost, doubled, outOfOrder, askedTwice, undone, forced, errors } = report;
    expect(
      { lost, doubled, outOfOrder, askedTwice, undone, forced, errors },
      `repeat with --seed ${seed} --kills ${KILLS}`,
    ).toEqual({
      lost: [],
      doubled: [],
      outOfOrder: [],
      askedTwice: [],
      undone: [],
      forced: [],
      errors: [],
    });
    expect(report.questions).toBeGreaterThanOrEqual(QUESTIONS);
  }, 360_000);
});
