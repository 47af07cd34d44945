import type { Clock, Log } from "../ports/system.ts";
import type { Turn } from "../turn.ts";

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
  /** The first that are open, in the order of their arrival. */
  openTurns: () => Promise<readonly Turn[]>;
  isActive: (turnId: string) => boolean;
  /** `position`: how many questions stand before it. */
  show: (turn: Turn, position: number) => Promise<void>;
}): QueueView {
  const { clock, log, show } = options;
  const stopping = new AbortController();
  let isPlanned = false;

  async function showAll(): Promise<void> {
    await clock.sleep(EVERY_MS, stopping.signal);
    isPlanned = false;
    for (const { turn, position } of toWaiting(await options.openTurns(), options.isActive)) await show(turn, position);
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

/** Those that wait, each with its place: of what is worked on, only its own conversation's stands before it. */
function toWaiting(
  turns: readonly Turn[],
  isActive: (turnId: string) => boolean,
): readonly { readonly turn: Turn; readonly position: number }[] {
  const questions = turns.filter(({ incoming }) => incoming.kind === "question");
  const waits = ({ id, state }: Turn): boolean => state === "queued" && !isActive(id);
  const busy = new Set(questions.filter((turn) => !waits(turn)).map(({ incoming }) => incoming.conversation));
  return questions
    .filter(waits)
    .map((turn, index) => ({ turn, position: index + (busy.has(turn.incoming.conversation) ? 1 : 0) }));
}
