import type { Clock } from "../ports/system.ts";
import type { Turn } from "../turn.ts";

/** A run that was started before a crash has used up some of its time; one that is still to be started has all of it. */
export function toDeadline(
  { run, runRequestedAt }: Pick<Turn, "run" | "runRequestedAt">,
  { clock, runDeadlineSeconds }: { readonly clock: Clock; readonly runDeadlineSeconds: number },
): number {
  const allowedMs = runDeadlineSeconds * 1000;
  // The date may have jumped meanwhile: what is left is never more than all, nor less than nothing.
  const usedMs = run === null ? 0 : Math.min(Math.max(clock.now() - (runRequestedAt ?? 0), 0), allowedMs);
  return clock.steady() + allowedMs - usedMs;
}
