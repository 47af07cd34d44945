import { describe, expect, it } from "vitest";

import { splitLines } from "../../src/readers/split-lines.ts";

describe("splitLines", () => {
  it("numbers a piece by its first line", () => {
    const text = Array.from({ length: 150 }, (_, index) => `line ${index + 1}`).join("\n");
    const pieces = [...splitLines(text)];
    expect(pieces.map((piece) => piece.number)).toEqual([1, 61, 121]);
    expect(pieces[1]?.text.split("\n")[0]).toBe("line 61");
    expect(pieces.map((piece) => piece.text).join("\n")).toBe(text);
  });

  it("keeps a piece below 4,000 characters", () => {
    const text = Array.from({ length: 100 }, () => "x".repeat(300)).join("\n");
    const pieces = [...splitLines(text)];
    expect(Math.max(...pieces.map((piece) => piece.text.length))).toBeLessThanOrEqual(4000);
    expect(pieces.map((piece) => piece.text).join("\n")).toBe(text);
  });

  it("cuts a very long line, never within a character", () => {
    const pieces = [...splitLines(`first\n${"a" + "😀".repeat(5000)}\nlast`)];
    expect(pieces.map((piece) => piece.number)).toEqual([1, 2, 2, 2, 3]);
    expect(pieces.every((piece) => piece.text.isWellFormed() && piece.text.length <= 4000)).toBe(true);
  });

  it("leaves out pieces without text", () => {
    expect([...splitLines("\n".repeat(200) + "end")]).toEqual([{ number: 181, text: expect.stringMatching(/end$/) }]);
  });
});
