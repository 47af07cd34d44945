import { describe, expect, it } from "vitest";

import { joinTextItems } from "../../src/readers/join-text-items.ts";

/** A run of text as pdf.js gives it: at `x`, ten points high, on one line unless `hasEOL`. */
function run(str: string, x = 0, hasEOL = false) {
  return {
    str,
    dir: "ltr",
    transform: [10, 0, 0, 10, x, 700],
    width: str.length * 5,
    height: 10,
    fontName: "f1",
    hasEOL,
  };
}

describe("joinTextItems", () => {
  it("ends lines where pdf.js saw their end", () => {
    expect(joinTextItems([run("first", 0, true), run("second")])).toBe("first\nsecond");
  });

  it("does not part a word that is written in two runs", () => {
    expect(joinTextItems([run("Accoun", 0), run("ting", 30)])).toBe("Accounting");
  });

  it("parts table cells that are drawn from right to left", () => {
    expect(joinTextItems([run("Benefits", 400), run("United States", 50)])).toBe("Benefits\nUnited States");
  });

  it("joins letters that are set wide apart", () => {
    expect(joinTextItems([run("A N N U A L"), run(" ", 60), run("r e p o r t", 70)])).toBe("ANNUAL report");
    expect(joinTextItems([run("debian - i n s t a l l e r / x y")])).toBe("debian - installer / x y");
  });

  it("leaves Korean words of one syllable alone", () => {
    expect(joinTextItems([run("몇 개 더 쓸 수 있다")])).toBe("몇 개 더 쓸 수 있다");
  });

  it("writes ligatures as letters and composes accents", () => {
    expect(joinTextItems([run("o\uFB03ce \uFB01ne cafe\u0301 ½")])).toBe("office fine café ½");
  });

  it("drops control characters and halves of characters", () => {
    expect(joinTextItems([run("a\u0000b\u0007c\uD83D")])).toBe("abc\uFFFD");
  });
});
