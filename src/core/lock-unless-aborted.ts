import type { Lock } from "./ports/system.ts";

/**
 * Does work under a lock, for which nobody waits any longer when `signal` aborts. Work that has begun is waited for, and
 * has to look at the signal itself. @throws the signal's reason
 */
export async function lockUnlessAborted<T>(
  lock: Lock,
  name: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const { promise: wait, resolve: endWait } = Promise.withResolvers<void>();
  let hasBegun = false;
  signal.addEventListener("abort", onAbort, { once: true });
  const done = lock(name, async () => {
    signal.throwIfAborted();
    hasBegun = true;
    endWait();
    return await work();
  });
  // Also a lock that could not be had ends the wait.
  done.catch(onAbort);
  try {
    await wait;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
  if (!hasBegun) signal.throwIfAborted();
  return await done;

  function onAbort(): void {
    endWait();
  }
}
