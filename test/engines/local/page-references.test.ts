import { describe, expect, test } from "vitest";

import { parsePageReferences } from "../../../src/engines/local/page-references.ts";

describe("parsePageReferences finds the pages a question names", () => {
  test.each([
    ["a number", "What is shown on page 5?", [5]],
    ["a number in words", "What is the fax number on page fourteen?", [14]],
    ["several numbers", "Compare pages 3, 4 and 7.", [3, 4, 7]],
    ["an ordinal", "Which date is on the second page?", [2]],
    ["an ordinal in digits", "What does the 12th page say?", [12]],
    ["the cover", "Who is named on the cover page?", [1]],
    ["the last page", "Who signed on the last page?", [-1]],
    ["a slide", "What does slide 9 show?", [9]],
    ["Korean 쪽", "3쪽에 나오는 표는 무엇인가요?", [3]],
    ["Korean 페이지", "12페이지를 요약해 주세요", [12]],
    ["Korean first page", "첫 페이지의 제목은?", [1]],
    ["Japanese", "3ページの表は何ですか", [3]],
    ["Japanese first page", "最初のページの日付は?", [1]],
    ["Chinese", "第3页的标题是什么?", [3]],
    ["Chinese numerals", "第十二页写了什么?", [12]],
    ["Chinese last page", "最后一页是谁签名的?", [-1]],
  ])("%s", (_, question, pages) => {
    expect(parsePageReferences(question).pages).toEqual(pages);
  });

  test.each(["How many pages are there?", "What is on the home page?", "모두 몇 쪽인가요?", "Revenue in 2022"])(
    "but none in: %s",
    (question) => {
      expect(parsePageReferences(question).pages).toEqual([]);
    },
  );

  test("and takes the words that name them out of the question", () => {
    expect(parsePageReferences("Which court is on page 2?").rest).not.toMatch(/page|2/);
  });
});
