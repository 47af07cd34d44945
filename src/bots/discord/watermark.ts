import type { KeyValue } from "../../core/ports/stores.ts";
import type { Clock } from "../../core/ports/system.ts";
import type { Kept } from "./discord-bot-options.ts";
import { snowflakeAt, timeOf } from "./snowflake.ts";

const KEY = "watermark";
/** Chatter that Docent ignores need not be written down one by one. */
const WRITE_AFTER_IGNORED = 50;
/** Messages of different channels may arrive a little out of order; core knows what it was given before. */
const GRACE_MS = 60_000;

/**
 * Up to which message everything was dealt with, over all channels: ids grow with time, so one mark is enough. It
 * never passes a message that is not accepted yet; after a restart the rest is fetched.
 */
export interface Watermark {
  load(): Promise<void>;
  /** Everything up to here was dealt with. */
  readonly value: string;
  /** A message came in; the mark stays before it until the returned function is called. */
  begin(messageId: string): (options: { mattered: boolean }) => void;
  /** Keeps the mark where it is now until the returned function is called. */
  hold(): () => void;
  /** Resolves when the mark is stored. */
  flush(): Promise<void>;
}

export function createWatermark(seen: KeyValue<Kept>, clock: Clock): Watermark {
  const open = new Map<symbol, bigint>();
  let highest = 0n;
  let stored = 0n;
  let ignored = 0;
  let writing: Promise<void> | null = null;

  function current(): bigint {
    let lowest = highest;
    for (const id of open.values()) if (id < lowest) lowest = id;
    return lowest;
  }

  async function write(): Promise<void> {
    while (current() > stored) {
      const next = current();
      await seen.set(KEY, String(next));
      stored = next;
    }
  }

  async function flush(): Promise<void> {
    ignored = 0;
    writing ??= write().finally(() => (writing = null));
    await writing;
  }

  return {
    get value() {
      return String(current());
    },
    async load() {
      const kept = await seen.get(KEY);
      // At the very first start history stays history.
      const reached = typeof kept === "string" ? timeOf(kept) : clock.now();
      highest = snowflakeAt(reached - GRACE_MS);
      stored = typeof kept === "string" ? BigInt(kept) : 0n;
    },
    begin(messageId) {
      const token = Symbol(messageId);
      const id = BigInt(messageId);
      open.set(token, id - 1n);
      return ({ mattered }) => {
        open.delete(token);
        if (id > highest) highest = id;
        ignored += 1;
        // A mark that could not be stored costs a repeat, nothing more.
        if (mattered || ignored >= WRITE_AFTER_IGNORED) flush().catch(() => undefined);
      };
    },
    hold() {
      const token = Symbol("hold");
      open.set(token, current());
      return () => void open.delete(token);
    },
    flush,
  };
}
