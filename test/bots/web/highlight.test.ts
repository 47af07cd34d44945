import { describe, expect, it } from "vitest";
import { findQuote } from "../../../src/bots/web/public/highlight.js";

function found(pieces: readonly string[], quote: string | null): string[] {
  return findQuote(pieces, quote).map(({ piece, from, to }) => pieces[piece]?.slice(from, to) ?? "");
}

describe("finding a quote in the text of a page", () => {
  it.for([
    ["as it stands", ["A laptop may be borrowed for 14 days."], "borrowed for 14 days", ["borrowed for 14 days"]],
    [
      "over several runs",
      ["may be bor", "rowed for 14", " days."],
      "borrowed for 14 days",
      ["bor", "rowed for 14", "days"],
    ],
    [
      "with a word broken at the end of a line",
      ["the manage-", "ment decides"],
      "management decides",
      ["manage", "ment decides"],
    ],
    ["with ligatures", ["the oﬃce ﬁles"], "the office files", ["the oﬃce ﬁles"]],
    ["in other case and with other quotation marks", ["He said “STOP here”."], 'said "stop here"', ["said “STOP here"]],
    [
      "without the spaces that Korean text loses",
      ["연차 휴가는", "15일이다"],
      "연차휴가는 15 일이다",
      ["연차 휴가는", "15일이다"],
    ],
    ["in two parts around an ellipsis", ["one two three four five six"], "one two … five six", ["one two", "five six"]],
    [
      "by its longest part when it differs elsewhere",
      ["The fee is 20 euros for members."],
      "The fee is 20 euros for guests",
      ["The fee is 20 euros for"],
    ],
    [
      "not at all when too little of it is there",
      ["The fee is 20 euros."],
      "The house is on the left side of the road",
      [],
    ],
    ["not without a quote", ["text"], null, []],
    ["not for a quote of nothing but signs", ["a - b"], " - ", []],
  ] as const)("%s", ([, pieces, quote, expected]) => {
    expect(found(pieces, quote)).toEqual(expected);
  });
});
