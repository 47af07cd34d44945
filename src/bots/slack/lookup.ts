import type { Clock } from "../../core/ports/system.ts";

export interface Lookup<T> {
  /** The value, from memory where it is fresh; what is known, or undefined, when Slack takes longer than we may wait. */
  get(key: string): Promise<T | undefined>;
  forget(key: string): void;
}

interface Entry<T> {
  readonly value: T | undefined;
  readonly until: number;
}

const MAX_ENTRIES = 5_000;

/**
 * A cache in front of a slow question. It waits `waitMs` at most: an acknowledgement is due within three seconds, and
 * what is looked up only makes an answer better. Never rejects.
 */
export function createLookup<T>(options: {
  clock: Clock;
  ttlMs: number;
  /** How long a failure counts before it is asked again. */
  failureTtlMs: number;
  waitMs: number;
  load: (key: string) => Promise<T>;
}): Lookup<T> {
  const { clock } = options;
  const entries = new Map<string, Entry<T>>();
  const underWay = new Map<string, Promise<T | undefined>>();

  return {
    async get(key) {
      const known = entries.get(key);
      if (known !== undefined && known.until > clock.steady()) return known.value;
      const loading = underWay.get(key) ?? load(key, known?.value);
      const patience = new AbortController();
      const tired = clock.sleep(options.waitMs, patience.signal).then(
        () => known?.value,
        () => known?.value,
      );
      try {
        return await Promise.race([loading, tired]);
      } finally {
        patience.abort();
      }
    },
    forget: (key) => void entries.delete(key),
  };

  function load(key: string, before: T | undefined): Promise<T | undefined> {
    const loading = options
      .load(key)
      .then((value) => keep(key, value, options.ttlMs))
      .catch(() => keep(key, before, options.failureTtlMs))
      .finally(() => underWay.delete(key));
    underWay.set(key, loading);
    return loading;
  }

  function keep(key: string, value: T | undefined, ttlMs: number): T | undefined {
    entries.delete(key);
    entries.set(key, { value, until: clock.steady() + ttlMs });
    if (entries.size > MAX_ENTRIES) {
      const [oldest = key] = entries.keys();
      entries.delete(oldest);
    }
    return value;
  }
}
