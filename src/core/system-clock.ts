import type { Clock } from "./ports/system.ts";

/** The machine's own time. */
export function createSystemClock(): Clock {
  return {
    now: () => Date.now(),
    steady: () => performance.timeOrigin + performance.now(),
    sleep,
  };
}

/** Node's own (`timers/promises`) makes an error with a stack for every sleep that is called off: most are. */
function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    // Whatever the reason is: sleepers are told why, not that.
    const callOff = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", callOff);
      resolve();
    }, ms);
    if (signal?.aborted === true) callOff();
    else signal?.addEventListener("abort", callOff, { once: true });
  });
}
