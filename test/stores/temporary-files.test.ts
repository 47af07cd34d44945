import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createTemporaryFiles } from "../../src/stores/temporary-files.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";

const HOUR_MS = 60 * 60 * 1000;

/** The name of this machine in the names of folders. */
async function thisMachine(): Promise<string> {
  const folder = temporaryFolder();
  await createTemporaryFiles(folder).withFolder(() => Promise.resolve());
  return readdirSync(folder)[0]?.split(".")[0] ?? "";
}

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["--version"]);
  await once(child, "exit");
  return child.pid ?? 0;
}

function leave(folder: string, name: string, writtenAt: number): void {
  mkdirSync(path.join(folder, name), { recursive: true });
  writeFileSync(path.join(folder, name, "copy"), "x");
  utimesSync(path.join(folder, name), writtenAt / 1000, writtenAt / 1000);
}

describe("temporary files", () => {
  it("are for this user alone, and gone afterwards, also after a failure", async () => {
    const folder = path.join(temporaryFolder(), "new");
    const files = createTemporaryFiles(folder);
    const failure = new Error("unreadable");
    await expect(
      files.withPath(async (file) => {
        await writeFile(file, "x", { mode: 0o600 });
        expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
        throw failure;
      }),
    ).rejects.toBe(failure);
    await files.withFolder((lent) => writeFile(path.join(lent, "0"), "x"));
    expect(readdirSync(folder, { recursive: true })).toHaveLength(1);
    await files.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("of a process that ended are removed at the next start", async () => {
    const folder = temporaryFolder();
    const machine = await thisMachine();
    leave(folder, `${machine}.${await deadPid()}.crashed`, Date.now());
    // A container's process has the same number every time.
    leave(folder, `${machine}.${process.pid}.earlier`, performance.timeOrigin - HOUR_MS);
    leave(folder, "another.1.crashed", Date.now() - 2 * HOUR_MS);
    createTemporaryFiles(folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("of a process that lives are left alone", async () => {
    const folder = temporaryFolder();
    const machine = await thisMachine();
    const living = [`${machine}.${process.ppid}.lives`, `${machine}.${process.pid}.this`, "another.1.perhaps"];
    for (const name of living) leave(folder, name, Date.now() - HOUR_MS / 2);
    utimesSync(path.join(folder, living[1] ?? ""), new Date(), new Date());
    createTemporaryFiles(folder);
    expect(readdirSync(folder).toSorted()).toEqual(living.toSorted());
  });
});
