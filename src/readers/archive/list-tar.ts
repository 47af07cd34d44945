import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";

import { Parser, type ReadEntry } from "tar";

import { ReadProblem } from "../read-problem.ts";

/** A file inside a tar. */
export interface TarEntry {
  /** As it stands in the tar: it may name a place outside of it, and is never used as a path. */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Longer than any path. */
const MAX_META_BYTES = 64 * 1024;

/**
 * Calls `onFile` for each file of a tar, one after the other, and waits for it; what it leaves of the bytes is skipped.
 * Folders, links and devices are left out. What `onFile` throws ends it. @throws ReadProblem `file_broken`
 */
export async function listTar(
  path: string,
  options: { readonly isPacked: boolean; readonly onFile: (entry: TarEntry) => Promise<void> },
): Promise<void> {
  const source = createReadStream(path);
  const unpacked = options.isPacked ? source.pipe(createGunzip()) : source;
  source.on("error", (error) => unpacked.destroy(error));
  const failed = Promise.withResolvers<never>();
  // Somebody waits for it only while the parser is full.
  failed.promise.catch(() => undefined);
  let work = Promise.resolve();
  const parser = new Parser({
    maxMetaEntrySize: MAX_META_BYTES,
    strict: true,
    onReadEntry(entry) {
      work = work.then(() => take(entry));
      work.catch((error: unknown) => failed.reject(error));
    },
  });
  const ended = new Promise<void>((resolve) => void parser.on("end", resolve));
  parser.on("error", () => failed.reject(broken()));

  let current: ReadEntry | undefined;
  let isOver = false;

  async function take(entry: ReadEntry): Promise<void> {
    if (isOver) return;
    current = entry;
    const isFile = entry.type === "File" || entry.type === "OldFile" || entry.type === "ContiguousFile";
    if (isFile) await options.onFile({ name: entry.path, bytes: entry });
    entry.resume();
  }

  try {
    for await (const chunk of unpacked) {
      // Without an encoding a stream gives bytes.
      if (parser.write(chunk as Uint8Array)) continue;
      await Promise.race([new Promise<void>((resolve) => void parser.once("drain", resolve)), failed.promise]);
    }
    parser.end();
    await Promise.race([ended, failed.promise]);
    await work;
  } catch (error) {
    throw error instanceof ReadProblem ? error : broken();
  } finally {
    source.destroy();
    unpacked.destroy();
    // Whoever still reads a file that will never end is told, and waited for: nothing is written after this.
    isOver = true;
    current?.destroy();
    await work.catch(() => undefined);
  }
}

function broken(): ReadProblem {
  return new ReadProblem("file_broken", { reason: "damaged tar" });
}
