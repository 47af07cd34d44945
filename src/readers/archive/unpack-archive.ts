import { rm, stat } from "node:fs/promises";

import type { FileType } from "../../core/document.ts";
import type { InnerFile, UnpackTo } from "../../core/ports/reader.ts";
import { detectType } from "../detect-type.ts";
import { openZip } from "../open-zip.ts";
import { ReadProblem } from "../read-problem.ts";
import { toInnerName } from "./inner-name.ts";
import { listTar } from "./list-tar.ts";
import { createUnpackBudget } from "./unpack-budget.ts";

/** An archive may lie in an archive, and no deeper. */
const MAX_DEPTH = 2;

export interface Unpacked {
  readonly files: readonly InnerFile[];
  /** Files of types that Docent does not read, empty ones among them. */
  readonly leftOut: number;
}

/**
 * Unpacks an archive into a folder, with the archives in it. Names are only shown: files are written under numbers, and
 * links are left out. What is wrong with one file is said of that file; what is wrong with the whole is thrown.
 * @throws ReadProblem `file_too_many_inside`, `file_bomb`, `file_broken`, `file_encrypted`, `file_nothing_inside`
 */
export async function unpackArchive(path: string, type: FileType, unpackTo: UnpackTo): Promise<Unpacked> {
  const budget = createUnpackBudget((await stat(path)).size, unpackTo);
  const files: InnerFile[] = [];
  let leftOut = 0;

  async function open(archive: string, { extension }: FileType, prefix: string, depth: number): Promise<void> {
    if (extension === "zip") return await openZipFiles(archive, prefix, depth);
    await listTar(archive, {
      isPacked: extension === "tgz",
      onFile: async ({ name, bytes }) => {
        const shown = toInnerName(name);
        if (shown === null) return;
        budget.takeFile();
        await take(bytes, `${prefix}${shown}`, depth);
      },
    });
  }

  async function openZipFiles(archive: string, prefix: string, depth: number): Promise<void> {
    await using zip = await openZip(archive, unpackTo.maxFiles * 2);
    const entries = zip.entries.flatMap((entry) => {
      const name = toInnerName(entry.name);
      return name === null ? [] : [{ entry, name: `${prefix}${name}` }];
    });
    // All are counted before the first is written.
    for (const _ of entries) budget.takeFile();
    for (const { entry, name } of entries) {
      if (entry.isEncrypted) files.push(refused("file_encrypted", name));
      else await take(await openEntry(entry), name, depth);
    }
  }

  async function take(bytes: AsyncIterable<Uint8Array> | null, name: string, depth: number): Promise<void> {
    let written: string | null;
    try {
      if (bytes === null) return void files.push(refused("file_broken", name));
      written = await budget.write(bytes);
    } catch (error) {
      // A disk without room is no matter of the archive; else the bytes are not what it promised.
      const isDiskFull = error instanceof Error && "code" in error && error.code === "ENOSPC";
      if (isDiskFull || error instanceof ReadProblem) throw error;
      return void files.push(refused("file_broken", name));
    }
    if (written === null) {
      return void files.push(refused("file_too_large", name, { maxMb: unpackTo.maxFileBytes / 1024 / 1024 }));
    }
    const { size } = await stat(written);
    const detection = size === 0 ? null : await detectType(written, name);
    if (detection === null || detection.kind === "unsupported") {
      leftOut += 1;
      await rm(written);
    } else if (detection.kind === "known" && detection.type.kind === "archive") {
      await openInner(written, detection.type, name, depth);
      await rm(written);
    } else files.push({ name, path: written, problem: null });
  }

  async function openInner(archive: string, inner: FileType, name: string, depth: number): Promise<void> {
    if (depth === MAX_DEPTH) return void files.push(refused("file_nested_too_deep", name));
    try {
      await open(archive, inner, `${name}/`, depth + 1);
    } catch (error) {
      if (!(error instanceof ReadProblem) || error.code !== "file_broken") throw error;
      files.push(refused("file_broken", name));
    }
  }

  await open(path, type, "", 1);
  if (files.length === 0) throw new ReadProblem("file_nothing_inside");
  if (files.every(({ problem }) => problem?.code === "file_encrypted")) throw new ReadProblem("file_encrypted");
  return { files, leftOut };
}

async function openEntry(entry: {
  open(): Promise<AsyncIterable<Uint8Array>>;
}): Promise<AsyncIterable<Uint8Array> | null> {
  // How it is packed is known to nobody, or its place is outside of the file.
  return await entry.open().catch(() => null);
}

function refused(
  code: "file_encrypted" | "file_broken" | "file_too_large" | "file_nested_too_deep",
  name: string,
  details = {},
): InnerFile {
  return { name, path: null, problem: { code, details: { name, ...details } } };
}
