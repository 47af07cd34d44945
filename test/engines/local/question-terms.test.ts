import { describe, expect, test } from "vitest";

import { parseQuestionTerms, type QuestionTerm } from "../../../src/engines/local/question-terms.ts";

function phrases(question: string, kind: QuestionTerm["kind"]): string[] {
  const terms = parseQuestionTerms(question).terms.filter((term) => term.kind === kind);
  return terms.flatMap(({ alternatives }) => alternatives.map((phrase) => phrase.join(" ")));
}

describe("parseQuestionTerms", () => {
  test("leaves out the words that only ask", () => {
    expect(phrases("What is the name of the auditor mentioned in the document?", "asked")).toEqual(["auditor"]);
    expect(phrases("체크섬은 무엇인가요?", "asked")).not.toContain("무엇인가요");
    expect(phrases("什么分区", "asked")).toEqual(["分区"]);
    expect(phrases("分区はどのように", "asked")).toEqual(["分区", "区は"]);
  });

  test("leaves out how the answer should look", () => {
    expect(phrases("Which dogs bark? Format the answer as a list like ['Page 2', 'x'].", "asked")).toEqual([
      "dog",
      "bark",
    ]);
    expect(parseQuestionTerms("Which dogs bark? List all pages like ['Page 2'].").pages).toEqual([]);
  });

  test("counts words of a remark and words that say little less", () => {
    const { terms } = parseQuestionTerms(
      "Did the dividend increase? If dividends are not useful, please explain walruses.",
    );
    const weightOf = (term: string): number =>
      terms.find(({ alternatives }) => alternatives[0]?.[0] === term)?.weight ?? 0;
    expect(weightOf("dividend")).toBe(1);
    expect(weightOf("increas")).toBeLessThan(weightOf("dividend"));
    expect(weightOf("walrus")).toBeLessThan(weightOf("dividend"));
  });

  test("adds what reports call a term, and the statement it stands in", () => {
    expect(phrases("What was capex in FY2020?", "written")).toContain("purchas of properti");
    expect(phrases("What is the quick ratio?", "written")).toContain("total current asset");
    expect(phrases("What is the quick ratio?", "heading")).toContain("balanc sheet");
    expect(phrases("Which dogs bark?", "heading")).toEqual([]);
  });

  test("knows a name that a file name writes as one word", () => {
    const { terms } = parseQuestionTerms("How many stores does Blue Sky have?");
    expect(terms.find(({ alternatives }) => alternatives[0]?.[0] === "blue")?.nameForms).toContain("blueski");
  });

  test("sees when the title page is asked for", () => {
    expect(parseQuestionTerms("Who is the author?").asksForTitlePage).toBe(true);
    expect(parseQuestionTerms("이 문서의 저자는 누구인가요?").asksForTitlePage).toBe(true);
    expect(parseQuestionTerms("Which dogs bark?").asksForTitlePage).toBe(false);
  });
});
