import { describe, expect, it } from "vitest";
import { fillText as fillOnPage, formatAmount } from "../../../src/bots/web/public/fill-text.js";
import { AMOUNT_UNITS, amountText } from "../../../src/core/texts/amount-text.ts";
import { fillText } from "../../../src/core/texts/fill-text.ts";
import { LANGUAGE_TAGS, languageOf } from "../../../src/core/texts/languages.ts";
import { toPageTexts } from "../../../src/core/texts/page-texts.ts";

const NUMBERS = [0, 1, 2, 5, 11, 1200.55, 0.004];

describe("the page's texts", () => {
  it.for(LANGUAGE_TAGS)("are filled by the page as by the server: %s", (tag) => {
    const sentences = [...Object.values(toPageTexts(tag)), ...Object.values(languageOf(tag).texts)];
    for (const sentence of sentences) {
      const names = [...sentence.matchAll(/\{(\w+)/g)].map(([, name = ""]) => name);
      for (const value of [...NUMBERS, "a.pdf", "1"]) {
        const values = Object.fromEntries(names.map((name) => [name, value]));
        expect(fillOnPage(sentence, values, tag)).toBe(fillText(sentence, values, tag));
      }
      expect(fillOnPage(sentence, {}, tag)).toBe(fillText(sentence, {}, tag));
    }
  });

  it.for(["pl", "ar", "cy", "fr"])("have all plural forms of a language that we do not have yet: %s", (tag) => {
    const forms = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
    const order = ["zero", "one", "two", "few", "many", "other"].filter((form) => forms.includes(form as "one"));
    const sentence = `{n|${order.join("|")}}`;
    for (const n of [0, 1, 2, 3, 6, 11, 100, 1_000_000, 1.5]) {
      const form = new Intl.PluralRules(tag).select(n);
      expect([fillText(sentence, { n }, tag), fillOnPage(sentence, { n }, tag)]).toEqual([form, form]);
    }
  });

  it.for(AMOUNT_UNITS)("write amounts as the server does: %s", (unit) => {
    for (const tag of LANGUAGE_TAGS) {
      for (const amount of NUMBERS) expect(formatAmount(amount, unit, tag)).toBe(amountText(amount, unit, tag));
    }
  });
});
