import { describe, expect, it } from "vitest";

import { countTokens, createTokenCounter } from "../../src/readers/count-tokens.ts";

const SENTENCE = "The quarterly maintenance schedule describes which doors must be checked. ";

describe("countTokens", () => {
  it("counts as o200k_base does", () => {
    expect(countTokens("hello world")).toBe(2);
    expect(countTokens("")).toBe(0);
  });

  it("counts what looks like a special token as plain characters", () => {
    expect(countTokens("<|endoftext|><|endofprompt|>")).toBeGreaterThan(2);
  });

  it("estimates a long text within two percent", () => {
    const perSentence = countTokens(SENTENCE.repeat(100)) / 100;
    const estimate = countTokens(SENTENCE.repeat(30_000));
    expect(Math.abs(estimate / (perSentence * 30_000) - 1)).toBeLessThan(0.02);
  });

  it("comes to the same for a text in parts", () => {
    const counter = createTokenCounter();
    for (let part = 0; part < 1000; part++) counter.add(SENTENCE.repeat(20));
    const whole = countTokens(SENTENCE.repeat(20_000));
    expect(Math.abs(counter.total() / whole - 1)).toBeLessThan(0.02);
  });

  it.each([
    ["one letter", "a"],
    ["blanks", " "],
    ["line ends", "\n"],
    ["one Chinese character", "年"],
    ["half of a surrogate pair", "\uD83D"],
  ])("gets through a megabyte of %s", (_label, character) => {
    expect(countTokens(character.repeat(1_000_000))).toBeGreaterThan(0);
  });
});
