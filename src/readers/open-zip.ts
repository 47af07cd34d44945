import { openPromise, type Entry, type ZipFile } from "yauzl";

import { decodeText } from "./decode-text.ts";
import { ReadProblem } from "./read-problem.ts";

/** The flag of an entry whose name is UTF-8. */
const UTF8_NAME = 0x800;
const UNIX_TYPE = 0xf000;
const UNIX_LINK = 0xa000;

/** A file inside a ZIP. */
export interface ZipEntry {
  /** As it stands in the ZIP: it may name a place outside of it, and is never used as a path. */
  readonly name: string;
  readonly isEncrypted: boolean;
  /** The bytes, unpacked as they are read. Throws when they are more, or others, than the ZIP says. */
  open(): Promise<AsyncIterable<Uint8Array>>;
}

/** A ZIP that is open for reading. */
export interface OpenZip extends AsyncDisposable {
  /** Files only: no folders, no links. */
  readonly entries: readonly ZipEntry[];
}

/**
 * Opens a ZIP and reads its table of contents, which may name at most `maxEntries` files.
 * @throws ReadProblem `file_too_many_inside`, `file_broken`
 */
export async function openZip(path: string, maxEntries: number): Promise<OpenZip> {
  // Names are decoded here: old programs write them in the code page of their country.
  const zip = await openPromise(path, { autoClose: false, decodeStrings: false }).catch(() => {
    throw new ReadProblem("file_broken", { reason: "not a ZIP" });
  });
  try {
    const entries: ZipEntry[] = [];
    for await (const entry of zip.eachEntry()) {
      const name = toName(entry);
      const unixType = (entry.externalFileAttributes >>> 16) & UNIX_TYPE;
      if (name.endsWith("/") || unixType === UNIX_LINK) continue;
      if (entries.length === maxEntries) throw new ReadProblem("file_too_many_inside", { max: maxEntries });
      entries.push({ name, isEncrypted: entry.isEncrypted(), open: () => zip.openReadStreamPromise(entry) });
    }
    return { entries, [Symbol.asyncDispose]: () => close(zip) };
  } catch (error) {
    await close(zip);
    if (error instanceof ReadProblem) throw error;
    throw new ReadProblem("file_broken", { reason: "damaged ZIP" });
  }
}

function toName(entry: Entry): string {
  const bytes = entry.fileNameRaw;
  const isUtf8 = (entry.generalPurposeBitFlag & UTF8_NAME) !== 0;
  const name = isUtf8 ? bytes.toString("utf8") : (decodeText(bytes) ?? bytes.toString("latin1"));
  return name.replaceAll("\\", "/");
}

function close(zip: ZipFile): Promise<void> {
  zip.close();
  return Promise.resolve();
}
