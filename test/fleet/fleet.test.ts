import { describe, expect, it } from "vitest";
import { runFleet } from "./fleet-run.ts";
import { problemsOf } from "./summary.ts";

/** The short version of `npm run test:fleet`. */
const SIZE = {
  questions: 60,
  channels: 9,
  replicas: 3,
  perSecond: 5,
  killEverySeconds: 3,
  postgresRestarts: 1,
  stories: 2,
};

describe("three replicas on one Postgres, one killed again and again, while people ask on Slack, Discord and the page", () => {
  it("answer every question once, in order, ask the model once, and do what was asked of any of them", async () => {
    const seed = Date.now() % 1_000_000;
    const report = await runFleet({ ...SIZE, seed, store: "postgres" });
    expect(problemsOf(report), `repeat with --seed ${seed}`).toEqual({
      lost: [],
      doubled: [],
      outOfOrder: [],
      askedTwice: [],
      errors: [],
      unread: [],
      leaked: [],
      undone: [],
      deaths: [],
    });
    expect(report).toMatchObject({ questions: SIZE.questions, postgresRestarts: 1 });
    expect(report.kills).toBeGreaterThan(0);
  }, 240_000);
});
