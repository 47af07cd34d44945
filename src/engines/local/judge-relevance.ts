import type { QuestionTerms } from "./question-terms.ts";
import { COMMON_WORTH } from "./rarity.ts";
import { foldCase } from "./tokenize.ts";

/** A page that could be shown. */
export interface Candidate {
  readonly text: string;
  readonly coverage: number;
  readonly isPointedTo: boolean;
  /** By the ranking. */
  readonly score: number;
  /** How much its best passage says of what was asked. */
  readonly passageScore: number;
}

/** One page must have this much of what was asked, by rarity, or nothing is worth showing. */
const ENOUGH = 0.4;
/** Beside a page that has enough, others may complete it with this much. */
const SOMETHING = 0.2;
/**
 * A page far behind the best one is noise: it must have this share of what that one has, over rank, coverage and best
 * passage together. Measured on real questions: higher takes away pages that hold the answer.
 */
const NEAR_BEST = 0.57;

/** Which of the best pages are worth showing, by rank; none when all lack most of what was asked. */
export function judgeRelevance(
  { terms }: QuestionTerms,
  { worths, wanted }: { readonly worths: readonly number[]; readonly wanted: number },
  candidates: readonly Candidate[],
): boolean[] {
  const coverages = candidates.map(({ text, coverage, isPointedTo }) => {
    if (isPointedTo) return 1;
    const folded = foldCase(text);
    let missing = 0;
    for (const [index, { properName, weight, isKey }] of terms.entries()) {
      if (!isKey || properName === undefined || includesWord(folded, properName)) continue;
      const worth = worths[index] ?? 0;
      if (worth > 0) missing += worth + weight * COMMON_WORTH;
    }
    return wanted === 0 ? coverage : Math.max(0, coverage - missing / wanted);
  });
  const isAnswerable = coverages.some((coverage) => coverage >= ENOUGH);
  const isRelevant = coverages.map((coverage) => isAnswerable && coverage >= SOMETHING);
  const measures = candidates.map(({ score, passageScore }, index) => [score, coverages[index] ?? 0, passageScore]);
  const best = [0, 1, 2].map((measure) =>
    measures.reduce(
      (most, values, index) => (isRelevant[index] === true ? Math.max(most, values[measure] ?? 0) : most),
      0,
    ),
  );
  const first = isRelevant.indexOf(true);
  return candidates.map(({ isPointedTo }, index) => {
    if (isRelevant[index] !== true || index === first || isPointedTo) return isRelevant[index] === true;
    const shares = best.map((most, measure) => (most === 0 ? 1 : (measures[index]?.[measure] ?? 0) / most));
    return shares.reduce((sum, share) => sum + share, 0) / shares.length >= NEAR_BEST;
  });
}

function includesWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!/\p{L}/u.test(text.charAt(at - 1)) && !/\p{L}/u.test(text.charAt(at + word.length))) return true;
  }
  return false;
}
