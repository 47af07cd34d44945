import { createHeap } from "./heap.ts";
import type { Question } from "./arrivals.ts";

/** When each question could be taken by a worker, was taken and was done; by its index, in seconds. */
export interface Served {
  /** Later than its arrival when another question of its conversation was open. */
  readonly claimableAt: Float64Array;
  readonly startedAt: Float64Array;
  readonly endedAt: Float64Array;
  /** Integral over time of the questions that have arrived and are not done, in question seconds. */
  readonly openSeconds: number;
  readonly mostAtWork: number;
}

/**
 * Plays the inbox: questions in the order of their arrival, one at a time in a conversation, and `workers` conversations
 * at once. Each worker is one of the `CONCURRENT_RUNS` of some replica; which one makes no difference to the wait.
 */
export function serve(
  questions: readonly Question[],
  { workers, besideRunSeconds }: { workers: number; besideRunSeconds: number },
): Served {
  const claimableAt = new Float64Array(questions.length);
  const startedAt = new Float64Array(questions.length);
  const endedAt = new Float64Array(questions.length);
  /** Conversations in which a question is open, with those that wait behind it. */
  const conversations = new Map<number, number[]>();
  const claimable: number[] = [];
  let nextClaimable = 0;
  const ends = createHeap((index: number) => endedAt[index] ?? 0);
  let arrived = 0;
  let now = questions[0]?.at ?? 0;
  let open = 0;
  let openSeconds = 0;
  let mostAtWork = 0;

  for (;;) {
    const arrival = questions[arrived];
    const end = ends.peek();
    const isArrival = arrival !== undefined && (end === undefined || arrival.at < (endedAt[end] ?? 0));
    const at = isArrival ? arrival.at : end === undefined ? undefined : endedAt[end];
    if (at === undefined) break;
    openSeconds += open * (at - now);
    now = at;
    if (isArrival) arrive(arrived++, arrival);
    else finish(ends.take());
    while (ends.size() < workers && nextClaimable < claimable.length) start(claimable[nextClaimable++] ?? 0);
  }
  return { claimableAt, startedAt, endedAt, openSeconds, mostAtWork };

  function arrive(index: number, { channel }: Question): void {
    open += 1;
    const behind = conversations.get(channel);
    if (behind !== undefined) return void behind.push(index);
    conversations.set(channel, []);
    offer(index);
  }

  function offer(index: number): void {
    claimableAt[index] = now;
    claimable.push(index);
  }

  function start(index: number): void {
    startedAt[index] = now;
    endedAt[index] = now + (questions[index]?.runSeconds ?? 0) + besideRunSeconds;
    ends.add(index);
    mostAtWork = Math.max(mostAtWork, ends.size());
  }

  function finish(index: number | undefined): void {
    const channel = index === undefined ? undefined : questions[index]?.channel;
    if (channel === undefined) return;
    open -= 1;
    const next = conversations.get(channel)?.shift();
    if (next === undefined) conversations.delete(channel);
    else offer(next);
  }
}
