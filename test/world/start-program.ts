import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { CrashPoint } from "../../src/core/crash-point.ts";
import type { World } from "./world.ts";

export interface StartOptions {
  /** It dies there, at the `count`-th time. */
  readonly point?: CrashPoint | undefined;
  readonly count?: number;
  /** Gets each line of its log. */
  readonly onLog?: (line: string) => void;
}

/** Starts the whole program. `url` resolves when it is ready, with null when it has ended before that. */
export function startProgram(
  env: Readonly<Record<string, string>>,
  options: StartOptions = {},
): { readonly child: ChildProcess; readonly url: Promise<string | null> } {
  const { point, count = 1, onLog } = options;
  const program = point === undefined ? "src/main.ts" : "test/crash/dying-program.ts";
  // The flag as in `npm start`.
  const child = spawn(process.execPath, ["--max-semi-space-size=8", program], {
    env: point === undefined ? env : { ...env, CRASH_AT: point, CRASH_COUNT: String(count) },
    stdio: ["ignore", "pipe", onLog === undefined ? "ignore" : "pipe"],
  });
  if (child.stderr !== null && onLog !== undefined) createInterface({ input: child.stderr }).on("line", onLog);
  return { child, url: child.stdout === null ? Promise.resolve(null) : readUrl(child.stdout) };
}

/** Starts the program as the world's only one. Without a crash point the promise waits until it is ready. */
export async function startChild(
  env: Readonly<Record<string, string>>,
  world: Pick<World, "setUrls">,
  point?: CrashPoint,
  count = 1,
): Promise<ChildProcess> {
  const { child, url: ready } = startProgram(env, { point, count });
  const announce = async (): Promise<void> => {
    const url = await ready;
    // It may die before it is ready: at what it finds in the inbox.
    if (url !== null && child.exitCode === null && child.signalCode === null) world.setUrls([url]);
  };
  const announced = announce();
  if (point === undefined) await announced;
  return child;
}

async function readUrl(output: NodeJS.ReadableStream): Promise<string | null> {
  for await (const line of createInterface({ input: output })) {
    const url = /Docent is ready: (\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    output.resume();
    return url;
  }
  return null;
}
