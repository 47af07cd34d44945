import type { PageUnit } from "../../core/document.ts";

/** A sentence, heading, row or item of a passage, as character offsets. */
export interface Statement {
  readonly start: number;
  readonly end: number;
  readonly isHeading: boolean;
  /** A row of a table; the heading above its first one names the columns. */
  readonly isRow: boolean;
}

interface Line {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** As wide as it looks: Chinese, Japanese and Korean letters take two columns. */
  readonly width: number;
}

const SENTENCE_END = /[.!?…][)\]"'”’]*\s+(?!\p{Ll})|[。！？][)」』”’）]*/gu;
/** What ends in a full stop and ends no sentence: `1.`, `U.S.`, `Art. 5`. */
const ABBREVIATION = /(?:^|[\s(.])(?:\p{L}|\p{N}{1,2}|Nos?|Mrs?|Ms|Dr|St|Art|Sec|Fig|vs|ca|approx)\.\s*$/u;
const ENDS = /[.!?:;…。！？：][)\]"'”’」』）]*$/u;
const BEGINS_LOW = /^["'“‘(]?\p{Ll}/u;
/** A line that ends like this goes on: "revenues to remain strong in"; Chinese and Japanese break anywhere. */
const GOES_ON = /[,，、;]$|\s\p{Ll}{1,3}$|[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]$/u;
const PAGE_NUMBER = /^[^\p{L}\p{N}]*\p{N}{1,4}[^\p{L}\p{N}]*$/u;
const ITEM = /^(?:[-*•·‣▪◦–]|\(?\p{N}{1,2}[.)]|[①-⑳])\s/u;
/** Three words or more that could name columns. */
const NAMES = /^\p{L}\S*(?:\s+\S+){2,}$/u;
const NOT_A_NAME = /(?:^|\s)(?:is|are|was|were|has|have|must|may|can|will|the|an?|you|we|it)(?:\s|$)/iu;
const WIDE = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u3000-\u303F\uFF00-\uFF60]/gu;
/** A line that ends earlier was not wrapped: its paragraph ends there. As a share of the longest line. */
const FULL = 0.7;
const HALF_FULL = 0.4;
const MIN_WRAPPED = { page: 40, line: 60 };
const MAX_HEADING = 80;
/** So many of a row's words are figures. */
const ROW_FIGURES = 0.4;
/** A sentence without an end is a table, and taken line by line. */
const MAX_SENTENCE = 350;

/**
 * Takes a passage apart into what can be quoted alone. A page of a PDF has its lines as they were printed: those are
 * joined to sentences. In the other documents a line is a paragraph, a row or an item.
 */
export function splitPassage(passage: string, unit: PageUnit): Statement[] {
  const lines = withoutPageNumbers(toLines(passage), unit);
  const longest = lines.reduce((most, { width }) => Math.max(most, width), 0);
  const statements: Statement[] = [];
  for (let first = 0; first < lines.length;) {
    const isHeading = isHeadingAt(lines, first, { passage, unit, longest });
    let last = first;
    while (!isHeading && last + 1 < lines.length && isWrapped(last)) last += 1;
    const block = { start: lines[first]?.start ?? 0, end: lines[last]?.end ?? passage.length };
    statements.push(...(isHeading ? [{ ...block, isHeading, isRow: false }] : toSentences(passage, block)));
    first = last + 1;
  }
  return findTables(statements, passage, unit);

  /** Whether the next line goes on with the sentence of this one. */
  function isWrapped(index: number): boolean {
    const [line, next] = [lines[index], lines[index + 1]];
    if (line === undefined || next === undefined || (unit !== "page" && unit !== "line")) return false;
    if (isBlankBetween(passage, line, next) || ITEM.test(next.text) || isRow(line) || isRow(next)) return false;
    if (BEGINS_LOW.test(next.text)) return unit === "page" || line.width >= MIN_WRAPPED.line;
    if (unit === "line" || line.width < MIN_WRAPPED.page) return false;
    if (line.width < longest * (GOES_ON.test(line.text) ? HALF_FULL : FULL)) return false;
    return !isHeadingAt(lines, index + 1, { passage, unit, longest });
  }
}

function toLines(passage: string): Line[] {
  return [...passage.matchAll(/[^\n]+/g)].flatMap((match) => {
    const text = match[0].trim();
    const start = match.index + match[0].indexOf(text);
    if (text === "") return [];
    return [{ start, end: start + text.length, text, width: text.length + (text.match(WIDE)?.length ?? 0) }];
  });
}

