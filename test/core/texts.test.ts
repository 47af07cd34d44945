import { describe, expect, it } from "vitest";
import { ERROR_CODES } from "../../src/core/errors.ts";
import { en } from "../../src/core/texts/en.ts";
import { ko } from "../../src/core/texts/ko.ts";
import { errorText, text, toLanguage } from "../../src/core/texts/text.ts";

function places(sentence: string): string[] {
  return [...new Set([...sentence.matchAll(/\{(\w+)/g)].map((match) => match[1] ?? ""))].toSorted();
}

describe("our sentences", () => {
  it("are there for every error code", () => {
    for (const code of ERROR_CODES) expect(en[`error.${code}`], code).toBeTruthy();
  });

  it("are complete in Korean, with the same places to fill", () => {
    expect(Object.keys(ko).toSorted()).toEqual(Object.keys(en).toSorted());
    for (const [key, sentence] of Object.entries(en)) {
      const korean = ko[key as keyof typeof en];
      expect(places(korean), key).toEqual(places(sentence));
      expect(korean === sentence, `${key} is translated`).toBe(false);
    }
  });

  it("use the right plural and write numbers as the language does", () => {
    expect(text("turn.queued_behind", "en", { position: 1 })).toBe("Waiting: 1 question before yours");
    expect(text("turn.queued_behind", "en", { position: 1200 })).toBe("Waiting: 1,200 questions before yours");
    expect(text("turn.queued_behind", "ko-KR", { position: 2 })).toBe("대기 중: 앞에 질문 2개");
  });

  it("come in English for a language that we do not have", () => {
    expect([toLanguage("ko_KR"), toLanguage("fr-FR"), toLanguage(null)]).toEqual(["ko", "en", "en"]);
    expect(errorText({ code: "file_empty", details: { name: "a.pdf" } }, "fr")).toContain("“a.pdf” is empty");
  });
});
