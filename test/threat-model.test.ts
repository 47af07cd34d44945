import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** The rows of the table: threat, what stands against it, the tests. */
const rows = readFileSync("docs/threat-model.md", "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (?:threat|-)/.test(line))
  .map((line) => line.split(" | ").map((cell) => cell.replaceAll(/^\| | \|$/g, "").trim()));

const testsOf = (cell = ""): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file);

describe("the threat model", () => {
  it("has an answer and a test for every threat", () => {
    expect(rows.length).toBeGreaterThan(30);
    const lacking = rows.filter(([threat, answer, tests, ...more]) => {
      return threat === "" || answer === "" || more.length > 0 || testsOf(tests).length === 0;
    });
    expect(lacking).toEqual([]);
  });

  it("names tests that exist and test something", () => {
    const files = [...new Set(rows.flatMap(([, , tests]) => testsOf(tests)))];
    const wrong = files.filter((file) => {
      return (
        !/^test\/.+\.test\.ts$/.test(file) ||
        !existsSync(file) ||
        !/\b(?:it|describeBot)\b/.test(readFileSync(file, "utf8"))
      );
    });
    expect(wrong).toEqual([]);
  });
});
