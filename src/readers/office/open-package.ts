import { openZip, type ZipEntry } from "../open-zip.ts";
import { ReadProblem } from "../read-problem.ts";

/** A long novel has a few hundred parts; a workbook with pictures a few thousand. */
const MAX_PARTS = 20_000;
/** What is read of one file, unpacked. A file as long as `MAX_FILE_TOKENS` allows takes about half of it. */
const MAX_UNPACKED_BYTES = 128 * 1024 * 1024;

/** The parts of an Office file, an OpenDocument file or an e-book. */
export interface Package extends AsyncDisposable {
  has(part: string): boolean;
  /** A part's text, piece by piece. @throws ReadProblem `file_broken`, `file_encrypted`, `file_bomb` */
  text(part: string): AsyncGenerator<string>;
}

/** Opens a file that is a ZIP of parts. What is read of all parts together is limited. @throws ReadProblem */
export async function openPackage(path: string): Promise<Package> {
  const zip = await openZip(path, MAX_PARTS);
  const parts = new Map<string, ZipEntry>(zip.entries.map((entry) => [entry.name, entry]));
  let unpacked = 0;

  async function* text(part: string): AsyncGenerator<string> {
    const entry = parts.get(part);
    if (entry === undefined) throw new ReadProblem("file_broken", { reason: "a part is missing" });
    if (entry.isEncrypted) throw new ReadProblem("file_encrypted");
    let decoder: TextDecoder | undefined;
    for await (const bytes of await entry.open()) {
      unpacked += bytes.length;
      if (unpacked > MAX_UNPACKED_BYTES) throw new ReadProblem("file_bomb");
      decoder ??= createDecoder(bytes);
      yield decoder.decode(bytes, { stream: true });
    }
    yield decoder?.decode() ?? "";
  }

  return { has: (part) => parts.has(part), text, [Symbol.asyncDispose]: () => zip[Symbol.asyncDispose]() };
}

/** XML is UTF-8 unless a mark says otherwise. */
function createDecoder(start: Uint8Array): TextDecoder {
  if (start[0] === 0xff && start[1] === 0xfe) return new TextDecoder("utf-16le");
  if (start[0] === 0xfe && start[1] === 0xff) return new TextDecoder("utf-16be");
  return new TextDecoder("utf-8");
}
