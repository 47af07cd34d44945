/** A process of its own that reads files one after the other, and tells what came of each and how much memory it took. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { createReader } from "../../src/readers/create-reader.ts";

export interface ReadInProcess {
  readonly outcomes: Readonly<Record<string, string>>;
  /** The most that the process was seen to hold, threads and all. */
  readonly peakMb: number;
}

/** Reads files, given by their names and where they lie, as Docent does; archives are unpacked. */
export async function readInProcess(files: Readonly<Record<string, string>>): Promise<ReadInProcess> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    fileURLToPath(import.meta.url),
    JSON.stringify(files),
  ]);
  // What this very file writes below.
  return JSON.parse(stdout) as ReadInProcess;
}

async function readAll(files: Readonly<Record<string, string>>): Promise<ReadInProcess> {
  const reader = createReader();
  const outcomes: Record<string, string> = {};
  let peak = 0;
  // What the system says of the whole time counts the process that started this one as well.
  const looking = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 10);
  for (const [name, at] of Object.entries(files)) {
    const folder = await mkdtemp(path.join(tmpdir(), "docent-hostile-"));
    const { problem, pages, unpacked } = await reader.read(
      { path: at, name },
      { maxTokens: 2_000_000, maxPages: 10_000, timeoutMs: 60_000 },
      {
        signal: new AbortController().signal,
        unpackTo: { folder, maxFiles: 200, maxFileBytes: 100 * 1024 * 1024, maxTotalBytes: 500 * 1024 * 1024 },
      },
    );
    await rm(folder, { recursive: true });
    const inner = unpacked?.files.map((file) => `${file.name}: ${file.problem?.code ?? "read"}`).join(", ");
    const read = inner ?? pages.map(({ text }) => text).join(" ");
    outcomes[name] = problem === null ? `read: ${read.slice(0, 60)}` : toCode(problem);
  }
  await reader.stop();
  clearInterval(looking);
  return { outcomes, peakMb: peak / 1024 / 1024 };
}

function toCode({ code, details }: { code: string; details: Readonly<Record<string, string | number>> }): string {
  return details["reason"] === undefined ? code : `${code} (${details["reason"]})`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = JSON.parse(process.argv[2] ?? "{}") as Record<string, string>;
  process.stdout.write(JSON.stringify(await readAll(files)));
}
