import { readdirSync } from "node:fs";
import type { Language } from "./language.ts";

/** Files of languages, by their tags: `ko.ts`, `pt-BR.ts`, `zh-Hant.ts`. The other modules here have longer names. */
const LANGUAGE_FILE = /^(?<tag>[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?)\.ts$/;

const FALLBACK = "en";

const LANGUAGES: ReadonlyMap<string, Language> = await findLanguages();

/** Tags (BCP 47) of all languages that we can write, in order. */
export const LANGUAGE_TAGS: readonly string[] = [...LANGUAGES.keys()];

/** The language that we can write for a locale: its own (`ja` for `ja-JP`) where we have it, else English. */
export function toLanguage(locale: string | null | undefined): string {
  return findLanguage(locale) ?? FALLBACK;
}

/** The same, but nothing where we do not have it. */
export function findLanguage(locale: string | null | undefined): string | undefined {
  const subtags = (locale ?? "").toLowerCase().split(/[-_]/);
  for (let length = subtags.length; length > 0; length -= 1) {
    const wanted = subtags.slice(0, length).join("-");
    const tag = LANGUAGE_TAGS.find((known) => known.toLowerCase() === wanted);
    if (tag !== undefined) return tag;
  }
  return undefined;
}

/** All that we have of one language. */
export function languageOf(tag: string): Language {
  const language = LANGUAGES.get(tag);
  if (language === undefined) throw new Error(`There is no language ${tag}: toLanguage() finds one that there is.`);
  return language;
}

async function findLanguages(): Promise<ReadonlyMap<string, Language>> {
  const folder = new URL(".", import.meta.url);
  const tags = readdirSync(folder).flatMap((name) => LANGUAGE_FILE.exec(name)?.groups?.["tag"] ?? []);
  const found = tags.toSorted().map(async (tag): Promise<[string, Language]> => {
    const language: Language = await import(new URL(`${tag}.ts`, folder).href);
    return [tag, language];
  });
  return new Map(await Promise.all(found));
}
