import { describe, expect, test } from "vitest";
import { cleanText } from "../../../src/engines/openai/runs/clean-text.ts";
import { toMarkPlace } from "../../../src/engines/openai/runs/mark-place.ts";
import { toSources } from "../../../src/engines/openai/runs/to-sources.ts";

/** `|` is where OpenAI's index points, `^` where the mark has to stand. */
describe("the place of a mark", () => {
  test.for([
    { label: "behind a sentence", text: "Three months.|^ Then" },
    { label: "at the end", text: "Three months|^" },
    { label: "before the full stop", text: "Three months|.^ Then" },
    { label: "inside a word", text: "Three mon|ths^ and" },
    { label: "inside a word before a full stop", text: "Three mon|ths.^ And" },
    { label: "inside a number with a point", text: "It is 2|.4^ euros" },
    { label: "inside bold text", text: "**Three months|**^ and" },
    { label: "inside Korean", text: "통지 기간은 3개|월입니다.^ 그리고" },
    { label: "inside Chinese, which has no spaces", text: "通知期|^为三个月。" },
    { label: "before a Chinese full stop", text: "通知期为三个月|。^" },
    { label: "at the start", text: "|^Three" },
  ])("$label", ({ text }) => {
    const plain = text.replaceAll(/[|^]/g, "");
    expect(toMarkPlace(plain, text.replace("^", "").indexOf("|"))).toBe(text.replace("|", "").indexOf("^"));
  });

  test.for([
    { label: "counted in UTF-16 units", index: "📄📄 Three months.".length },
    { label: "counted in code points", index: [..."📄📄 Three months."].length },
  ])("behind emoji is right when it is $label", ({ index }) => {
    const text = "📄📄 Three months. Two weeks.";
    expect(toMarkPlace(text, index)).toBe("📄📄 Three months.".length);
  });

  test.for([-5, 1, 2, 3, 1_000, Number.NaN])("is never inside a surrogate pair or outside the text (%s)", (index) => {
    const text = "📄📄";
    const place = toMarkPlace(text, index);
    expect([0, 2, 4]).toContain(place);
  });
});

describe("cleaning", () => {
  test.for([
    { label: "an old marker", text: "A【15†source】 b", clean: "A b" },
    { label: "a marker with a place", text: "A【4:2†lease.pdf】.", clean: "A." },
    { label: "a private-use marker", text: "A\u{E200}filecite\u{E202}turn0file0\u{E201}.", clean: "A." },
    { label: "brackets of the language", text: "【重要】三个月", clean: "【重要】三个月" },
    { label: "nothing", text: "A b", clean: "A b" },
  ])("$label", ({ text, clean }) => {
    expect(cleanText(text).text).toBe(clean);
    expect(cleanText(text).toOffset(text.length)).toBe(clean.length);
  });
});

describe("sources", () => {
  const text = "The deposit is 2,400 euros. The notice period is three months.";
  const results = [
    { file_id: "file-1", text: "The deposit is 2,400 euros, due on signing.", score: 0.5 },
    { file_id: "file-1", text: "The notice period is three months.", score: 0.4 },
    { file_id: "file-2", text: "The notice period is three months exactly.", score: 0.9 },
  ];
  const options = { text, clean: cleanText(text), documentOf: (id: string) => (id === "file-1" ? "d_1" : undefined) };
  const cite = (index: number, file = "file-1") =>
    ({ type: "file_citation", file_id: file, filename: "lease.pdf", index }) as const;

  test("take the chunk of the cited file that is most like the sentence before the mark", () => {
    const sources = toSources([cite(27), cite(text.length)], results, options);
    expect(sources.map(({ passage }) => passage)).toEqual([results[0]?.text, results[1]?.text]);
    expect(sources.map(({ at }) => at)).toEqual([27, text.length]);
  });

  test("name each place once, and no file that is not ours", () => {
    expect(toSources([cite(27), cite(27), cite(27, "file-2")], results, options)).toHaveLength(1);
  });

  test("have no passage where nothing was searched", () => {
    expect(toSources([cite(27)], [], options)).toEqual([{ documentId: "d_1", at: 27, page: null, passage: null }]);
  });
});
