import type { Clock } from "../../src/core/ports/system.ts";

/** Time that stands still until a test turns it. */
export interface ManualClock extends Clock {
  /** Moves the time on and wakes whoever slept until then. */
  advance(ms: number): void;
  /** Moves the date alone, as somebody does who sets a clock. */
  jump(ms: number): void;
  /** Resolves as soon as somebody sleeps for exactly so long. */
  whenSleeping(ms: number): Promise<void>;
  /** The sleeps that were begun, in milliseconds, also those that were skipped. */
  readonly sleeps: readonly number[];
}

interface Sleeper {
  readonly ms: number;
  readonly until: number;
  readonly wake: () => void;
}

/**
 * A clock for tests. Sleeps of at most `skipUpTo` milliseconds pass at once and move the time on, so that pauses
 * between attempts need no care; longer ones wait for `advance`.
 */
export function createManualClock(options: { startAt?: number; skipUpTo?: number } = {}): ManualClock {
  const skipUpTo = options.skipUpTo ?? 0;
  const sleepers = new Set<Sleeper>();
  const sleeps: number[] = [];
  const watchers = new Set<() => void>();
  let time = options.startAt ?? Date.UTC(2026, 10, 23);
  let jumped = 0;

  return {
    sleeps,
    now: () => time + jumped,
    steady: () => time,
    jump: (ms) => void (jumped += ms),
    sleep(ms, signal) {
      sleeps.push(ms);
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return rejectWithReason(signal, reject);
        if (ms <= skipUpTo) {
          // Not within this tick: a loop of sleeps must let others have their turn.
          setImmediate(() => {
            time += ms;
            resolve();
          });
          return;
        }
        const onAbort = (): void => {
          sleepers.delete(sleeper);
          if (signal !== undefined) rejectWithReason(signal, reject);
        };
        const sleeper: Sleeper = {
          ms,
          until: time + ms,
          wake() {
            sleepers.delete(sleeper);
            signal?.removeEventListener("abort", onAbort);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", onAbort, { once: true });
        for (const check of watchers) check();
      });
    },
    advance(ms) {
      time += ms;
      for (const sleeper of [...sleepers].toSorted((one, other) => one.until - other.until)) {
        if (sleeper.until <= time) sleeper.wake();
      }
    },
    whenSleeping(ms) {
      const isSleeping = (): boolean => [...sleepers].some((sleeper) => sleeper.ms === ms);
      if (isSleeping()) return Promise.resolve();
      return new Promise((resolve) => {
        const check = (): void => {
          if (!isSleeping()) return;
          watchers.delete(check);
          resolve();
        };
        watchers.add(check);
      });
    },
  };
}

/** The signal's own reason, whatever it is: as `throwIfAborted` throws it. */
function rejectWithReason(signal: AbortSignal, reject: (reason: unknown) => void): void {
  try {
    signal.throwIfAborted();
  } catch (reason) {
    reject(reason);
  }
}
