import type { KeyValue } from "../../../core/ports/stores.ts";
import type { Clock, Lock, Log } from "../../../core/ports/system.ts";
import type { Kept } from "../discord-bot-options.ts";

/** One session may be started every five seconds for each key of the rate limit (topics/gateway.mdx, Rate Limiting). */
const EVERY_MS = 5000;
/** A longer pause comes from a clock that is wrong. */
const LONGEST_MS = 2 * EVERY_MS;

/** When which replica may start a session: Discord counts them all together, and refuses what comes too soon. */
export interface IdentifySlots {
  /**
   * Resolves when a session may be started; calls `onWait` when that takes its time. `key`: the shard's number modulo
   * Discord's `max_concurrency`.
   */
  wait(key: number, signal: AbortSignal, onWait?: () => void): Promise<void>;
}

export function createIdentifySlots(options: {
  readonly seen: KeyValue<Kept>;
  readonly lock: Lock;
  readonly clock: Clock;
  readonly log: Log;
}): IdentifySlots {
  const { seen, lock, clock, log } = options;

  /**
   * Takes the time that is now, or returns how many milliseconds are left until it is free. Nobody takes one ahead: a
   * process that is killed again and again while it starts would use them all up.
   */
  async function take(name: string): Promise<number> {
    return await lock(`discord ${name}`, async () => {
      const now = clock.now();
      const leftMs = Number((await seen.get(name)) ?? 0) + EVERY_MS - now;
      if (leftMs > 0 && leftMs <= LONGEST_MS) return leftMs;
      await seen.set(name, String(now));
      return 0;
    });
  }

  return {
    async wait(key, signal, onWait) {
      for (;;) {
        const leftMs = await take(`identified:${key}`).catch((error: unknown) => {
          // Discord refuses what comes too soon, and the SDK then tries again.
          log.debug("discord: the time to start a session could not be agreed on.", { error });
          return 0;
        });
        if (leftMs === 0) return;
        onWait?.();
        await clock.sleep(leftMs, signal);
      }
    },
  };
}
