import { Routes } from "discord-api-types/v10";
import type { REST } from "@discordjs/rest";
import type { Clock, Log } from "../../../core/ports/system.ts";
import { hasRoom } from "./has-room.ts";

/** An answer that comes sooner needs no sign: it would cost a request, which the answer may need itself. */
const FIRST_AFTER_MS = 500;
/** Typing shows for ten seconds. */
const EVERY_MS = 8000;
/** Half an hour: nobody believes it after that. */
const MAX_ROUNDS = 225;

/** One for all: an error with a stack for each answer would cost more than what it ends. */
const OVER = new Error("There is nothing more to show.");

/** "Docent is typing…" in the channels of turns under way. */
export interface Typing {
  begin(turnId: string, channelId: string): void;
  end(turnId: string, channelId: string): void;
  stop(): void;
}

export function createTyping(options: {
  readonly rest: REST;
  readonly clock: Clock;
  readonly log: Log;
  /** Asked before each repeat: a turn may have ended in another replica without a word to this one. */
  readonly isOver: (turnId: string) => Promise<boolean>;
}): Typing {
  const { rest, clock, log } = options;
  const channels = new Map<string, { readonly turns: Set<string>; readonly over: AbortController }>();

  /** One loop for a channel, however many turns it has. */
  async function type(channelId: string, turns: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    await clock.sleep(FIRST_AFTER_MS, signal).catch(() => undefined);
    for (let left = MAX_ROUNDS; left > 0 && !signal.aborted; left--) {
      if (hasRoom(rest)) {
        await rest
          .post(Routes.channelTyping(channelId))
          .catch((error: unknown) => log.debug("discord: no typing.", { error }));
      }
      await clock.sleep(EVERY_MS, signal).catch(() => undefined);
      if (signal.aborted) return;
      for (const turnId of turns) if (await isOver(turnId)) end(turnId, channelId);
    }
  }

  async function isOver(turnId: string): Promise<boolean> {
    try {
      return await options.isOver(turnId);
    } catch {
      // Not known now: it is asked again.
      return false;
    }
  }

  function end(turnId: string, channelId: string): void {
    const known = channels.get(channelId);
    if (known?.turns.delete(turnId) !== true || known.turns.size > 0) return;
    known.over.abort(OVER);
    channels.delete(channelId);
  }

  return {
    begin(turnId, channelId) {
      const known = channels.get(channelId);
      known?.turns.add(turnId);
      if (known !== undefined) return;
      const over = new AbortController();
      const turns = new Set([turnId]);
      channels.set(channelId, { turns, over });
      void type(channelId, turns, over.signal);
    },
    end,
    stop() {
      for (const { over } of channels.values()) over.abort();
      channels.clear();
    },
  };
}
