import type { Clock } from "../../../core/ports/system.ts";

const REPEAT_AFTER_MS = 2_000;

/** Why a wait ends that nobody needs any more: no error, as nobody is to hear it. */
const OVER = "over";

/**
 * Waits for work, at most so long; `undefined` means that the time is over. The work itself goes on.
 * Rejects with the signal's reason when that aborts.
 */
export async function waitAtMost<T>(
  work: Promise<T>,
  ms: number,
  { clock, signal }: { clock: Clock; signal?: AbortSignal },
): Promise<{ readonly value: T } | undefined> {
  signal?.throwIfAborted();
  const patience = new AbortController();
  const stop = (): void => patience.abort(signal?.reason);
  signal?.addEventListener("abort", stop, { once: true });
  const timeout = clock.sleep(Math.max(0, ms), patience.signal).then(() => undefined);
  try {
    return await Promise.race([work.then((value) => ({ value })), timeout]);
  } finally {
    signal?.removeEventListener("abort", stop);
    patience.abort(OVER);
    // Whichever lost may still fail; nobody is there to hear it.
    work.catch(() => undefined);
    timeout.catch(() => undefined);
  }
}

/** Repeats work until it is done, it fails for good, or the time is over; then its last error is thrown. */
export async function repeatUntil<T>(
  deadlineAt: number,
  work: () => Promise<T>,
  options: { clock: Clock; signal: AbortSignal; passes: (error: unknown) => boolean },
): Promise<T> {
  const { clock, signal } = options;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const leftMs = deadlineAt - clock.steady();
      if (leftMs <= 0 || !options.passes(error)) throw error;
      await clock.sleep(Math.min(REPEAT_AFTER_MS * (0.75 + Math.random() * 0.25), leftMs), signal);
    }
  }
}
