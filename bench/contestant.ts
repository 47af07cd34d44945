import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { processorMs } from "../scripts/fleet/cpu.ts";

const root = path.join(import.meta.dirname, "..");
const peer = (file: string): readonly string[] => [path.join(import.meta.dirname, "peers", file)];

export interface Contestant {
  readonly name: "Docent" | "Vercel chat" | "10 s and 2 s poll" | "5 s poll";
  /** What Node is started with, from the root of the repository. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Sleeps between polls: what it takes is known without many measurements. */
  readonly isPolling: boolean;
}

/** The flags that `npm start` gives to Node belong to what is measured. */
function docentArgs(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
    scripts: { start: string };
  };
  return scripts.start.split(" ").slice(1);
}

export const CONTESTANTS: readonly Contestant[] = [
  // Each question waits for the model in a place of its own, as with the peers.
  { name: "Docent", args: docentArgs(), env: { CONCURRENT_RUNS: "64" }, isPolling: false },
  { name: "Vercel chat", args: peer("vercel-chat.ts"), env: {}, isPolling: false },
  {
    name: "10 s and 2 s poll",
    args: peer("polling-bot.ts"),
    env: { FIRST_SLEEP_MS: "10000", NEXT_SLEEP_MS: "2000" },
    isPolling: true,
  },
  {
    name: "5 s poll",
    args: peer("polling-bot.ts"),
    env: { FIRST_SLEEP_MS: "5000", NEXT_SLEEP_MS: "5000" },
    isPolling: true,
  },
];

/** A contestant that runs as a process of its own. */
export interface Running {
  /** Resident memory in megabytes, as the system counts it. */
  residentMb(): number;
  /** Processor time used so far, in milliseconds, of all threads. */
  processorMs(): number;
  /** Memory in use after a full collection, in bytes; only when it was started with `isInspected`. */
  usedBytes(): Promise<number>;
  stop(): Promise<void>;
}

const READY = /is ready/;
const REPORT = path.join(import.meta.dirname, "report-memory.ts");

/** Starts a contestant with a fresh data folder and waits until it says that it is ready. */
export async function startContestant(
  contestant: Contestant,
  env: Readonly<Record<string, string>>,
  options: { readonly isInspected?: boolean; readonly nodeArgs?: readonly string[] } = {},
): Promise<Running> {
  const folder = mkdtempSync(path.join(tmpdir(), "docent-bench-"));
  const inspect = options.isInspected === true ? ["--expose-gc", "--import", REPORT] : [];
  const child = spawn(process.execPath, [...inspect, ...(options.nodeArgs ?? []), ...contestant.args], {
    cwd: root,
    env: {
      PATH: process.env["PATH"] ?? "",
      DATA_DIR: folder,
      PORT: "0",
      LOG_LEVEL: "error",
      LOG_FORMAT: "json",
      OPENAI_API_KEY: "test-key",
      OPENAI_MODEL: "gpt-6-luna",
      ...contestant.env,
      ...env,
    },
    // The peers report each refusal at length; what they lose is counted here.
    stdio: ["ignore", "pipe", contestant.name === "Docent" ? "inherit" : "ignore", "ipc"],
  });
  if (options.isInspected !== true) child.disconnect();
  await new Promise<void>((resolve, reject) => {
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on("line", (line) => {
        if (READY.test(line)) resolve();
      });
    }
    child.once("exit", (code) => reject(new Error(`${contestant.name} ended with ${code}.`)));
  });
  const pid = child.pid ?? 0;
  return {
    residentMb: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024,
    processorMs: () => processorMs([pid]),
    async usedBytes() {
      child.send("report");
      const [used] = (await once(child, "message")) as [number];
      return used;
    },
    async stop() {
      await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  const forced = setTimeout(() => child.kill("SIGKILL"), 5_000);
  await exit;
  clearTimeout(forced);
}
