import type { DocentError, ErrorCode, ErrorDetails } from "../errors.ts";
import { fillText, type TextValues } from "./fill-text.ts";
import type { TextKey } from "./language.ts";
import { languageOf, toLanguage } from "./languages.ts";

/** A sentence that has no language yet. */
export interface Sentence {
  readonly key: TextKey;
  readonly values: TextValues;
}

/** One of our sentences in the language of `locale`. */
export function text(key: TextKey, locale: string | null | undefined, values: TextValues = {}): string {
  const language = toLanguage(locale);
  return fillText(languageOf(language).texts[key], values, language);
}

/** The sentence that people get for an error: what happened and what to do next. */
export function errorText(
  error: DocentError | { readonly code: ErrorCode; readonly details: ErrorDetails },
  locale: string | null | undefined,
): string {
  return text(`error.${error.code}`, locale, error.details);
}

/** Names in a sentence, as the language lists them: `a.pdf, b.pdf, and c.pdf`. */
export function listText(names: readonly string[], locale: string | null | undefined): string {
  return new Intl.ListFormat(toLanguage(locale), { type: "conjunction" }).format(names);
}
