import type { Clock } from "./ports/system.ts";

/** Counts by name, so that nobody takes more than an allowance within a time. Of one process: replicas each have theirs. */
export interface RateLimit {
  /** Milliseconds until `name` may go on; 0 when it may now. */
  waitOf(name: string): number;
  /** Uses one of what `name` is allowed. */
  use(name: string): void;
}

/** Names that are remembered at most: who invents addresses must not fill the memory. */
const MAX_NAMES = 10_000;

/** `max` in each `windowMs`, which begins with a name's first use. */
export function createRateLimit({ max, windowMs, clock }: { max: number; windowMs: number; clock: Clock }): RateLimit {
  const uses = new Map<string, { count: number; readonly endsAt: number }>();

  function find(name: string): { count: number; readonly endsAt: number } | undefined {
    const found = uses.get(name);
    if (found === undefined || found.endsAt > clock.steady()) return found;
    uses.delete(name);
    return undefined;
  }

  return {
    waitOf(name) {
      const found = find(name);
      return found === undefined || found.count < max ? 0 : found.endsAt - clock.steady();
    },
    use(name) {
      const found = find(name);
      if (found !== undefined) {
        found.count += 1;
        return;
      }
      // Windows are of one length, so the first that began is the first that ends.
      const [oldest] = uses.size >= MAX_NAMES ? uses.keys() : [];
      if (oldest !== undefined) uses.delete(oldest);
      uses.set(name, { count: 1, endsAt: clock.steady() + windowMs });
    },
  };
}
