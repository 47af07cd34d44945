import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ERROR_CODES } from "../../src/core/errors.ts";
import { AMOUNT_UNITS, amountText } from "../../src/core/texts/amount-text.ts";
import { texts as english } from "../../src/core/texts/en.ts";
import { pluralCategories } from "../../src/core/texts/fill-text.ts";
import { LANGUAGE_TAGS, languageOf, toLanguage } from "../../src/core/texts/languages.ts";
import { errorText, listText, text } from "../../src/core/texts/text.ts";

/** Texts of a language that are the same as in English. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  ja: ["page.title", "message.docent", "kind.pdf", "usage.csv"],
  ko: [
    "budget.with_renewal",
    "place.in_document",
    "page.title",
    "message.docent",
    "document.kind_measured",
    "kind.pdf",
    "usage.csv",
  ],
};

/** Both parts of a language: what chat shows, and the page. */
function textsOf(tag: string): [string, string][] {
  const { texts, page } = languageOf(tag);
  return [...Object.entries(texts), ...Object.entries(page)];
}

/** The places of a text, once each, with their unit where there is one. */
function placesOf(sentence: string): string[] {
  return [...new Set([...sentence.matchAll(/\{(\w+(?::\w+)?)/g)].map((match) => match[1] ?? ""))].toSorted();
}

describe("our texts", () => {
  it("are there for every error code", () => {
    for (const code of ERROR_CODES) expect(english[`error.${code}`], code).toBeTruthy();
  });

  it.for(LANGUAGE_TAGS)("are complete in %s, in the order and with the places of the English ones", (tag) => {
    const own = textsOf(tag);
    expect(own.map(([key]) => key)).toEqual(textsOf("en").map(([key]) => key));
    expect(own.map(([key, sentence]) => [key, placesOf(sentence)])).toEqual(
      textsOf("en").map(([key, sentence]) => [key, placesOf(sentence)]),
    );
    expect(own.filter(([, sentence]) => sentence.trim() === "")).toEqual([]);
  });

  it.for(LANGUAGE_TAGS.filter((tag) => tag !== "en"))("are translated to %s", (tag) => {
    const inEnglish = new Map(textsOf("en"));
    const same = textsOf(tag).filter(([key, sentence]) => inEnglish.get(key) === sentence);
    expect(same.map(([key]) => key)).toEqual(SAME[tag]);
  });

  it.for(LANGUAGE_TAGS)("have no place that is not understood, and each plural form of %s", (tag) => {
    const forms = pluralCategories(tag).length;
    for (const [key, sentence] of textsOf(tag)) {
      expect(sentence.replaceAll(/\{\w+(?::\w+|\|[^{}]*)?\}/g, ""), key).not.toMatch(/[{}]/);
      for (const [, choices = ""] of sentence.matchAll(/\{\w+\|([^}]*)\}/g)) {
        expect([key, choices.split("|").length]).toEqual([key, forms]);
      }
      for (const [, unit = ""] of sentence.matchAll(/\{\w+:(\w+)\}/g)) expect(AMOUNT_UNITS).toContain(unit);
    }
  });

  it.for(LANGUAGE_TAGS)("leave sizes, money and shares to Intl: %s", (tag) => {
    const handMade = textsOf(tag).filter(([, sentence]) => /[$€¥₩%％]|\b[KMG]B\b|\} ?[kKMG]B/.test(sentence));
    expect(handMade).toEqual([]);
  });

  it("have no particle that fits only some names, and none for two at once: Korean", () => {
    const particle = /\}["”’)]?(?:은|는|이|가|을|를|과|와|으로|로|이라|라)(?=[\s,.])|[은이을과]\([는가를와]\)/;
    expect(textsOf("ko").filter(([, sentence]) => particle.test(sentence))).toEqual([]);
  });
});

describe("a text", () => {
  it.each([
    ["en", 1, "Waiting: 1 question before yours"],
    ["en-GB", 1200, "Waiting: 1,200 questions before yours"],
    ["ko-KR", 2, "대기 중: 앞에 질문 2개"],
    ["ja-JP", 2, "待機中: 前に 2 件の質問があります"],
    ["fr", 2, "Waiting: 2 questions before yours"],
  ])("has the plural and the numbers of its language: %s, %i", (locale, position, expected) => {
    expect(text("turn.queued_behind", locale, { position })).toBe(expected);
  });

  it.each([
    ["ko_KR", "ko"],
    ["ja-JP", "ja"],
    ["JA", "ja"],
    ["en-US", "en"],
    ["fr-FR", "en"],
    ["jam", "en"],
    ["", "en"],
    [null, "en"],
  ])("is in the language of the locale where we have it, else in English: %s", (locale, language) => {
    expect(toLanguage(locale)).toBe(language);
  });

  it.each([
    ["en", "“a.pdf” is larger than 100 MB.", "after 300 seconds"],
    ["ko", "“a.pdf” 파일이 100MB보다 큽니다.", "300초 안에"],
    ["ja", "「a.pdf」は 100 MB を超えています。", "300 秒以内に"],
  ])("writes sizes and times as its language does: %s", (locale, size, time) => {
    const large = { code: "file_too_large", details: { name: "a.pdf", maxMb: 100 } } as const;
    expect(errorText(large, locale)).toContain(size);
    expect(errorText({ code: "run_deadline", details: { seconds: 300 } }, locale)).toContain(time);
  });

  it.each([
    ["en", "$1,234.50", "$0.0031", "a.pdf and b.pdf"],
    ["ko", "US$1,234.50", "US$0.0031", "a.pdf 및 b.pdf"],
    ["ja", "$1,234.50", "$0.0031", "a.pdf、b.pdf"],
  ])("writes money and lists as its language does: %s", (locale, much, little, names) => {
    expect([amountText(1234.5, "usd", locale), amountText(0.0031, "usd", locale)]).toEqual([much, little]);
    expect(listText(["a.pdf", "b.pdf"], locale)).toBe(names);
  });
});

describe("what people see", () => {
  it.for([".env.example", "README.md", "docs/settings.md"])("can be chosen in each language: %s names them", (file) => {
    const [line = ""] = /.*language.*`?auto`?.*|.*auto.*language.*/.exec(readFileSync(file, "utf8")) ?? [];
    expect(LANGUAGE_TAGS.filter((tag) => !new RegExp(`\\b${tag}\\b`).test(line))).toEqual([]);
  });

  it("is nowhere put together by hand: numbers, money, dates, sizes and lists come from Intl", () => {
    // A CSV is read by programs, and so is Slack's time of a message.
    const forPrograms = ["src/bots/slack/receiving/backfill.ts", "src/bots/web/usage-csv.ts"];
    const sources = globSync(["src/{core,bots}/**/*.ts", "src/bots/web/public/*.js", "src/engines/**/*.ts"]);
    const found = sources.filter((file) => {
      const code = readFileSync(file, "utf8").replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, "");
      return /\.toFixed\(|\.toPrecision\(|\.toLocale(?:Date|Time)?String\(|`[^`\n]*\$\$\{|\}(?: ?%| ?[kKMG]i?B)\b/.test(
        code,
      );
    });
    expect(found.toSorted()).toEqual(forPrograms);
  });
});
