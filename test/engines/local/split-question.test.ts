import { describe, expect, test } from "vitest";

import { splitQuestion } from "../../../src/engines/local/split-question.ts";

describe("splitQuestion gives the parts of", () => {
  test.each([
    [
      "two questions",
      "What was the revenue? And who is the auditor?",
      ["What was the revenue?", "And who is the auditor?"],
    ],
    [
      "a numbered list",
      "1. What was the revenue?\n2. Who is the auditor?",
      ["What was the revenue?", "Who is the auditor?"],
    ],
    [
      "a numbered list in one line",
      "1) total revenue 2) name of the auditor",
      ["total revenue", "name of the auditor"],
    ],
    [
      "a list with dots",
      "Please find:\n- total revenue\n- name of the auditor",
      ["total revenue", "name of the auditor"],
    ],
    ["Korean questions", "매출은 얼마인가요? 대표는 누구인가요?", ["매출은 얼마인가요?", "대표는 누구인가요?"]],
    ["Japanese questions", "売上はいくらですか。社長は誰ですか。", ["売上はいくらですか。", "社長は誰ですか。"]],
    ["Chinese questions", "营业收入是多少？董事长是谁？", ["营业收入是多少？", "董事长是谁？"]],
    ["a list with circled numbers", "① 매출은 얼마? ② 대표는 누구?", ["매출은 얼마?", "대표는 누구?"]],
  ])("%s", (_, question, parts) => {
    expect(splitQuestion(question)).toEqual(parts);
  });
});

describe("splitQuestion leaves whole", () => {
  test.each([
    ["one question", "What was the revenue in 2022?"],
    ["a question with a remark", "What was the revenue? Round to two decimals."],
    ["a question with a condition", "Did margins improve? If not relevant, then state that."],
    ["a greeting and a question", "Hello! What was the revenue?"],
    ["an abbreviation", "What was the U.S. Revenue of the company?"],
    ["a number with a full stop", "What does section 3.4 say?"],
    ["a scrap at the end", "What was the cause? Why?"],
    ["a request", "Summarise the report."],
  ])("%s", (_, question) => {
    expect(splitQuestion(question)).toEqual([question]);
  });

  test("nothing", () => {
    expect(splitQuestion("  ")).toEqual([""]);
  });
});
