/** The sentence that shares most terms with `wanted`; of two that share as much, the shorter. */
export function mostAlike(sentences: readonly string[], wanted: string): string {
  const terms = termsOf(wanted);
  let best = sentences[0] ?? "";
  let bestScore = 0;
  for (const sentence of sentences) {
    const own = termsOf(sentence);
    let shared = 0;
    for (const term of own) if (terms.has(term)) shared += /\p{N}/u.test(term) ? 2 : 1;
    // Divided by the root of its size: a long sentence is not better for being long.
    const score = shared / Math.sqrt(own.size + 4);
    if (score > bestScore) [best, bestScore] = [sentence, score];
  }
  return best;
}

/** Splits text into sentences or lines, in order. */
export function splitSentences(text: string): string[] {
  return text
    .split(/(?<=[.!?。！？])\s+|(?<=[。！？])|\n+/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}

/** The words of a text that carry meaning enough to compare: numbers, words of three letters, pairs of CJK letters. */
export function termsOf(text: string): Set<string> {
  const terms = new Set<string>();
  const normal = text.normalize("NFKC").toLowerCase();
  for (const [word] of normal.matchAll(/\p{N}[\p{N}.,]*\p{N}|\p{N}|[\p{L}\p{M}]+/gu)) {
    if (/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u.test(word)) {
      const letters = [...word];
      for (let at = 0; at + 1 < letters.length; at++) terms.add(`${letters[at]}${letters[at + 1]}`);
    } else if (/\p{N}/u.test(word) || word.length >= 3) {
      terms.add(word.replace(/,/g, ""));
    }
  }
  return terms;
}

/** On one line, cut at a word near `max` characters, the cut marked. */
export function shorten(text: string, max: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (line.length <= max) return line;
  const cut = line.slice(0, max - 1);
  const space = cut.lastIndexOf(" ");
  return `${(space > max / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
