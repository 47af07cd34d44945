import { randomUUID } from "node:crypto";
import { accessSync, constants, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { found, type Finding, type Said } from "../core/ports/diagnosis.ts";
import { MIN_FREE_BYTES } from "./sqlite/open-database.ts";

/** With less than this, a team's uploads may fill the disk before anybody looks. */
const LITTLE_BYTES = 1024 * 1024 * 1024;
const BYTES_PER_GIGABYTE = 1_000_000_000;
/** A disk with more than this is not full of bytes, but of files. */
const FULL_BYTES = 1024 * 1024;

/** What is asked of a disk. */
export interface DiskProbe {
  readonly freeBytes?: (folder: string) => number;
  /** Makes a small file. @throws what the disk refuses it with */
  readonly writeFile?: (file: string) => void;
}

/** Whether a folder can be written to, and how much room its disk has. Makes nothing that stays. */
export function diagnoseFolder(
  folder: string,
  options: DiskProbe & { readonly subject: string; readonly variable: string },
): readonly Finding[] {
  const { subject, variable, freeBytes = readFreeBytes, writeFile = writeProbe } = options;
  const state = statSync(folder, { throwIfNoEntry: false });
  try {
    if (state === undefined) {
      const parent = nearestFolder(folder);
      if (!statSync(parent).isDirectory()) throw new Error("ENOTDIR");
      accessSync(parent, constants.W_OK);
      return [found("ok", `${subject}.writable`, ["doctor.store.to_be_made", { folder }]), judgeSpace(parent)];
    }
    const probe = path.join(folder, `doctor-${randomUUID()}`);
    try {
      writeFile(probe);
    } finally {
      // A full disk makes a file and then takes nothing into it.
      rmSync(probe, { force: true });
    }
    return [found("ok", `${subject}.writable`, ["doctor.store.writable", { folder }]), judgeSpace(folder)];
  } catch (error) {
    return [found("problem", `${subject}.writable`, ...explain(codeOf(error)))];
  }

  /** What was seen, and what mends it: rights are only one of the reasons. */
  function explain(reason: string): readonly [Said, Said] {
    const values = { folder, variable, reason };
    if (reason === "EROFS")
      return [
        ["doctor.store.read_only", values],
        ["doctor.store.read_only_remedy", values],
      ];
    if (reason === "EDQUOT")
      return [
        ["doctor.store.quota", values],
        ["doctor.store.quota_remedy", values],
      ];
    if (reason !== "ENOSPC")
      return [
        ["doctor.store.not_writable", values],
        ["doctor.store.writable_remedy", values],
      ];
    const free = freeBytes(folder);
    return free < FULL_BYTES
      ? [
          ["doctor.store.full", values],
          ["doctor.store.space_remedy", values],
        ]
      : [
          ["doctor.store.no_inodes", { ...values, free: free / BYTES_PER_GIGABYTE }],
          ["doctor.store.inodes_remedy", values],
        ];
  }

  function judgeSpace(place: string): Finding {
    const free = freeBytes(place);
    const seen = ["doctor.store.space", { folder: place, free: free / BYTES_PER_GIGABYTE }] as const;
    if (free >= LITTLE_BYTES) return found("ok", `${subject}.space`, seen);
    const remedy = ["doctor.store.space_remedy", { folder: place, variable }] as const;
    return found(free < MIN_FREE_BYTES ? "problem" : "warning", `${subject}.space`, seen, remedy);
  }
}

function writeProbe(file: string): void {
  writeFileSync(file, "Docent checks whether it can write here.\n", { mode: 0o600 });
}

function readFreeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** The folder itself, or the nearest above it that is there. */
function nearestFolder(folder: string): string {
  const parent = path.dirname(path.resolve(folder));
  return statSync(parent, { throwIfNoEntry: false }) === undefined ? nearestFolder(parent) : parent;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "ENOTDIR";
}
