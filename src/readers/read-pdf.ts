import { readFile } from "node:fs/promises";

import type { PDFDocumentProxy } from "pdfjs-dist";

import type { FileType } from "../core/document.ts";
import type { ErrorCode, ErrorDetails } from "../core/errors.ts";
import { createTokenCounter } from "./count-tokens.ts";
import { inspectPdfBytes } from "./inspect-pdf-bytes.ts";
import { joinTextItems } from "./join-text-items.ts";
import { loadPdfjs, PDFJS_FOLDERS } from "./load-pdfjs.ts";
import type { ReadRequest, ReadResult, ReadSink } from "./messages.ts";

const PDF: FileType = { kind: "pdf", mimeType: "application/pdf", extension: "pdf" };
const SCAN: FileType = { ...PDF, kind: "scan" };
/**
 * What a model is charged for the picture of a page at most: 2,500 patches, times 1.2 (developers.openai.com
 * guides/images-vision, read 2026-09; how large it draws a page is not published).
 */
const SCAN_PAGE_TOKENS = 3_000;
/** A scan may carry a stamp or a page number: so few characters a page, and no page with a paragraph, is no text. */
const SCAN_CHARS_PER_PAGE = 20;
const PARAGRAPH_CHARS = 100;

/**
 * Reads a PDF page by page: text, tokens, and why it cannot be used (broken, encrypted, too long). One whose pages are
 * pictures is a `scan`, for models that can look at them.
 */
export async function readPdf(file: ReadRequest, sink: ReadSink): Promise<ReadResult> {
  const bytes = await readFile(file.path);
  const { isComplete, hasImages } = inspectPdfBytes(bytes);
  if (!isComplete) return failed(file, "file_broken", { reason: "truncated" });
  const pdfjs = await loadPdfjs();
  const task = pdfjs.getDocument({
    // pdf.js refuses a Buffer and takes the memory over.
    data: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    ...PDFJS_FOLDERS,
    cMapPacked: true,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    enableXfa: false,
    stopAtErrors: false,
    verbosity: pdfjs.VerbosityLevel.ERRORS,
  });
  try {
    const document = await task.promise;
    return await readPages(document, file, sink, hasImages);
  } catch (error) {
    const name = error instanceof Error ? error.name : "Error";
    if (name === "PasswordException") return failed(file, "file_encrypted");
    return failed(file, "file_broken", { reason: name });
  } finally {
    await task.destroy();
  }
}

async function readPages(
  document: PDFDocumentProxy,
  file: ReadRequest,
  sink: ReadSink,
  hasImages: boolean,
): Promise<ReadResult> {
  const pages = document.numPages;
  if (pages === 0) return failed(file, "file_broken", { reason: "no pages" });
  sink.found(PDF, pages);
  if (pages > file.maxPages) {
    return { ...failed(file, "file_too_many_pages", { pages, maxPages: file.maxPages }), pageCount: pages };
  }

  const tokens = createTokenCounter();
  let unreadable = 0;
  let chars = 0;
  let longest = 0;
  for (let number = 1; number <= pages; number++) {
    const text = await readPage(document, number);
    if (text === null) unreadable++;
    const length = (text ?? "").replace(/\s/g, "").length;
    chars += length;
    longest = Math.max(longest, length);
    tokens.add(text ?? "");
    sink.page({ number, text: text ?? "" });
    sink.progress(number, pages);
    if (tokens.total() > file.maxTokens) {
      const estimate = Math.round((tokens.total() / number) * pages);
      const details = { tokens: estimate, maxTokens: file.maxTokens };
      return { ...failed(file, "file_too_many_tokens", details), pageCount: pages, tokens: estimate };
    }
  }

  const result: ReadResult = { type: PDF, unit: "page", pageCount: pages, tokens: tokens.total(), problem: null };
  if (unreadable > pages / 2) {
    return { ...result, problem: { code: "file_broken", details: { name: file.name, reason: "unreadable pages" } } };
  }
  const hasLittleText = chars < SCAN_CHARS_PER_PAGE * pages && longest < PARAGRAPH_CHARS;
  if (chars === 0 || (hasLittleText && hasImages)) {
    const scanTokens = pages * SCAN_PAGE_TOKENS;
    if (scanTokens <= file.maxTokens) return { ...result, type: SCAN, tokens: scanTokens };
    const details = { tokens: scanTokens, maxTokens: file.maxTokens };
    return { ...failed(file, "file_too_many_tokens", details), pageCount: pages, tokens: scanTokens };
  }
  return result;
}

/** The text of a page, or null for a page that is damaged: the others are still worth reading. */
async function readPage(document: PDFDocumentProxy, number: number): Promise<string | null> {
  try {
    const page = await document.getPage(number);
    try {
      const content = await page.getTextContent();
      return joinTextItems(content.items);
    } finally {
      page.cleanup();
    }
  } catch {
    return null;
  }
}

function failed(file: ReadRequest, code: ErrorCode, details: ErrorDetails = {}): ReadResult {
  return {
    type: PDF,
    unit: "page",
    pageCount: null,
    tokens: 0,
    problem: { code, details: { name: file.name, ...details } },
  };
}
