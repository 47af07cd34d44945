/** A sentence ends here, unless what follows begins in lower case. */
const SENTENCE_END = /[.!?]["'”’)\]*_]*\s+(?!\p{Ll})|[。！？]["'”’」』）]*/gu;
/** In letters and digits: what is shorter, such as the rest after an abbreviation, takes the sentence before along. */
const MIN_LETTERS = 40;

/** The sentence of an answer that a mark at `at` belongs to. It does not reach over `from`, where the mark before stands. */
export function claimBefore(answer: string, at: number, from = 0): string {
  const before = answer.slice(0, at).trimEnd();
  const line = before.lastIndexOf("\n") + 1;
  const first = Math.max(line, from);
  const ends = [...before.matchAll(SENTENCE_END)]
    .map((match) => match.index + match[0].length)
    .filter((end) => end > first && end < before.length)
    .toReversed();
  const start = ends.find((end) => countLetters(before.slice(end)) >= MIN_LETTERS) ?? first;
  const claim = before.slice(start).trim();
  // A mark right behind another belongs to the same sentence.
  return claim === "" && from > 0 ? claimBefore(answer, from) : claim;
}

function countLetters(text: string): number {
  // A letter of Chinese, Japanese or Korean says as much as two.
  return [...text.matchAll(/[\p{L}\p{N}]/gu)].reduce(
    (sum, [letter]) => sum + (/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u.test(letter) ? 2 : 1),
    0,
  );
}