/** Above or below the text of a printed page. */
function withoutPageNumbers(lines: readonly Line[], unit: PageUnit): readonly Line[] {
  if (unit !== "page") return lines;
  const isLeft = ({ text }: Line, index: number): boolean =>
    (index > 0 && index < lines.length - 1) || !PAGE_NUMBER.test(text);
  return lines.some(isLeft) ? lines.filter(isLeft) : lines;
}

/** A short line without an end, at the beginning or behind a finished sentence, over text that is longer. */
function isHeadingAt(
  lines: readonly Line[],
  index: number,
  { passage, unit, longest }: { passage: string; unit: PageUnit; longest: number },
): boolean {
  const [before, line, next] = [lines[index - 1], lines[index], lines[index + 1]];
  if (line === undefined || next === undefined || !/\p{L}/u.test(line.text)) return false;
  if (unit === "line") return /^#{1,6}\s/.test(line.text) || /^[\p{Lu}\s&'’-]{4,}$/u.test(line.text);
  if (unit === "sheet" || line.text.length > MAX_HEADING || line.width > longest * FULL) return false;
  if (ENDS.test(line.text) || /[,，、|]/.test(line.text) || isRow(line) || isRow(next)) return false;
  if (BEGINS_LOW.test(line.text) || BEGINS_LOW.test(next.text)) return false;
  const isFirst = before === undefined || ENDS.test(before.text) || isBlankBetween(passage, before, line);
  return isFirst && (next.width > line.width || ENDS.test(next.text));
}

/**
 * Names of columns say nothing alone: they become the heading of the rows under them. In CSV files and sheets both have the
 * same separators; on a page names are words without a sentence, over two lines or more with figures.
 */
function findTables(statements: readonly Statement[], passage: string, unit: PageUnit): Statement[] {
  const found = [...statements];
  for (let at = 0; at < found.length; at += 1) {
    const head = found[at];
    if (head === undefined) continue;
    const names = passage.slice(head.start, head.end);
    const cells = countSeparators(names);
    const isTable = unit === "line" || unit === "sheet" ? cells > 0 : cells > 0 || NAMES.test(names);
    if (!isTable || /\p{N}{2}|(?:^|[\s|,;])\p{N}/u.test(names) || ENDS.test(names) || NOT_A_NAME.test(names)) continue;
    let end = at + 1;
    for (let row = found[end]; row !== undefined && isUnder(row, end); row = found[end]) {
      found[end] = { ...row, isHeading: false, isRow: true };
      end += 1;
    }
    const least = unit === "page" ? 2 : 1;
    if (end - at > least) found[at] = { ...head, isHeading: true };
    else for (let index = at + 1; index < end; index += 1) found[index] = statements[index] ?? head;
    at = Math.max(at, end - 1);

    function isUnder(row: Statement, index: number): boolean {
      const text = passage.slice(row.start, row.end);
      const before = found[index - 1];
      if (before === undefined || /\n\s*\n/.test(passage.slice(before.end, row.start))) return false;
      if (cells > 0) return countSeparators(text) === cells;
      return text.length <= MAX_HEADING && !ENDS.test(text) && /(?:^|\s)[^\p{L}\p{N}]*\p{N}/u.test(text);
    }
  }
  return found;
}

function countSeparators(text: string): number {
  return ["\t", "|", ";", ","].map((separator) => text.split(separator).length - 1).find((count) => count > 0) ?? 0;
}

function isBlankBetween(passage: string, before: Line, after: Line): boolean {
  return /\n\s*\n/.test(passage.slice(before.end, after.start));
}

function isRow({ text }: Line): boolean {
  const words = text.split(/[\s|]+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const figures = words.filter((word) => /^[^\p{L}\p{N}]*\p{N}/u.test(word)).length;
  return figures >= 2 && figures >= words.length * ROW_FIGURES;
}

function toSentences(passage: string, { start, end }: { start: number; end: number }): Statement[] {
  const block = passage.slice(start, end);
  const sentences: Statement[] = [];
  let from = 0;
  for (const match of block.matchAll(SENTENCE_END)) {
    const to = match.index + match[0].length;
    if (ABBREVIATION.test(block.slice(from, to))) continue;
    sentences.push(...toParts(block.slice(from, to), start + from));
    from = to;
  }
  return [...sentences, ...toParts(block.slice(from), start + from)];
}

function toParts(sentence: string, start: number): Statement[] {
  const isLong = sentence.trim().length > MAX_SENTENCE && sentence.includes("\n");
  return [...sentence.matchAll(isLong ? /[^\n]+/g : /[^]+/g)].flatMap((match) => {
    const text = match[0].trim();
    const at = start + match.index + match[0].indexOf(text);
    return text === "" ? [] : [{ start: at, end: at + text.length, isHeading: false, isRow: false }];
  });
}
