import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";

import type { UnpackTo } from "../../core/ports/reader.ts";
import { ReadProblem } from "../read-problem.ts";

/** Text packs to a tenth, logs to a thirtieth; what unpacks to more than this was made to fill a disk. */
const MAX_RATIO = 100;
/** A small file may be packed better than that. */
const RATIO_FROM_BYTES = 10 * 1024 * 1024;

/** What all files of an archive may take together, however archives lie in each other. */
export interface UnpackBudget {
  /** Counts one more file. @throws ReadProblem `file_too_many_inside` */
  takeFile(): void;
  /**
   * Writes a file into the folder and returns its path, or null for one that is longer than a file may be.
   * @throws ReadProblem `file_bomb`; and what `bytes` throws
   */
  write(bytes: AsyncIterable<Uint8Array>): Promise<string | null>;
}

export function createUnpackBudget(archiveBytes: number, unpackTo: UnpackTo): UnpackBudget {
  const { folder, maxFiles, maxFileBytes, maxTotalBytes } = unpackTo;
  const most = Math.min(maxTotalBytes, Math.max(archiveBytes * MAX_RATIO, RATIO_FROM_BYTES));
  let files = 0;
  let total = 0;
  let written = 0;

  return {
    takeFile() {
      files += 1;
      if (files > maxFiles) throw new ReadProblem("file_too_many_inside", { max: maxFiles });
    },
    async write(bytes) {
      // Under numbers: what a file is called in the archive is never a path of ours.
      const path = `${folder}/${written++}`;
      let isTooLarge = false;
      await pipeline(async function* () {
        let size = 0;
        for await (const chunk of bytes) {
          size += chunk.length;
          total += chunk.length;
          if (total > most) throw new ReadProblem("file_bomb");
          isTooLarge ||= size > maxFileBytes;
          // The rest is counted and not kept.
          if (!isTooLarge) yield chunk;
        }
      }, createWriteStream(path));
      if (!isTooLarge) return path;
      await rm(path, { force: true });
      return null;
    },
  };
}
