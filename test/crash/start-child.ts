import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { CrashPoint } from "../../src/core/crash-point.ts";
import type { World } from "./world.ts";

/**
 * Starts the whole program and tells the world where it is. With a crash point it dies there, at the `count`-th time;
 * without one the promise waits until the program is ready.
 */
export async function startChild(
  env: Readonly<Record<string, string>>,
  world: Pick<World, "setUrl">,
  point?: CrashPoint,
  count = 1,
): Promise<ChildProcess> {
  // The flag as in `npm start`.
  const child = spawn(process.execPath, ["--max-semi-space-size=8", "test/crash/dying-program.ts"], {
    env: point === undefined ? env : { ...env, CRASH_AT: point, CRASH_COUNT: String(count) },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ready = (async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /Docent is ready: (\S+)/.exec(line)?.[1];
      if (url !== undefined) return url;
    }
    return null;
  })();
  const announce = async (): Promise<void> => {
    const url = await ready;
    // It may die before it is ready: at what it finds in the inbox.
    if (url !== null && child.exitCode === null && child.signalCode === null) world.setUrl(url);
  };
  const announced = announce();
  if (point === undefined) await announced;
  child.stdout.resume();
  return child;
}
