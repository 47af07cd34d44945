import { extname } from "node:path";
import { unzipSync } from "fflate";
import { distort, type Extraction } from "./distort.ts";
import { toExtracted, type Extracted } from "./extracted.ts";
import { readPdfLines } from "./read-pdf-lines.ts";
import type { StoredFile } from "./state.ts";

/**
 * The text of an uploaded file as the model reads it in a prompt: no page marks, one space for any white space,
 * ligatures resolved, words that were broken at a line end joined. Throws for an encoding that the vendor does not take.
 */
export function extractText(file: StoredFile): Promise<Extracted> {
  file.text ??= extract(file);
  return file.text;

  async function extract(each: StoredFile): Promise<Extracted> {
    return toExtracted(await readLines(each, false));
  }
}

/** The text of a file as a vector store keeps it: read in other ways than anybody else's. */
export async function extractForSearch(file: StoredFile, extraction: Extraction | null): Promise<Extracted> {
  if (extraction === null) return await extractText(file);
  const { inRows, pages, shape } = distort(file.bytes, extraction);
  return toExtracted(pages(await readLines(file, inRows)), shape);
}

async function readLines({ filename, bytes }: StoredFile, inRows: boolean): Promise<readonly (readonly string[])[]> {
  const extension = extname(filename).toLowerCase();
  if (extension === ".pdf") return await readPdfLines(bytes, inRows);
  return [(extension === ".xlsx" ? readWorkbook(bytes) : decode(bytes)).split("\n")];
}

/** The first 1,000 rows of each sheet, as the vendor reads them. */
function readWorkbook(bytes: Buffer): string {
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
  return lines.join("\n");
}

/** UTF-8, ASCII, or UTF-16 with a mark. */
function decode(bytes: Buffer): string {
  const isUtf16 = bytes.length > 1 && (bytes.readUInt16BE(0) === 0xfffe || bytes.readUInt16BE(0) === 0xfeff);
  const label = !isUtf16 ? "utf-8" : bytes.readUInt16BE(0) === 0xfffe ? "utf-16le" : "utf-16be";
  return new TextDecoder(label, { fatal: true }).decode(bytes);
}
