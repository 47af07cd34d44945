/**
 * The moments between two steps at which a crash would matter, by name. A test makes the process die at them; in
 * production nothing listens and a call costs nothing.
 */
export const CRASH_POINTS = [
  "accept: documents noted",
  "accept: turn stored",
  "turn: claimed",
  "document: bytes fetched",
  "document: inspected",
  "document: uploaded, not recorded",
  "document: given to the engines",
  "conversation: created, not recorded",
  "run: requested",
  "run: created, id not saved",
  "run: id saved",
  "run: ended, answer not saved",
  "renewal: notes made",
  "renewal: conversation noted",
  "renewal: filled, not swapped",
  "answer: saved",
  "part: sent, not recorded",
  "part: recorded",
  "job: stored",
  "job: done, not recorded",
] as const;

export type CrashPoint = (typeof CRASH_POINTS)[number];

let listener: ((point: CrashPoint) => void) | undefined;

export function crashPoint(point: CrashPoint): void {
  listener?.(point);
}

/** For tests alone: calls back at every crash point that is reached. */
export function onCrashPoint(callback: (point: CrashPoint) => void): void {
  listener = callback;
}
