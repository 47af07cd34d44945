import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "./ports/system.ts";

/** The machine's own time. */
export function createSystemClock(): Clock {
  return {
    now: () => Date.now(),
    steady: () => performance.timeOrigin + performance.now(),
    sleep: (ms, signal) => wait(ms, undefined, { signal }),
  };
}
