/** What words are written in; Japanese is known by its kana, as its other letters are Chinese too. */
export type Script = "hangul" | "kana" | "han" | "cyrillic" | "latin" | "other";

const SCRIPTS: readonly (readonly [Script, RegExp])[] = [
  ["hangul", /\p{sc=Hangul}/u],
  ["kana", /\p{sc=Hiragana}|\p{sc=Katakana}/u],
  ["han", /\p{sc=Han}/u],
  ["cyrillic", /\p{sc=Cyrillic}/u],
  ["latin", /\p{sc=Latin}/u],
];
/** Of the words of a text; a name in another script does not make it another language. */
const CLEAR = 0.5;
/** Below this, words of another script are names and terms. */
const WORTH_SEARCHING = 0.2;

/** Languages that one script is enough to know. */
const LANGUAGES: Readonly<Partial<Record<Script, string>>> = { hangul: "ko", kana: "ja" };

/** The language (BCP 47) of a text where its script leaves no doubt: Korean and Japanese. Null for all others. */
export function languageByScript(text: string): string | null {
  const [main] = [...sharesOf(text)].toSorted(([, a], [, b]) => b - a);
  return main === undefined || main[1] < CLEAR ? null : (LANGUAGES[main[0]] ?? null);
}

/** Whether nothing of what is asked can stand in these texts word by word, as they are written in another script. */
export function isOtherScript(question: string, texts: readonly string[]): boolean {
  const [asked] = [...sharesOf(question)].toSorted(([, a], [, b]) => b - a);
  const written = sharesOf(texts.join("\n"));
  if (asked === undefined || written.size === 0) return false;
  // Japanese words are written in either.
  const alike: readonly Script[] = asked[0] === "kana" || asked[0] === "han" ? ["kana", "han"] : [asked[0]];
  return alike.reduce((sum, script) => sum + (written.get(script) ?? 0), 0) < WORTH_SEARCHING;
}

/** How the words of a text are spread over scripts, 0 to 1 each; a word is of the first script that it has. */
function sharesOf(text: string): ReadonlyMap<Script, number> {
  const words = text.match(/[\p{L}\p{M}]+/gu) ?? [];
  const shares = new Map<Script, number>();
  for (const word of words) {
    const script = SCRIPTS.find(([, letters]) => letters.test(word))?.[0] ?? "other";
    shares.set(script, (shares.get(script) ?? 0) + 1 / words.length);
  }
  return shares;
}
