import { readFile, stat } from "node:fs/promises";

import type { FileType } from "../core/document.ts";
import { cleanText } from "./clean-text.ts";
import { createTokenCounter } from "./count-tokens.ts";
import { decodeText } from "./decode-text.ts";
import type { ReadRequest, ReadResult, ReadSink } from "./messages.ts";
import { splitLines } from "./split-lines.ts";

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

function tooLong(file: ReadRequest, type: FileType, tokens: number): ReadResult {
  const details = { name: file.name, tokens, maxTokens: file.maxTokens };
  return { type, unit: "line", pageCount: null, tokens, problem: { code: "file_too_many_tokens", details } };
}
