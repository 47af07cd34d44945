import { describe, expect, it } from "vitest";
import { pickCases } from "./fault-cases.ts";
import { findCaseProblem, runCases, runMixed } from "./fault-run.ts";

/** The short version of `npm run test:faults`. */
const QUESTIONS = 60;

describe("core with OpenAI's SDK against a server that fails", () => {
  const seed = Date.now() % 1_000_000;

  it("ends each question with one answer or one clear error, whichever fault it meets", async () => {
    const reports = await runCases({ cases: pickCases(seed), seed, sideBySide: 4 });
    const problems = reports.flatMap((report) => {
      const problem = findCaseProblem(report);
      return problem === undefined ? [] : [`${report.route} ${report.label}: ${problem}`];
    });
    expect(problems, `repeat with --seed ${seed}`).toEqual([]);
    expect(reports.filter(({ met }) => met).length).toBeGreaterThan(reports.length * 0.8);
  }, 120_000);

  it.for([{ account: true }, { account: false }])(
    "does so when a fifth of all calls fail in all ways (those of the account: $account)",
    { timeout: 60_000 },
    async ({ account }) => {
      const { problems, questions, faults } = await runMixed({ questions: QUESTIONS, seed, account });
      expect(problems, `repeat with --seed ${seed} --questions ${QUESTIONS}`).toEqual([]);
      expect(questions).toBe(QUESTIONS);
      expect(faults).toBeGreaterThan(0);
    },
  );
});
