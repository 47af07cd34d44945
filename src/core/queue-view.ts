import type { Clock, Log } from "./ports/system.ts";
import type { Turn } from "./turn.ts";

const EVERY_MS = 1_000;

export interface QueueView {
  /** A turn has ended: those behind it have moved up. */
  moved(): void;
  stop(): void;
}

/** Shows those who wait their place in the queue as it changes, at most once a second. */
export function createQueueView(options: {
  clock: Clock;
  log: Log;
  waiting: () => Promise<readonly Turn[]>;
  show: (turn: Turn) => Promise<void>;
}): QueueView {
  const { clock, log, waiting, show } = options;
  const stopping = new AbortController();
  let isPlanned = false;

  async function showAll(): Promise<void> {
    await clock.sleep(EVERY_MS, stopping.signal);
    isPlanned = false;
    for (const turn of await waiting()) await show(turn);
  }

  return {
    moved() {
      if (isPlanned || stopping.signal.aborted) return;
      isPlanned = true;
      showAll().catch((error: unknown) => {
        isPlanned = false;
        if (!stopping.signal.aborted) log.debug("The queue could not be shown.", { error });
      });
    },
    stop: () => stopping.abort(),
  };
}
