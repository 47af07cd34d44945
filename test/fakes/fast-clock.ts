import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../../src/core/ports/system.ts";

/** A clock on which time passes so many times faster than it does: pauses are short, deadlines are soon. */
export function createFastClock(factor: number): Clock {
  const startedAt = Date.now();
  const begun = performance.now();
  return {
    // The date stays true: other machines' dates are compared with it.
    now: () => Date.now(),
    steady: () => startedAt + (performance.now() - begun) * factor,
    sleep: (ms, signal) => wait(ms / factor, undefined, { signal }),
  };
}
