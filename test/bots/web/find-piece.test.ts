import { describe, expect, it } from "vitest";
import { findPiece } from "../../../src/bots/web/find-piece.ts";

describe("findPiece", () => {
  it("joins the pieces of a long sheet, with its neighbours", () => {
    const pages = [
      { number: 1, text: "one" },
      { number: 3, title: "Rent", text: "a" },
      { number: 3, title: "Rent", text: "b" },
      { number: 4, text: "four" },
    ];
    expect(findPiece(pages, "sheet", 3)).toEqual({ number: 3, title: "Rent", text: "a\nb", previous: 1, next: 4 });
    expect(findPiece(pages, "sheet", 2)).toBeUndefined();
  });

  it("begins with the first slide that holds something", () => {
    expect(findPiece([{ number: 2, text: "two" }], "slide", 1)).toMatchObject({ number: 2, previous: null });
    expect(findPiece([], "slide", 1)).toBeUndefined();
  });

  it("finds the piece that a line stands in", () => {
    const pages = [
      { number: 1, text: "a" },
      { number: 61, text: "b" },
    ];
    expect(findPiece(pages, "line", 70)).toEqual({ number: 61, text: "b", previous: 1, next: null });
  });
});
