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
 * what is looked up only makes an answer better. Who asks while it is being loaded waits no longer than who asked first.
 * Never rejects.
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
  const underWay = new Map<string, { readonly loaded: Promise<T | undefined>; readonly since: number }>();

  return {
    async get(key) {
      const known = entries.get(key);
      if (known !== undefined && known.until > clock.steady()) return known.value;
      const { loaded, since } = underWay.get(key) ?? load(key, known?.value);
      const waitMs = since + options.waitMs - clock.steady();
      // One message may ask for the same twice, and the next for what the last waited for in vain.
      if (waitMs <= 0) return known?.value;
      const patience = new AbortController();
      const tired = clock.sleep(waitMs, patience.signal).then(
        () => known?.value,
        () => known?.value,
      );
      try {
        return await Promise.race([loaded, tired]);
      } finally {
        patience.abort("done");
      }
    },
    forget: (key) => void entries.delete(key),
  };

  function load(key: string, before: T | undefined) {
    const loaded = options
      .load(key)
      .then((value) => keep(key, value, options.ttlMs))
      .catch(() => keep(key, before, options.failureTtlMs))
      .finally(() => underWay.delete(key));
    const loading = { loaded, since: clock.steady() };
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
