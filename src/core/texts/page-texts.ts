import type { PageKey, TextKey } from "./language.ts";
import { languageOf } from "./languages.ts";

/** Texts that chat, the API and the web page have in common. */
export const SHARED_WITH_PAGE = [
  "turn.queued",
  "turn.queued_behind",
  "place.in_document",
  "place.page",
  "place.line",
  "place.slide",
  "place.sheet",
  "place.sheet_named",
  "place.section",
  "place.section_named",
  "setup.only_here",
] as const satisfies readonly TextKey[];

export type PageTextKey = PageKey | (typeof SHARED_WITH_PAGE)[number];

/** All words that the web page needs in a language, with their places not filled: the page does that. */
export function toPageTexts(language: string): Readonly<Record<PageTextKey, string>> {
  const { texts, page } = languageOf(language);
  const shared = Object.fromEntries(SHARED_WITH_PAGE.map((key) => [key, texts[key]]));
  return { ...page, ...(shared as Record<(typeof SHARED_WITH_PAGE)[number], string>) };
}
