import { DocentError } from "../errors.ts";
import type { Clock } from "../ports/system.ts";

/** How long a platform that could not be reached is left alone, before one message is tried again. */
const CLOSED_MS = 5_000;

const MIN_FAILURES = 2;

/** Keeps the messages of many turns from waiting, each by itself and each in a worker's place, for a platform that is down. */
export interface PlatformGate {
  /** Runs `send` unless the platform is known to be down. @throws DocentError `platform_unreachable` */
  pass<T>(bot: string, send: () => Promise<T>): Promise<T>;
}

export function createPlatformGate(clock: Clock): PlatformGate {
  const closedUntil = new Map<string, number>();
  const failures = new Map<string, number>();
  return {
    async pass(bot, send) {
      const until = closedUntil.get(bot);
      if (until !== undefined && clock.steady() < until) {
        throw new DocentError("platform_unreachable", `Posting an answer: ${bot} was not reachable a moment ago.`);
      }
      // While one message tries, the others are still kept back.
      if (until !== undefined) closedUntil.set(bot, clock.steady() + CLOSED_MS);
      try {
        const result = await send();
        closedUntil.delete(bot);
        failures.delete(bot);
        return result;
      } catch (error) {
        const isUnreachable = error instanceof DocentError && error.code === "platform_unreachable";
        const inARow = isUnreachable ? (failures.get(bot) ?? 0) + 1 : 0;
        failures.set(bot, inARow);
        // A single one may be a line that was cut.
        if (inARow >= MIN_FAILURES) {
          closedUntil.set(bot, clock.steady() + CLOSED_MS);
        }
        throw error;
      }
    },
  };
}
