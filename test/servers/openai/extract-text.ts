import { extname } from "node:path";
import { unzipSync } from "fflate";
import type { StoredFile } from "./state.ts";

/**
 * The text of an uploaded file as the vendor's own extraction could give it. On purpose it is not what Docent extracts:
 * no page marks, one space for any white space, ligatures resolved, words that were broken at a line end joined.
 */
export function extractText(file: StoredFile): Promise<string> {
  file.text ??= extract(file);
  return file.text;
}

/** Throws for text in an encoding that the vendor does not take. */
async function extract({ filename, bytes }: StoredFile): Promise<string> {
  const extension = extname(filename).toLowerCase();
  if (extension === ".pdf") return await extractPdf(bytes);
  if (extension === ".xlsx") return extractWorkbook(bytes);
  return decode(bytes);
}

/** The first 1,000 rows of each sheet, as the vendor reads them. */
function extractWorkbook(bytes: Buffer): string {
  const parts = unzipSync(bytes);
  const read = (part: string): string => Buffer.from(parts[part] ?? []).toString("utf8");
  const strings = [...read("xl/sharedStrings.xml").matchAll(/<si>.*?<t[^>]*>([^<]*)<\/t>/gs)].map((match) => match[1]);
  const rows = Object.keys(parts)
    .filter((part) => part.startsWith("xl/worksheets/"))
    .flatMap((part) => [...read(part).matchAll(/<row[^>]*>(.*?)<\/row>/gs)].slice(0, 1_000));
  const lines = rows.map(([, row = ""]) =>
    [...row.matchAll(/<c ([^>]*)><v>([^<]*)<\/v>/g)]
      .map(([, attributes = "", value = ""]) => (attributes.includes('t="s"') ? strings[Number(value)] : value))
      .join(","),
  );
  return collapse(lines.join("\n"));
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

/** UTF-8, ASCII, or UTF-16 with a mark. */
function decode(bytes: Buffer): string {
  const isUtf16 = bytes.length > 1 && (bytes.readUInt16BE(0) === 0xfffe || bytes.readUInt16BE(0) === 0xfeff);
  const label = !isUtf16 ? "utf-8" : bytes.readUInt16BE(0) === 0xfffe ? "utf-16le" : "utf-16be";
  return collapse(new TextDecoder(label, { fatal: true }).decode(bytes));
}

function collapse(text: string): string {
  return text
    .normalize("NFKC")
    .replaceAll(/(\p{L})-\s*\n\s*(\p{Ll})/gu, "$1$2")
    .replaceAll(/\s+/gu, " ")
    .trim();
}
