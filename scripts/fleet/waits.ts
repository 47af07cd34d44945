import type { Question } from "./arrivals.ts";
import type { Assumptions } from "./assumptions.ts";
import { serve, type Served } from "./serve.ts";

const HOUR = 3_600;
/** What a queue that starts empty needs to look like one that has been there all day. */
const WARM_UP = HOUR / 2;
const TARGET_SECONDS = 1;

/** How long questions of the busiest hour waited, in seconds. */
export interface Waits {
  /** For a worker, once their conversation was free. */
  readonly worker: { readonly p50: number; readonly p99: number };
  /** For the questions before them in the same conversation. */
  readonly conversation: { readonly p50: number; readonly p99: number };
}

export interface FleetWaits extends Waits {
  readonly replicas: number;
}

/** The first second of the busiest hour, that is of the 3,600 seconds in which most questions arrive. */
export function findBusiestHour(questions: readonly Question[]): number {
  let best = { at: 0, count: 0 };
  let last = 0;
  for (const [first, { at }] of questions.entries()) {
    while ((questions[last]?.at ?? Number.POSITIVE_INFINITY) < at + HOUR) last += 1;
    if (last - first > best.count) best = { at, count: last - first };
  }
  return best.at;
}

export function measureWaits(questions: readonly Question[], served: Served, fromSecond: number): Waits {
  const worker: number[] = [];
  const conversation: number[] = [];
  for (const [index, { at }] of questions.entries()) {
    if (at < fromSecond || at >= fromSecond + HOUR) continue;
    const claimable = served.claimableAt[index] ?? 0;
    worker.push((served.startedAt[index] ?? 0) - claimable);
    conversation.push(claimable - at);
  }
  return { worker: percentiles(worker), conversation: percentiles(conversation) };
}

/**
 * Waits at the busiest hour by the number of replicas, around the smallest fleet whose p99 of waiting for a worker is
 * under a second, which is returned as well.
 */
export function findSmallestFleet(
  questions: readonly Question[],
  assumptions: Assumptions,
): { readonly smallest: number; readonly around: readonly FleetWaits[] } {
  const hour = findBusiestHour(questions);
  const window = questions.filter(({ at }) => at >= hour - WARM_UP && at < hour + HOUR);
  const known = new Map<number, FleetWaits>();
  const waitsOf = (replicas: number): FleetWaits => {
    const workers = replicas * assumptions["concurrent-runs"];
    const found = known.get(replicas) ?? {
      replicas,
      ...measureWaits(window, serve(window, { workers, besideRunSeconds: assumptions["beside-run-seconds"] }), hour),
    };
    known.set(replicas, found);
    return found;
  };
  const isEnough = (replicas: number): boolean => waitsOf(replicas).worker.p99 < TARGET_SECONDS;
  let high = 1;
  while (!isEnough(high)) high *= 2;
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  const sizes = [-2, -1, 0, 1, 2].map((step) => high + step * Math.max(1, Math.round(high / 10)));
  return { smallest: high, around: sizes.filter((size) => size > 0).map(waitsOf) };
}

function percentiles(values: readonly number[]): { p50: number; p99: number } {
  const sorted = Float64Array.from(values).toSorted();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}
