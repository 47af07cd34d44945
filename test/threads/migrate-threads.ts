import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "../fakes/temporary-folder.ts";

export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** `npm run migrate:threads` as a process of its own, in an environment that holds PATH and what the test gives it. */
export function startMigrating(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, ["scripts/migrate-threads.ts", ...args], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let [output, errors] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(child, "close").then(() => ({ code: child.exitCode, output, errors }));
  return { child, ended };
}

export async function migrateThreads(env: Readonly<Record<string, string>>, ...args: string[]): Promise<Ended> {
  return await startMigrating(env, args).ended;
}

/** Writes a file for one test, and returns its path. */
export function writeInput(value: unknown, name = "old.json"): string {
  const file = path.join(temporaryFolder(), name);
  writeFileSync(file, typeof value === "string" ? value : JSON.stringify(value));
  return file;
}

/** A history in which people say one fact after the other, each with an answer. */
export function tell(facts: readonly string[], firstAt = "2026-05-03T09:00:00Z") {
  const start = Date.parse(firstAt);
  return facts.flatMap((fact, index) => [
    { role: "user", text: fact, name: "Ann", at: new Date(start + index * 60_000).toISOString() },
    { role: "assistant", text: "Noted.【4:0†source】", at: new Date(start + index * 60_000 + 5_000).toISOString() },
  ]);
}
