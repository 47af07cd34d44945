import type { Clock } from "../../core/ports/system.ts";

/** Leave to ask. Whoever has it says how it went, unless it was given up halfway: that says nothing. */
export interface Pass<Reason> {
  /** The circuit is open, and this one may find out whether it still has to be. */
  readonly isProbe: boolean;
  succeeded(): void;
  /** `weight` (1) counts towards the threshold. */
  failed(reason: Reason, weight?: number): void;
}

/** Nothing may be sent before `retryAfterMs` have passed. */
export interface Refusal<Reason> {
  readonly reason: Reason;
  readonly retryAfterMs: number;
}

export interface Circuit<Reason> {
  enter(): Pass<Reason> | Refusal<Reason>;
  /** What `enter` would refuse with, without taking the place of a probe. */
  refusal(): Refusal<Reason> | undefined;
  isOpen(): boolean;
}

export interface CircuitOptions<Reason> {
  readonly clock: Pick<Clock, "steady">;
  /** Failures in a row, by weight, that open it. */
  readonly threshold: number;
  readonly onOpen?: (reason: Reason) => void;
  readonly onClose?: (openedForMs: number) => void;
  readonly random?: () => number;
}

/** Between two probes: at least the first, growing to at most the second. */
export const SHORTEST_PAUSE_MS = 10_000;
export const LONGEST_PAUSE_MS = 30_000;

/** Upwards only: below the shortest pause there is nothing. */
const JITTER = 0.25;
const GROWTH = 1.5;

interface Open<Reason> {
  readonly since: number;
  readonly reason: Reason;
  readonly probes: number;
  readonly nextProbeAt: number;
}

/**
 * Stops asking what does not answer. Closed, it lets everyone through; after enough failures in a row it opens and
 * refuses everyone but one probe every ten to thirty seconds. Any success closes it.
 */
export function createCircuit<Reason>(options: CircuitOptions<Reason>): Circuit<Reason> {
  const { clock, threshold, random = Math.random } = options;
  let open: Open<Reason> | undefined;
  let failures = 0;
  /** Counts how often it closed: failures of requests from before say nothing about now. */
  let era = 0;

  function toPauseMs(probes: number): number {
    const pause = Math.min(SHORTEST_PAUSE_MS * GROWTH ** probes, LONGEST_PAUSE_MS / (1 + JITTER));
    return Math.round(pause * (1 + random() * JITTER));
  }

  function refusal(): Refusal<Reason> | undefined {
    if (open === undefined) return undefined;
    const retryAfterMs = open.nextProbeAt - clock.steady();
    return retryAfterMs > 0 ? { reason: open.reason, retryAfterMs } : undefined;
  }

  function succeeded(): void {
    failures = 0;
    if (open === undefined) return;
    const openedForMs = clock.steady() - open.since;
    open = undefined;
    era += 1;
    options.onClose?.(openedForMs);
  }

  return {
    isOpen: () => open !== undefined,
    refusal,
    enter() {
      const refused = refusal();
      if (refused !== undefined) return refused;
      const isProbe = open !== undefined;
      // The next one is counted from here: a probe that hangs, or is given up, holds nobody back for longer.
      if (open !== undefined) open = { ...open, nextProbeAt: clock.steady() + toPauseMs(open.probes) };
      const begun = era;
      return {
        isProbe,
        succeeded,
        failed(reason, weight = 1) {
          if (begun !== era) return;
          const now = clock.steady();
          if (open === undefined) {
            failures += weight;
            if (failures < threshold) return;
            open = { since: now, reason, probes: 0, nextProbeAt: now + toPauseMs(0) };
            options.onOpen?.(reason);
          } else if (isProbe) {
            const probes = open.probes + 1;
            open = { ...open, reason, probes, nextProbeAt: Math.max(open.nextProbeAt, now + toPauseMs(probes)) };
          }
        },
      };
    },
  };
}

export function isRefusal<Reason>(entered: Pass<Reason> | Refusal<Reason>): entered is Refusal<Reason> {
  return "retryAfterMs" in entered;
}
