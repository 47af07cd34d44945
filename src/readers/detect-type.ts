import { open } from "node:fs/promises";

import { fileTypeFromFile } from "file-type";

import type { FileType } from "../core/document.ts";
import { decodeText } from "./decode-text.ts";
import { extensionOf, toTextType } from "./text-types.ts";

/** A type we read; or the name of one we do not, e.g. `EXE`; or a file that is not what its name says it is. */
export type Detection =
  | { readonly kind: "known"; readonly type: FileType }
  | { readonly kind: "unsupported"; readonly type: string }
  | { readonly kind: "damaged" };

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
  return detectBinary(path, name);
}

/** Whether the bytes at a file's start hold the header of a PDF. */
export function hasPdfHeader(start: Uint8Array): boolean {
  return Buffer.from(start.buffer, start.byteOffset, Math.min(start.byteLength, PDF_HEADER_BYTES)).includes("%PDF-");
}

/** The first bytes of a file, at most `count`. */
export async function readStart(path: string, count: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function detectBinary(path: string, name: string): Promise<Detection> {
  const named = extensionOf(name);
  const found = (await fileTypeFromFile(path).catch(() => undefined))?.ext;
  if (found !== undefined) {
    const mimeType = IMAGES[found];
    if (mimeType !== undefined) {
      return { kind: "known", type: { kind: "image", mimeType, extension: found === "apng" ? "png" : found } };
    }
    const isOldOffice = found === "cfb" && OLD_OFFICE.has(named);
    return { kind: "unsupported", type: (isOldOffice ? named : found).toUpperCase() };
  }
  // Bytes that are nothing we know, under a name that promises something we read.
  const promised = named === "pdf" || named === "jpeg" || Object.hasOwn(IMAGES, named);
  if (promised) return { kind: "damaged" };
  const isTextName = toTextType(name).extension === named;
  return { kind: "unsupported", type: named === "" || isTextName ? "BIN" : named.toUpperCase() };
}
