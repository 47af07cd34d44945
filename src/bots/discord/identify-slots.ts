import type { KeyValue } from "../../core/ports/stores.ts";
import type { Clock, Lock, Log } from "../../core/ports/system.ts";
import type { Kept } from "./discord-bot-options.ts";

/** One session may be started every five seconds for each key of the rate limit (topics/gateway.mdx, Rate Limiting). */
const EVERY_MS = 5000;
/** A time further ahead was written by a clock that was wrong. */
const FURTHEST_MS = 30 * 60_000;

/** When which replica may start a session: Discord counts them all together, and refuses what comes too soon. */
export interface IdentifySlots {
  /**
   * Resolves when it is this shard's turn; calls `onWait` when that takes its time. `key`: the shard's number modulo
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

  /** Takes the next free time, in milliseconds since the epoch. */
  async function take(name: string): Promise<number> {
    return await lock(`discord ${name}`, async () => {
      const now = clock.now();
      const free = Number((await seen.get(name)) ?? 0);
      const at = free > now && free < now + FURTHEST_MS ? free : now;
      await seen.set(name, String(at + EVERY_MS));
      return at;
    });
  }

  return {
    async wait(key, signal, onWait) {
      const at = await take(`identify:${key}`).catch((error: unknown) => {
        // Discord refuses what comes too soon, and the SDK then tries again.
        log.debug("discord: the time to start a session could not be agreed on.", { error });
        return 0;
      });
      const waitMs = at - clock.now();
      if (waitMs <= 0) return;
      onWait?.();
      await clock.sleep(waitMs, signal);
    },
  };
}
