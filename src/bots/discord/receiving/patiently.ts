import { toDocentError, type ErrorCode } from "../../../core/errors.ts";
import type { Wiring } from "../wiring.ts";

/** How often core is asked to store something when that fails for a reason of its own, and the pause before the first repeat. */
const TRIES = 5;
const FIRST_PAUSE_MS = 1000;

/**
 * Repeats what core could not store, as Discord does not tell it again. `what`: for the log, e.g. "accepting a message".
 * @throws what `work` threw last; `stopping` when the bot stops meanwhile
 */
export async function patiently<T>(
  what: string,
  work: () => Promise<T>,
  { wiring, mayPass }: { readonly wiring: Wiring; readonly mayPass: (code: ErrorCode) => boolean },
): Promise<T> {
  const { clock, log } = wiring.options;
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      const { code } = toDocentError(error, what);
      if (code === "stopping" || tries === TRIES || !mayPass(code)) throw error;
      log.warn(`discord: ${what} failed; trying again.`, { tries, error });
      await clock.sleep(FIRST_PAUSE_MS * 2 ** (tries - 1), wiring.stopping);
    }
  }
}
