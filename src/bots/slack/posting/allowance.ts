import type { Clock } from "../../../core/ports/system.ts";

/** So many things a minute, and at first a burst of them. */
export interface Allowance {
  /** False when there is not that much left just now. */
  take(amount: number): boolean;
}

export function createAllowance(options: { clock: Clock; perMinute: number; burst: number }): Allowance {
  const { clock, perMinute, burst } = options;
  let left = burst;
  let countedAt = clock.steady();
  return {
    take(amount) {
      const now = clock.steady();
      left = Math.min(burst, left + ((now - countedAt) / 60_000) * perMinute);
      countedAt = now;
      if (left < amount) return false;
      left -= amount;
      return true;
    },
  };
}
