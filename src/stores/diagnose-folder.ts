import { randomUUID } from "node:crypto";
import { accessSync, constants, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { found, type Finding } from "../core/ports/diagnosis.ts";
import { MIN_FREE_BYTES } from "./sqlite/open-database.ts";

/** With less than this, a team's uploads may fill the disk before anybody looks. */
const LITTLE_BYTES = 1024 * 1024 * 1024;
const BYTES_PER_GIGABYTE = 1_000_000_000;

/** Whether a folder can be written to, and how much room its disk has. Makes nothing that stays. */
export function diagnoseFolder(
  folder: string,
  options: { readonly subject: string; readonly variable: string; readonly freeBytes?: (folder: string) => number },
): readonly Finding[] {
  const { subject, variable, freeBytes = readFreeBytes } = options;
  const state = statSync(folder, { throwIfNoEntry: false });
  try {
    if (state === undefined) {
      const parent = nearestFolder(folder);
      if (!statSync(parent).isDirectory()) throw new Error("ENOTDIR");
      accessSync(parent, constants.W_OK);
      return [found("ok", `${subject}.writable`, ["doctor.store.to_be_made", { folder }]), judgeSpace(parent)];
    }
    const probe = path.join(folder, `doctor-${randomUUID()}`);
    writeFileSync(probe, "Docent checks whether it can write here.\n", { mode: 0o600 });
    rmSync(probe);
    return [found("ok", `${subject}.writable`, ["doctor.store.writable", { folder }]), judgeSpace(folder)];
  } catch (error) {
    const reason = codeOf(error);
    const finding = found(
      "problem",
      `${subject}.writable`,
      ["doctor.store.not_writable", { folder, reason }],
      ["doctor.store.writable_remedy", { folder, variable }],
    );
    return [finding];
  }

  function judgeSpace(place: string): Finding {
    const free = freeBytes(place);
    const seen = ["doctor.store.space", { folder: place, free: free / BYTES_PER_GIGABYTE }] as const;
    if (free >= LITTLE_BYTES) return found("ok", `${subject}.space`, seen);
    const remedy = ["doctor.store.space_remedy", { folder: place, variable }] as const;
    return found(free < MIN_FREE_BYTES ? "problem" : "warning", `${subject}.space`, seen, remedy);
  }
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
