import { readFile, stat } from "node:fs/promises";

import type { FileType, Page } from "../core/document.ts";
import { cleanText } from "./clean-text.ts";
import { createTokenCounter } from "./count-tokens.ts";
import { decodeText } from "./decode-text.ts";
import type { ReadRequest, ReadResult, ReadSink } from "./messages.ts";

const PIECE_LINES = 60;
const PIECE_CHARS = 4000;
/** Dense text has about four bytes a token; twice that is beyond the limit in any language. */
const MAX_BYTES_PER_TOKEN = 8;
const TYPICAL_BYTES_PER_TOKEN = 4;

/** Reads prose, code or a table: decoded, and cut into pieces of about 60 lines. */
export async function readText(file: ReadRequest, type: FileType, sink: ReadSink): Promise<ReadResult> {
  sink.found(type, null);
  const { size } = await stat(file.path);
  if (size > file.maxTokens * MAX_BYTES_PER_TOKEN) {
    return tooLong(file, type, Math.round(size / TYPICAL_BYTES_PER_TOKEN));
  }
  const decoded = decodeText(await readFile(file.path));
  const result: ReadResult = { type, unit: "line", pageCount: null, tokens: 0, problem: null };
  if (decoded === null) {
    return { ...result, problem: { code: "file_broken", details: { name: file.name, reason: "not text" } } };
  }
  const text = cleanText(decoded);
  if (text.trim() === "") return { ...result, problem: { code: "file_empty", details: { name: file.name } } };

  const counter = createTokenCounter();
  counter.add(text);
  const tokens = counter.total();
  if (tokens > file.maxTokens) return tooLong(file, type, tokens);
  for (const piece of splitLines(text)) sink.page(piece);
  return { ...result, tokens };
}

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

function tooLong(file: ReadRequest, type: FileType, tokens: number): ReadResult {
  const details = { name: file.name, tokens, maxTokens: file.maxTokens };
  return { type, unit: "line", pageCount: null, tokens, problem: { code: "file_too_many_tokens", details } };
}
