import { fileTypeFromFile } from "file-type";

import type { FileType } from "../core/document.ts";
import { decodeText } from "./decode-text.ts";
import { detectTar } from "./detect-tar.ts";
import { detectZip } from "./detect-zip.ts";
import { readStart } from "./read-start.ts";
import { ReadProblem } from "./read-problem.ts";
import { extensionOf, toTextType } from "./text-types.ts";

/** A type we read; or the name of one we do not, e.g. `EXE`; or a file that is not what its name says it is. */
export type Detection =
  | { readonly kind: "known"; readonly type: FileType }
  | { readonly kind: "unsupported"; readonly type: string }
  | { readonly kind: "damaged" }
  | { readonly kind: "encrypted" };

/** Readers of PDF accept that many bytes before the header. */
const PDF_HEADER_BYTES = 1024;
const SAMPLE_BYTES = 65_536;
const IMAGES: Readonly<Record<string, string>> = {
  png: "image/png",
  apng: "image/png",
  jpg: "image/jpeg",
  webp: "image/webp",
  gif: "image/gif",
};
/** Office wraps a file with a password into the container of the old formats. */
const OFFICE_WITH_PASSWORD: ReadonlySet<string> = new Set(["docx", "docm", "xlsx", "xlsm", "pptx", "pptm"]);
/** What people call archives and Office files; unknown bytes under such a name are a damaged file. */
const PACKED: ReadonlySet<string> = new Set("zip tar tgz docx xlsx pptx odt ods odp epub".split(" "));
/** The old Office formats share one container. */
const OLD_OFFICE: ReadonlySet<string> = new Set(["doc", "xls", "ppt", "msg", "msi", "pub", "vsd", "hwp"]);
/** Formats written in text that nobody reads as text. */
const UNREADABLE_TEXT: readonly (readonly [start: string, type: string])[] = [
  ["{\\rtf", "RTF"],
  ["%!PS", "PS"],
];

/** Finds a file's true type from its bytes; the name only tells kinds of text apart. Throws when it cannot be read. */
export async function detectType(path: string, name: string): Promise<Detection> {
  const sample = await readStart(path, SAMPLE_BYTES);
  if (hasPdfHeader(sample)) {
    return { kind: "known", type: { kind: "pdf", mimeType: "application/pdf", extension: "pdf" } };
  }
  const text = decodeText(sample, sample.length === SAMPLE_BYTES);
  if (text !== null) {
    const unreadable = UNREADABLE_TEXT.find(([start]) => text.startsWith(start));
    if (unreadable !== undefined) return { kind: "unsupported", type: unreadable[1] };
    return { kind: "known", type: toTextType(name) };
  }
  return isZip(sample) ? detectPacked(path) : detectBinary(path, name);
}

/** Whether the bytes at a file's start hold the header of a PDF. */
export function hasPdfHeader(start: Uint8Array): boolean {
  return Buffer.from(start.buffer, start.byteOffset, Math.min(start.byteLength, PDF_HEADER_BYTES)).includes("%PDF-");
}

/** Also an empty archive begins with these two letters. */
export function isZip(start: Uint8Array): boolean {
  return start[0] === 0x50 && start[1] === 0x4b && [3, 5, 7].includes(start[2] ?? 0);
}

async function detectPacked(path: string): Promise<Detection> {
  try {
    const type = await detectZip(path);
    return "unsupported" in type ? { kind: "unsupported", type: type.unsupported } : { kind: "known", type };
  } catch (error) {
    if (error instanceof ReadProblem) return { kind: "damaged" };
    throw error;
  }
}

async function detectBinary(path: string, name: string): Promise<Detection> {
  const named = extensionOf(name);
  const tar = await detectTar(path);
  if (tar !== undefined) return { kind: "known", type: tar };
  const found = (await fileTypeFromFile(path).catch(() => undefined))?.ext;
  if (found !== undefined) {
    const mimeType = IMAGES[found];
    if (mimeType !== undefined) {
      return { kind: "known", type: { kind: "image", mimeType, extension: found === "apng" ? "png" : found } };
    }
    if (found === "cfb" && OFFICE_WITH_PASSWORD.has(named)) return { kind: "encrypted" };
    const isOldOffice = found === "cfb" && OLD_OFFICE.has(named);
    return { kind: "unsupported", type: (isOldOffice ? named : found).toUpperCase() };
  }
  // Bytes that are nothing we know, under a name that promises something we read.
  const promised = named === "pdf" || named === "jpeg" || Object.hasOwn(IMAGES, named) || PACKED.has(named);
  if (promised) return { kind: "damaged" };
  const isTextName = toTextType(name).extension === named;
  return { kind: "unsupported", type: named === "" || isTextName ? "BIN" : named.toUpperCase() };
}
