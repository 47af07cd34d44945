import type { Clock, Metrics } from "../ports/system.ts";
import type { Turn } from "../turn.ts";

/**
 * Observes `added_seconds`: the time from accepting a question to the last part of its answer, without the run (from
 * asking the engine for it until its end at `runEndedAt`, milliseconds since the epoch). What is left are the queue, the
 * documents and the posting. Nothing is observed when the run did not end in this process: then nobody knows.
 */
export function observeAddedTime(
  { createdAt, runRequestedAt, incoming }: Pick<Turn, "createdAt" | "runRequestedAt" | "incoming">,
  runEndedAt: number | null,
  { clock, metrics }: { readonly clock: Clock; readonly metrics: Metrics },
): void {
  if (runEndedAt === null || runRequestedAt === null) return;
  const addedMs = clock.now() - runEndedAt + (runRequestedAt - createdAt);
  // Dates, for the question may have been accepted by another process: they can jump.
  metrics.observe("added_seconds", Math.max(0, addedMs) / 1000, { bot: incoming.bot });
}
