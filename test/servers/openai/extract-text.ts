import { extname } from "node:path";
import type { StoredFile } from "./state.ts";

/**
 * The text of an uploaded file as the vendor's own extraction could give it. On purpose it is not what Docent extracts:
 * no page marks, one space for any white space, ligatures resolved, words that were broken at a line end joined.
 */
export function extractText(file: StoredFile): Promise<string> {
  file.text ??=
    extname(file.filename).toLowerCase() === ".pdf" ? extractPdf(file.bytes) : Promise.resolve(decode(file.bytes));
  return file.text;
}

async function extractPdf(bytes: Buffer): Promise<string> {
  const getDocument = await loadQuietly();
  const task = getDocument({ data: new Uint8Array(bytes), useSystemFonts: false, verbosity: 0 });
  const pdf = await task.promise;
  const pages: string[] = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    const content = await page.getTextContent();
    pages.push(content.items.map((item) => ("str" in item ? item.str + (item.hasEOL ? "\n" : " ") : "")).join(""));
    page.cleanup();
  }
  await task.destroy();
  return collapse(pages.join("\n"));
}

/** pdf.js warns on the console that it cannot draw here, which nobody wants to. */
async function loadQuietly(): Promise<typeof import("pdfjs-dist/legacy/build/pdf.mjs").getDocument> {
  const { warn } = globalThis.console;
  globalThis.console.warn = () => undefined;
  try {
    return (await import("pdfjs-dist/legacy/build/pdf.mjs")).getDocument;
  } finally {
    globalThis.console.warn = warn;
  }
}

function decode(bytes: Buffer): string {
  return collapse(new TextDecoder("utf-8").decode(bytes));
}

function collapse(text: string): string {
  return text
    .normalize("NFKC")
    .replaceAll(/(\p{L})-\s*\n\s*(\p{Ll})/gu, "$1$2")
    .replaceAll(/\s+/gu, " ")
    .trim();
}
