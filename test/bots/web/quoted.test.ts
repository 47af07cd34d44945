import { describe, expect, it } from "vitest";
import { isQuotedIn } from "../../../src/bots/web/public/quoted.js";

describe("what an answer quotes itself", () => {
  it.for([
    ["the same words", "> The deposit is 900 euros. [1]", "The deposit is 900 euros.", true],
    [
      "signs that were escaped, in other lines",
      "> The \\*deposit\\*\n> is 900 euros. [1]",
      "The *deposit* is 900 euros.",
      true,
    ],
    ["a quote that is cut", "> The deposit is 900 euros. [1]", "The deposit is 900…", true],
    ["보증금", "> 보증금은 세 달 치 월세입니다. [1]", "보증금은 세 달 치 월세입니다.", true],
    ["the same words, written by a model", "The deposit is 900 euros. [1]", "The deposit is 900 euros.", false],
    ["other words", "It is 900 euros. [1]", "The deposit is 900 euros.", false],
    ["a quote without a letter", "It is 900 euros. [1]", "—", false],
  ] as const)("is told from %s", ([, answer, quote, expected]) => {
    expect(isQuotedIn(answer, quote)).toBe(expected);
  });
});
