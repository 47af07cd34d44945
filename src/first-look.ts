import type { Readiness } from "./core/ports/readiness.ts";
import type { Clock } from "./core/ports/system.ts";

/** A vendor that answers soon is waited for; a start must not be held up by one that does not. */
const PATIENCE_MS = 150;

/** What each part says of itself; null: not known yet. */
export type PartStates = Readonly<Record<string, Readiness | null>>;

/**
 * Asks every part once, and gives what they have said after a moment. `onLate` is told what comes after that, part by
 * part, in this process's own time.
 */
export async function takeFirstLook(
  checks: Readonly<Record<string, () => Promise<Readiness>>>,
  { clock, onLate }: { readonly clock: Clock; readonly onLate: (part: string, state: Readiness) => void },
): Promise<PartStates> {
  const states: Record<string, Readiness | null> = {};
  let isOver = false;
  const looks = Object.entries(checks).map(async ([part, check]) => {
    states[part] = null;
    const state = await ask(check);
    if (isOver) onLate(part, state);
    else states[part] = state;
  });
  const patience = new AbortController();
  const tired = clock.sleep(PATIENCE_MS, patience.signal).catch(() => undefined);
  await Promise.race([Promise.all(looks), tired]);
  patience.abort();
  isOver = true;
  return states;
}

async function ask(check: () => Promise<Readiness>): Promise<Readiness> {
  try {
    return await check();
  } catch (error) {
    return { ready: false, reason: error instanceof Error ? error.message : "It could not be checked." };
  }
}
