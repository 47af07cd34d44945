import type { PageUnit } from "../../core/document.ts";
import { parseQuestionTerms } from "./question-terms.ts";
import { splitPassage, type Statement } from "./split-passage.ts";
import { tokenize } from "./tokenize.ts";

/** What of a passage says what was asked. */
export interface Focused {
  /** Verbatim: one to three sentences that follow each other. */
  readonly quote: string;
  /** The quote in its lines, as they are to be shown: printed lines are joined to sentences. */
  readonly lines: readonly string[];
  /** The heading right above the quote; null for none. */
  readonly heading: string | null;
}

interface Scored extends Statement {
  readonly score: number;
  /** Without what the heading holds. */
  readonly own: number;
}

const MAX_SENTENCES = 3;
/** What stands beside the best sentence is quoted too when it holds this share of what that one holds. */
const AS_TELLING = 0.5;
/** How much of what a heading holds counts for the sentence below it. */
const OF_HEADING = 0.5;
/** What is shorter and no sentence is hardly understood alone. In characters. */
const TOO_SHORT = 40;

/** Chinese and Japanese have no space where a line is broken. */
const UNSPACED_BREAK =
  /(?<=[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}、，])\n(?=[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}])/gu;

/**
 * The sentence of a passage that says what was asked, with a neighbour or two where they say as much of it, and the
 * heading over it. `maxCharacters` holds for what is added: a long sentence comes whole.
 */
export function focusPassage(passage: string, question: string, unit: PageUnit, maxCharacters: number): Focused {
  const statements = scoreStatements(passage, question, unit);
  const isText = ({ isHeading }: Scored): boolean => !isHeading;
  const texts = statements.some(isText) ? statements.filter(isText) : statements;
  const best = texts.reduce<number>((at, { score }, index) => (score > (texts[at]?.score ?? -1) ? index : at), 0);
  let [first, last] = [best, best];
  while (last - first + 1 < MAX_SENTENCES) {
    const after = isWanted(last + 1, last, first) ? texts[last + 1] : undefined;
    const before = isWanted(first - 1, first, last) ? texts[first - 1] : undefined;
    if (after === undefined && before === undefined) break;
    if (before === undefined || (after !== undefined && after.score >= before.score)) last += 1;
    else first -= 1;
  }
  const quoted = texts.slice(first, last + 1);
  const start = quoted[0]?.start ?? 0;
  const at = statements.findIndex((statement) => statement.start === start);
  const above = findHeading(statements, at);
  return {
    quote: passage.slice(start, quoted.at(-1)?.end ?? passage.length),
    lines: toShownLines(passage, quoted),
    heading:
      above?.isHeading === true && isText(quoted[0] ?? above) ? toLine(passage, above).replace(/^#+ /, "") : null,
  };

  /** Whether the sentence at `index` belongs to the quote, whose edge on that side is `edge`. */
  function isWanted(index: number, edge: number, otherEdge: number): boolean {
    const [inside, other, next] = [texts[edge], texts[otherEdge], texts[index]];
    if (inside === undefined || other === undefined || next === undefined) return false;
    const between = passage.slice(Math.min(inside.end, next.end), Math.max(inside.start, next.start));
    // What stands under another heading is about something else.
    const isNextTo = Math.abs(statements.indexOf(next) - statements.indexOf(inside)) === 1 && !/\n\s*\n/.test(between);
    if (!isNextTo || Math.max(next.end, other.end) - Math.min(next.start, other.start) > maxCharacters) return false;
    const told = texts[best];
    // A page that was asked for by its number: its beginning says most of what it is.
    if (told === undefined || told.score === 0) return index > best;
    // The names of the columns are those of all rows: what a row itself holds makes the difference.
    if (told.isRow) return told.own > 0 && next.isRow && next.own >= told.own;
    if (next.score >= told.score * AS_TELLING) return true;
    const words = passage.slice(told.start, told.end);
    const isScrap = words.length < TOO_SHORT && !/[.!?。！？]$/.test(words) && unit !== "line" && unit !== "sheet";
    // A label stands above what it names, or below it.
    return isScrap ? Math.abs(index - best) === 1 : index === best + 1 && /[:：]$/.test(words);
  }
}

/** How much of the question each statement holds; a word that stands in all of them says little. */
function scoreStatements(passage: string, question: string, unit: PageUnit): Scored[] {
  const wanted = new Set(parseQuestionTerms(question).terms.flatMap(({ alternatives }) => alternatives.flat()));
  const pieces = splitPassage(passage, unit).map((statement) => {
    const tokens = tokenize(passage.slice(statement.start, statement.end));
    return { statement, terms: new Set(tokens.map(({ term }) => term).filter((term) => wanted.has(term))) };
  });
  const holders = new Map<string, number>();
  for (const { terms } of pieces) for (const term of terms) holders.set(term, (holders.get(term) ?? 0) + 1);
  let ofHeading = 0;
  return pieces.map(({ statement, terms }) => {
    let own = 0;
    for (const term of terms) own += Math.log(1 + pieces.length / (holders.get(term) ?? 1));
    const score = own + ofHeading * OF_HEADING;
    if (!statement.isRow) ofHeading = statement.isHeading ? score : 0;
    return { ...statement, own, score };
  });
}

/** Right above, or over the rows of the same table. */
function findHeading(statements: readonly Scored[], index: number): Scored | undefined {
  let above = index - 1;
  if (statements[index]?.isRow === true) while (statements[above]?.isRow === true) above -= 1;
  return statements[above];
}

function toShownLines(passage: string, quoted: readonly Statement[]): string[] {
  const lines: string[] = [];
  let end: number | null = null;
  for (const statement of quoted) {
    const text = toLine(passage, statement);
    // A sentence that follows on the same printed line, or on the next one of a paragraph, is one line with it.
    const isRunningOn = end !== null && !passage.slice(end, statement.start).includes("\n");
    lines.push(isRunningOn ? `${lines.pop() ?? ""} ${text}` : text);
    ({ end } = statement);
  }
  return lines;
}

function toLine(passage: string, { start, end }: Statement): string {
  return passage.slice(start, end).replace(UNSPACED_BREAK, "").replace(/\s+/g, " ");
}
