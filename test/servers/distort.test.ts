import { describe, expect, test } from "vitest";
import { distort, type Extraction } from "./openai/distort.ts";
import { plainOf, sentencesOf, shownOf, toExtracted, wholeOf } from "./openai/extracted.ts";

describe("a vector store's text", () => {
  const TEXT = "Official officers flew to the final office, and 'first-class' baggage was efficiently handled there. ";
  const CASES = [
    { label: "ligatures", option: { pagesWithLigatures: 1 }, text: TEXT, shows: /o\uFB03cers/ },
    { label: "other quotes and dashes", option: { pagesTypographic: 1 }, text: TEXT, shows: /\u2019first\u2010class/ },
    { label: "decomposed Hangul", option: { pagesDecomposed: 1 }, text: "통지 기간은 3개월이다.", shows: /\u1100/ },
    { label: "full-width digits", option: { pagesFullWidth: 1 }, text: "通知期为3个月。", shows: /３/ },
    { label: "lost spaces", option: { spacesLost: 1 }, text: TEXT, shows: /^Officialofficersflew/ },
    { label: "broken words", option: { wordsSplit: 1 }, text: TEXT, shows: /^Offi cial offi cers/ },
    { label: "hyphens", option: { wordsHyphenated: 1 }, text: TEXT, shows: /^Offi-\ncial/ },
    { label: "unseen marks", option: { wordsMarked: 1 }, text: TEXT, shows: /^Offi[\u00AD\u200B]cial/ },
  ];
  const NOTHING: Extraction = {
    seed: 1,
    filesInRows: 0,
    filesWithoutHeaders: 0,
    pagesWithLigatures: 0,
    pagesDecomposed: 0,
    pagesFullWidth: 0,
    pagesTypographic: 0,
    spacesLost: 0,
    wordsSplit: 0,
    wordsHyphenated: 0,
    wordsMarked: 0,
  };

  test.for(CASES)("has $label, the same each time, while the model reads it plainly", ({ option, text, shows }) => {
    const read = () => {
      const source = toExtracted([text.split("\n")], distort(Buffer.from(text), { ...NOTHING, ...option }).shape);
      return { plain: plainOf(wholeOf(source)), shown: shownOf(wholeOf(source)) };
    };
    expect(read().shown).toMatch(shows);
    expect(read().plain).toBe(text.trim());
    expect(read()).toEqual(read());
  });

  test("lacks what heads each page, and knows the page of a sentence that runs over a break", () => {
    const { pages, shape } = distort(Buffer.from("a"), { ...NOTHING, filesWithoutHeaders: 1 });
    const starts = ["Ferries sail", "Tickets cost", "Dogs may come"];
    const read = pages(starts.map((start, page) => [`Handbook, page ${page}`, `${start} here.`, `So ${start}`]));
    const sentences = sentencesOf(wholeOf(toExtracted(read, shape)), 40);
    expect(sentences.map(({ plain }) => plain)).toEqual([
      "Ferries sail here.",
      "So Ferries sail Tickets cost here.",
      "So Tickets cost Dogs may come here.",
      "So Dogs may come",
    ]);
    expect([...(sentences[1]?.pages ?? [])]).toEqual([
      [1, 13 / 28],
      [2, 15 / 28],
    ]);
  });
});
