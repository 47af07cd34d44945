import type * as english from "./en.ts";

export type TextKey = keyof typeof english.texts;

/** All sentences of one language that chat platforms, engines and the web page's server show. */
export type Texts = Readonly<Record<TextKey, string>>;

export type PageKey = keyof typeof english.page;

/** All words of the web page in one language. */
export type PageTexts = Readonly<Record<PageKey, string>>;

/** What the search needs to know of a language in which questions are asked. */
export interface SearchWords {
  /** Words, in lower case, that carry a question rather than what is asked about: they are not searched for. */
  readonly stopWords: readonly string[];
  /** The same for a language without spaces: these are cut out of the text. A longer one stands before its parts. */
  readonly questionWords: readonly string[];
  /** Matches a question for what title pages hold: title, author, date; null where the language has no such words. */
  readonly titlePage: RegExp | null;
  /** Matches a question about a document as a whole, such as for a summary; null where the language has no such words. */
  readonly wholeDocument: RegExp | null;
}

/**
 * One language: what its file in this folder exports. The file is named by its tag (BCP 47), and being there is all that
 * it takes: see `languages.ts`.
 */
export interface Language {
  readonly texts: Texts;
  readonly page: PageTexts;
  readonly search: SearchWords;
}
