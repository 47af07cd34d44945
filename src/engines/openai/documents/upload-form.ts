import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";

import type { Document, Page, PageUnit, ReadableDocument } from "../../../core/document.ts";
import { maxTableTokens } from "./choose-documents.ts";

/** What OpenAI is given: the file as it was posted, or the text that Docent took out of it. */
export type UploadForm = "original" | "text";

/** "The first 1,000 rows per sheet" of a spreadsheet are read (guides/file-inputs, 2026-11). */
const MAX_ROWS = 1_000;
/** Spreadsheets that OpenAI takes and in which there are no macros. */
const PLAIN_TABLES: ReadonlySet<string> = new Set(["csv", "tsv", "xlsx"]);

/**
 * Chooses what to upload. PDF and images go as they are: the model sees their pages. Office files and web pages go as
 * text: OpenAI takes only some of them, leaves out slide numbers and sheets, and reads scripts along with a page. Tables
 * go as they are while the model reads all of them, else as text, which can be searched.
 */
export async function chooseForm(readable: ReadableDocument, inlineMaxTokens: number): Promise<UploadForm> {
  const { type, tokens } = readable.document;
  if (type?.kind === "office" || type?.mimeType === "text/html") return "text";
  if (type?.kind === "text") return await toTextForm(readable);
  if (type?.kind !== "table" && type?.kind !== "workbook") return "original";
  const isShort = PLAIN_TABLES.has(type.extension) && (tokens ?? 0) <= maxTableTokens(inlineMaxTokens);
  if (!isShort || (await countRows(readable)) > MAX_ROWS) return "text";
  return type.kind === "table" ? await toTextForm(readable) : "original";
}

/** Whether a document can lie in a vector store: images cannot, and neither can spreadsheets as they are. */
export function isSearchable({ type }: Document, form: UploadForm): boolean {
  if (type?.kind === "image" || type?.kind === "scan") return false;
  return form === "text" || (type?.kind !== "table" && type?.kind !== "workbook");
}

/** A document's text as one file, with a line before each slide and sheet that names it. */
export function toFileText({ unit }: Document, pages: readonly Page[]): string {
  return pages
    .map((page, index) => {
      const isNew = pages[index - 1]?.number !== page.number;
      const heading = isNew ? toHeading(unit, page) : "";
      return heading === "" ? page.text : `${heading}\n${page.text}`;
    })
    .join("\n\n");
}

function toHeading(unit: PageUnit, { number, title }: Page): string {
  if (unit === "slide") return `## Slide ${number}`;
  return unit === "sheet" ? `## Sheet ${title ?? number}` : "";
}

/** "Text must be UTF-8, UTF-16 or ASCII" (guides/retrieval, 2026-11): other encodings go as we decoded them. */
async function toTextForm(readable: ReadableDocument): Promise<UploadForm> {
  return await readable.withFile(async (path) => {
    const bytes = await readFile(path);
    const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    return isUtf16 || isUtf8(bytes) ? "original" : "text";
  });
}

/** The rows of the longest sheet. */
async function countRows(readable: ReadableDocument): Promise<number> {
  const rows = new Map<number, number>();
  // A table of lines is one sheet.
  const sheetOf = ({ number }: Page): number => (readable.document.unit === "line" ? 1 : number);
  for (const page of await readable.pages()) {
    rows.set(sheetOf(page), (rows.get(sheetOf(page)) ?? 0) + page.text.split("\n").length);
  }
  return Math.max(0, ...rows.values());
}
