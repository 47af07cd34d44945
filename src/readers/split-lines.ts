import type { Page } from "../core/document.ts";

const PIECE_LINES = 60;
const PIECE_CHARS = 4000;

/** Pieces of at most 60 lines and 4,000 characters. A longer line is cut: its pieces carry the same line number. */
export function* splitLines(text: string): Generator<Page> {
  let lines: string[] = [];
  let chars = 0;
  let first = 1;
  for (const [index, line] of text.split("\n").entries()) {
    const isFull = lines.length >= PIECE_LINES || chars + line.length > PIECE_CHARS;
    if (isFull && lines.length > 0) {
      yield* toPage(first, lines);
      lines = [];
      chars = 0;
    }
    if (lines.length === 0) first = index + 1;
    if (line.length > PIECE_CHARS) {
      for (const part of cut(line)) yield { number: index + 1, text: part };
      continue;
    }
    lines.push(line);
    chars += line.length + 1;
  }
  yield* toPage(first, lines);
}

function* toPage(number: number, lines: readonly string[]): Generator<Page> {
  const text = lines.join("\n").trimEnd();
  if (text !== "") yield { number, text };
}

function* cut(line: string): Generator<string> {
  let start = 0;
  while (start < line.length) {
    let end = Math.min(start + PIECE_CHARS, line.length);
    // A character beyond U+FFFF is two units: never cut it in half.
    const isInsidePair = end < line.length && /[\uD800-\uDBFF]/.test(line.charAt(end - 1));
    if (isInsidePair) end--;
    yield line.slice(start, end);
    start = end;
  }
}
