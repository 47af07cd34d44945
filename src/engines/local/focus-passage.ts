import { splitSentences } from "../../core/citing/text-terms.ts";
import { parseQuestionTerms } from "./question-terms.ts";
import { tokenize } from "./tokenize.ts";

interface Unit {
  readonly start: number;
  readonly end: number;
  readonly score: number;
}

/**
 * The stretch of a passage that says what was asked: its best line or sentence with as much around it as is short
 * enough to be read at a glance. Verbatim.
 */
export function focusPassage(passage: string, question: string, maxCharacters: number): string {
  const units = toUnits(passage, question);
  const best = units.reduce<number>((at, unit, index) => (unit.score > (units[at]?.score ?? -1) ? index : at), 0);
  let [first, last] = [best, best];
  const length = (from: number, to: number): number => (units[to]?.end ?? 0) - (units[from]?.start ?? 0);
  for (;;) {
    // The better neighbour first; of two that say nothing, the line above, which is often the heading.
    const before = first > 0 && length(first - 1, last) <= maxCharacters ? units[first - 1] : undefined;
    const after = last + 1 < units.length && length(first, last + 1) <= maxCharacters ? units[last + 1] : undefined;
    if (before === undefined && after === undefined) break;
    if (after === undefined || (before !== undefined && before.score >= after.score)) first -= 1;
    else last += 1;
  }
  return passage.slice(units[first]?.start ?? 0, units[last]?.end ?? passage.length).trim();
}

/** Lines and sentences with how much of the question each holds; a word that stands in all of them says little. */
function toUnits(passage: string, question: string): Unit[] {
  const wanted = new Set(parseQuestionTerms(question).terms.flatMap(({ alternatives }) => alternatives.flat()));
  const pieces: { start: number; end: number; terms: Set<string> }[] = [];
  const holders = new Map<string, number>();
  let from = 0;
  for (const sentence of splitSentences(passage)) {
    const start = passage.indexOf(sentence, from);
    from = start + sentence.length;
    const terms = new Set(tokenize(sentence).flatMap(({ term }) => (wanted.has(term) ? [term] : [])));
    pieces.push({ start, end: from, terms });
    for (const term of terms) holders.set(term, (holders.get(term) ?? 0) + 1);
  }
  return pieces.map(({ start, end, terms }) => {
    let score = 0;
    for (const term of terms) score += Math.log(1 + pieces.length / (holders.get(term) ?? 1));
    return { start, end, score };
  });
}
