import { setTimeout as sleep } from "node:timers/promises";

/** Something that is to happen so many seconds from the start. */
export interface Scheduled {
  readonly atSeconds: number;
  readonly happen: () => Promise<void>;
}

/** Again and again until a time. */
export function every(seconds: number, until: number, happen: () => Promise<void>): readonly Scheduled[] {
  const count = seconds > 0 ? Math.floor(until / seconds) : 0;
  return Array.from({ length: count }, (_, index) => ({ atSeconds: (index + 1) * seconds, happen }));
}

/** So many times, spread over the time. */
export function evenly(count: number, until: number, happen: (index: number) => Promise<void>): readonly Scheduled[] {
  return Array.from({ length: count }, (_, index) => ({
    atSeconds: ((index + 1) * until) / (count + 1),
    happen: () => happen(index),
  }));
}

/** Side by side: a restart of Postgres must not put off the next kill. */
export async function schedule(events: readonly Scheduled[]): Promise<void> {
  await Promise.all(
    events.map(async ({ atSeconds, happen }) => {
      await sleep(atSeconds * 1000);
      await happen();
    }),
  );
}
