import { toRarity } from "./rarity.ts";

/** A term used this often among all words is half of "this document is about it". */
const TELLING_DENSITY = 0.002;
/** Keeps very short documents from looking dense, in words. */
const LENGTH_FLOOR = 2000;

/** One of the question's own terms in all documents; the arrays follow the order of the documents. */
export interface TermUse {
  readonly weight: number;
  /** How often each document uses it. */
  readonly uses: ArrayLike<number>;
  readonly inName: readonly boolean[];
}

/**
 * How well each document as a whole fits the question, for choosing between them: by terms in its name, and by terms
 * it uses often. The fewer documents share a term, the more it says; alone, every document scores the same.
 */
export function scoreDocuments(words: readonly number[], terms: readonly TermUse[]): number[] {
  const scores = words.map(() => 0);
  for (const { weight, uses, inName } of terms) {
    const rarity = toRarity(
      countOf(words.length, (row) => (uses[row] ?? 0) > 0),
      words.length,
    );
    const rarityInNames = toRarity(
      countOf(words.length, (row) => inName[row] === true),
      words.length,
    );
    for (const [row, length] of words.entries()) {
      const density = (uses[row] ?? 0) / (length + LENGTH_FLOOR);
      const ofText = weight * rarity * (density / (density + TELLING_DENSITY));
      scores[row] = (scores[row] ?? 0) + ofText + (inName[row] === true ? rarityInNames : 0);
    }
  }
  return scores;
}

function countOf(rows: number, isCounted: (row: number) => boolean): number {
  let count = 0;
  for (let row = 0; row < rows; row++) if (isCounted(row)) count++;
  return count;
}
