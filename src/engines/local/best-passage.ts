import { chunkPage, type Chunk } from "./chunk-page.ts";
import type { QuestionTerms } from "./question-terms.ts";
import { tokenize } from "./tokenize.ts";

/** A term that stands in the passage again adds this much of its worth. */
const REPEATED = 0.15;
const PAIR = 0.5;
/** In characters. */
const MAX_REST = 200;
const SENTENCE_END = /[.!?][)\]"'”’]*(?=\s)|[。！？][)」』”’）]*|\n\s*\n/gu;

/** The chunk of a page that answers the question best, verbatim, and how much of it; `worths` says how much each term counts. */
export function findBestPassage(
  text: string,
  question: QuestionTerms,
  worths: readonly number[],
): { readonly text: string; readonly score: number } {
  const worthOf = new Map<string, number>();
  for (const [index, { alternatives, kind }] of question.terms.entries()) {
    for (const phrase of alternatives) {
      for (const term of phrase) {
        const worth = ((worths[index] ?? 0) / phrase.length) * (kind === "heading" ? 0.3 : 1);
        worthOf.set(term, Math.max(worthOf.get(term) ?? 0, worth));
      }
    }
  }
  const tokens = tokenize(text).filter(({ term }) => worthOf.has(term));
  let best = { score: -1, start: 0, end: text.length };
  for (const { start, end } of chunkPage(text)) {
    const seen = new Set<string>();
    let score = 0;
    let previous = -10;
    for (const token of tokens) {
      if (token.start < start || token.end > end) continue;
      const worth = worthOf.get(token.term) ?? 0;
      score += seen.has(token.term) ? worth * REPEATED : worth;
      if (!seen.has(token.term) && token.position - previous === 1) score += worth * PAIR;
      seen.add(token.term);
      previous = token.position;
    }
    if (score > best.score) best = { score, start, end };
  }
  const { start, end } = toWholeSentences(text, best);
  return { text: text.slice(start, end).trim(), score: Math.max(0, best.score) };
}

/** A chunk ends where a printed line ends: with the rest of its first and last sentence, unless that is far. */
function toWholeSentences(text: string, { start, end }: Chunk): Chunk {
  const earliest = Math.max(0, start - MAX_REST);
  const before = [...text.slice(earliest, start).matchAll(SENTENCE_END)].at(-1);
  const [behind] = text.slice(Math.max(start, end - 2), end + MAX_REST).matchAll(SENTENCE_END);
  const begins = before === undefined ? (earliest === 0 ? 0 : start) : earliest + before.index + before[0].length;
  const ends = behind === undefined ? end : Math.max(start, end - 2) + behind.index + behind[0].length;
  return { start: begins, end: Math.max(end, ends) };
}
