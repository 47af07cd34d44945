import { describe, expect, test } from "vitest";

import { tokenize } from "../../../src/engines/local/tokenize.ts";

function termsOf(text: string): string[] {
  return tokenize(text).map(({ term }) => term);
}

describe("tokenize gives two spellings of the same thing a common term", () => {
  const rows: readonly (readonly [label: string, first: string, second: string])[] = [
    ["a plural and its singular", "acquisitions", "acquisition"],
    ["forms of a verb", "purchasing", "purchased"],
    ["capitals", "BOARD", "board"],
    ["a possessive", "Acme's", "Acme"],
    ["an accented letter", "résumé", "resume"],
    ["a ligature", "ﬁnance", "finance"],
    ["a word broken at the end of a line", "state-\nment", "statement"],
    ["an abbreviation with full stops", "U.S.", "US"],
    ["a number with and without grouping", "34,229", "34229"],
    ["a fiscal year", "FY2022", "2022"],
    ["a fiscal year of two digits", "FY22", "2022"],
    ["a quarter and its year, glued", "Q22023", "Q2 2023"],
    ["a quarter and its year, the other way round", "2024Q2", "Q2'24"],
    ["an amount with its unit", "350MB", "350 MB"],
    ["a number of an exhibit", "P-10", "P10"],
    ["an 'and' in an abbreviation", "JnJ's", "J&J"],
    ["a Korean noun with different particles", "데비안을", "데비안에서"],
    ["a Korean compound and its part", "설치할", "설치하는"],
    ["a Japanese word inside a sentence", "暗号化の方法", "暗号化"],
    ["a Chinese word broken at the end of a line", "交换空\n间", "空间"],
    ["Latin letters inside Japanese", "tftpdに渡す", "tftpd"],
    ["a radical that looks like a character", "⾼度", "高度"],
    ["full-width letters and digits", "ＤＨＣＰ", "dhcp"],
  ];
  test.each(rows)("%s", (_, first, second) => {
    const terms = termsOf(second);
    expect(termsOf(first).some((term) => terms.includes(term))).toBe(true);
  });
});

describe("tokenize", () => {
  test("keeps different numbers apart", () => {
    expect(termsOf("3.5")).not.toContain("3");
    expect(termsOf("12,345")).toEqual(["12345"]);
  });

  test("does not stem words of other scripts", () => {
    expect(termsOf("Москва")).toEqual(["москва"]);
  });

  test("counts positions by word and by character", () => {
    expect(tokenize("total net sales").map(({ position }) => position)).toEqual([0, 1, 2]);
    expect(tokenize("分区方案").map(({ term, position }) => `${term}${position}`)).toEqual(["分区0", "区方1", "方案2"]);
  });

  test("points to the characters of the text", () => {
    const text = "In FY2022 the 데비안을 値";
    const pieces = tokenize(text).map(({ start, end, term }) => [term, text.slice(start, end)]);
    expect(pieces).toContainEqual(["2022", "FY2022"]);
    expect(pieces).toContainEqual(["비안", "데비안을"]);
    expect(pieces).toContainEqual(["値", "値"]);
  });

  test("finds nothing in a text without letters and digits", () => {
    expect(tokenize(" — … \n***")).toEqual([]);
  });
});
