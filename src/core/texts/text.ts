import type { DocentError, ErrorCode, ErrorDetails } from "../errors.ts";
import { en } from "./en.ts";
import { ko } from "./ko.ts";

/** Values a sentence shows. Numbers are formatted for the language. */
export type TextValues = Readonly<Record<string, string | number>>;

export type TextKey = keyof typeof en;

/** A sentence that has no language yet. */
export interface Sentence {
  readonly key: TextKey;
  readonly values: TextValues;
}

/** All sentences of one language. A value holds `{name}` places, and `{name|one|other}` where number decides the word. */
export type Texts = Readonly<Record<TextKey, string>>;

export const LANGUAGE_CODES = ["en", "ko"] as const;

export type LanguageCode = (typeof LANGUAGE_CODES)[number];

const LANGUAGES: Readonly<Record<LanguageCode, Texts>> = { en, ko };

/** The language that we can write for a locale: its own where we have it, else English. */
export function toLanguage(locale: string | null | undefined): LanguageCode {
  const language = (locale ?? "").toLowerCase().split(/[-_]/)[0];
  return LANGUAGE_CODES.find((code) => code === language) ?? "en";
}

/** One of our sentences in the language of `locale`. */
export function text(key: TextKey, locale: string | null | undefined, values: TextValues = {}): string {
  const language = toLanguage(locale);
  const sentence = LANGUAGES[language][key];
  const { plural, format } = toFormats(language);
  return sentence.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (_, name: string, one?: string, other?: string) => {
    const value = values[name] ?? "";
    if (one !== undefined) return plural.select(Number(value)) === "one" ? one : (other ?? "");
    return typeof value === "number" ? format.format(value) : value;
  });
}

const formats = new Map<LanguageCode, { readonly plural: Intl.PluralRules; readonly format: Intl.NumberFormat }>();

/** Made once for each language: making one takes longer than a sentence. */
function toFormats(language: LanguageCode) {
  const known = formats.get(language) ?? {
    plural: new Intl.PluralRules(language),
    format: new Intl.NumberFormat(language, { maximumFractionDigits: 1 }),
  };
  formats.set(language, known);
  return known;
}

/** The sentence that people get for an error: what happened and what to do next. */
export function errorText(
  error: DocentError | { readonly code: ErrorCode; readonly details: ErrorDetails },
  locale: string | null | undefined,
): string {
  return text(`error.${error.code}`, locale, error.details);
}
