import type { Extracted, Piece } from "./extracted.ts";

/** One found piece of a file. */
export interface Hit {
  readonly fileId: string;
  readonly filename: string;
  /** As the API shows it. */
  readonly text: string;
  /** Where it was cut from, which the API never tells. */
  readonly piece: Piece;
  readonly score: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>> | null;
}

// A word is about 1.33 tokens: 600 words are the vendor's 800 tokens, and half of that is the overlap.
const WORDS_PER_CHUNK = 600;
const OVERLAP = WORDS_PER_CHUNK / 2;

const WORDS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]|[[\p{L}\p{N}]--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]]+/gv;

/** Cuts a text into overlapping chunks of about 800 tokens, wherever pages begin and end. */
export function toChunks(source: Extracted): Piece[] {
  const { plain, plainStarts } = source;
  const starts = [...plain.matchAll(WORDS)].map((match) => match.index);
  if (starts.length === 0) return [];
  const chunks: Piece[] = [];
  let first = 0;
  for (let token = 0; token === 0 || token + OVERLAP < starts.length; token += OVERLAP) {
    first = token === 0 ? 0 : wordAt(starts[token] ?? 0, first);
    const stop = starts[token + WORDS_PER_CHUNK];
    chunks.push({ source, first, end: stop === undefined ? plainStarts.length : wordAt(stop, first) });
  }
  return chunks;

  /** The word that holds an offset. */
  function wordAt(offset: number, from: number): number {
    let word = from;
    while ((plainStarts[word + 1] ?? Number.POSITIVE_INFINITY) <= offset) word += 1;
    return word;
  }
}

/** Words of a text: single characters for scripts without spaces, lower-case words for the others. */
export function toWords(text: string): string[] {
  return (text.normalize("NFKC").toLowerCase().match(WORDS) ?? []).filter((word) => !STOP_WORDS.has(word));
}

/** Orders texts by how many of the question's rarer words they hold; a score between 0 and 1. */
export function rank<T extends { readonly text: string }>(
  question: string,
  texts: readonly T[],
  wordsOf: (entry: T) => ReadonlySet<string> = (entry) => new Set(toWords(entry.text)),
): (T & { score: number })[] {
  const wanted = new Set(toWords(question));
  const held = texts.map((entry) => wordsOf(entry));
  const weights = new Map<string, number>();
  for (const word of wanted) {
    const holders = held.filter((words) => words.has(word)).length;
    if (holders > 0) weights.set(word, Math.log(1 + texts.length / holders));
  }
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  return texts
    .map((entry, index) => {
      const found = [...weights].filter(([word]) => held[index]?.has(word));
      const score = total === 0 ? 0 : found.reduce((sum, [, weight]) => sum + weight, 0) / total;
      return { ...entry, score: Math.round(score * 1000) / 1000 };
    })
    .toSorted((one, other) => other.score - one.score);
}

export function toSentences(text: string): string[] {
  const sentences = text.match(/[^.!?。！？]+(?:[.!?。！？]+(?=\s|$|[^\s\d])|$|(?:\.(?=\d)[^.!?。！？]*))+/gu) ?? [
    text,
  ];
  return sentences.map((sentence) => sentence.trim()).filter((sentence) => sentence !== "");
}

const STOP_WORDS = new Set(
  "a an and are as at be by do does for from has have how in is it its of on or that the this to was were what when where which who why will with you your".split(
    " ",
  ),
);
