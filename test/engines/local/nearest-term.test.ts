import { expect, test } from "vitest";

import { findNearestTerm, isCorrectable } from "../../../src/engines/local/nearest-term.ts";

const KNOWN = ["advertis", "netflix", "invoic", "revenu", "reserv"];

test.each([
  ["a swapped letter", "netlfix", "netflix"],
  ["a missing letter", "neflix", "netflix"],
  ["an added letter", "revennu", "revenu"],
  ["two wrong letters of a long word", "advirtes", "advertis"],
])("%s is corrected", (_, word, meant) => {
  expect(findNearestTerm(word, KNOWN)).toBe(meant);
});

test("a word far from all others, or with another first letter, is left", () => {
  expect(findNearestTerm("sourdough", KNOWN)).toBeUndefined();
  expect(findNearestTerm("betflix", KNOWN)).toBeUndefined();
});

test("short words, numbers and other scripts are never corrected", () => {
  expect(["cat", "2022", "raid6", "데비안을설치"].map(isCorrectable)).toEqual([false, false, false, false]);
});
