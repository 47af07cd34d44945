import { createHash, randomUUID } from "node:crypto";
import { readdirSync, rmSync, statSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { makeFolder } from "./make-folder.ts";

/** Local copies of what is stored elsewhere: readers open files by their paths. */
export interface TemporaryFiles {
  /** Runs `use` with a path at which nothing is yet; what is there when `use` has ended is deleted. */
  withPath<T>(use: (path: string) => Promise<T>): Promise<T>;
  /** Runs `use` with an empty folder, which is removed with everything in it when `use` has ended. */
  withFolder<T>(use: (path: string) => Promise<T>): Promise<T>;
  /** Removes this process's folder. */
  close(): Promise<void>;
}

/** Of a process on another machine nobody here can tell whether it lives; no copy is needed this long. */
const FOREIGN_AGE_MS = 60 * 60 * 1000;

/**
 * Temporary files in a folder of this process within `folder`, which other processes may use too. What a crash left
 * there is removed first: a copy of a document must not outlive it.
 */
export function createTemporaryFiles(folder: string): TemporaryFiles {
  const machine = createHash("sha256").update(hostname()).digest("hex").slice(0, 12);
  makeFolder(folder);
  for (const name of readdirSync(folder)) {
    const target = path.join(folder, name);
    if (isLeftOver(target, machine)) rmSync(target, { recursive: true, force: true });
  }
  const own = path.join(folder, `${machine}.${process.pid}.${randomUUID()}`);

  const reserve = async (): Promise<string> => {
    // Each time: whoever tidies up may have removed it.
    await mkdir(own, { recursive: true, mode: 0o700 });
    return path.join(own, randomUUID());
  };
  // A thread that was ended may have a write on its way.
  const remove = (target: string): Promise<void> => rm(target, { recursive: true, force: true, maxRetries: 5 });

  return {
    async withPath(use) {
      const target = await reserve();
      try {
        return await use(target);
      } finally {
        await remove(target);
      }
    },
    async withFolder(use) {
      const target = await reserve();
      await mkdir(target, { mode: 0o700 });
      try {
        return await use(target);
      } finally {
        await remove(target);
      }
    },
    close: () => remove(own),
  };
}

function isLeftOver(target: string, machine: string): boolean {
  const stats = statSync(target, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  const [owner, pid] = path.basename(target).split(".");
  if (owner !== machine) return stats.mtimeMs < Date.now() - FOREIGN_AGE_MS;
  // In a container every process has the same number: what is older than this one belongs to an earlier one.
  if (Number(pid) === process.pid) return stats.mtimeMs < performance.timeOrigin;
  return !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Someone else's process: it lives.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
