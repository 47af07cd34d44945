import type { FileType, PageUnit } from "../core/document.ts";
import { cleanText } from "./clean-text.ts";
import { createTokenCounter } from "./count-tokens.ts";
import type { ReadRequest, ReadResult, ReadSink } from "./messages.ts";
import { ReadProblem } from "./read-problem.ts";
import { splitLines } from "./split-lines.ts";

/** Dense text has about four bytes a token; twice that is beyond the limit in any language. */
export const MAX_CHARS_PER_TOKEN = 8;

/** Puts the pieces of one document into the sink and counts them. */
export interface PageWriter {
  /**
   * Writes what stands on one slide, in one sheet or section. A long text is cut into pieces with the same number, each
   * beginning with `head`, e.g. the names of a table's columns.
   * @throws ReadProblem `file_too_many_tokens`
   */
  write(piece: { number: number; title?: string | null; text: string; head?: string }): void;
  /** Says, before text is collected, that there are that many characters more. @throws ReadProblem `file_too_many_tokens` */
  expect(chars: number): void;
  /** The result, with everything that was written. @throws ReadProblem `file_empty` */
  finish(type: FileType, unit: PageUnit): ReadResult;
}

export function createPageWriter(file: ReadRequest, sink: ReadSink): PageWriter {
  const counter = createTokenCounter();
  let expected = 0;
  let isEmpty = true;

  return {
    expect(chars) {
      expected += chars;
      if (expected > file.maxTokens * MAX_CHARS_PER_TOKEN) {
        refuse(Math.round(expected / (MAX_CHARS_PER_TOKEN / 2)), file.maxTokens);
      }
    },
    write({ number, title = null, text, head = "" }) {
      for (const piece of splitLines(cleanText(text))) {
        const isFirst = piece.number === 1;
        const whole = isFirst || head === "" ? piece.text : `${cleanText(head)}\n${piece.text}`;
        counter.add(whole);
        if (counter.total() > file.maxTokens) refuse(counter.total(), file.maxTokens);
        isEmpty = false;
        sink.page({ number, text: whole, ...(title === null || title === "" ? {} : { title: toTitle(title) }) });
      }
    },
    finish(type, unit) {
      if (isEmpty) throw new ReadProblem("file_empty");
      return { type, unit, pageCount: null, tokens: counter.total(), problem: null };
    },
  };
}

function refuse(tokens: number, maxTokens: number): never {
  throw new ReadProblem("file_too_many_tokens", { tokens, maxTokens });
}

const MAX_TITLE = 100;

function toTitle(title: string): string {
  const line = cleanText(title).replaceAll(/\s+/g, " ").trim();
  return line.length <= MAX_TITLE ? line : `${line.slice(0, MAX_TITLE - 1).toWellFormed()}…`;
}
