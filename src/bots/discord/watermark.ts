import type { KeyValue } from "../../core/ports/stores.ts";
import type { Kept } from "./discord-bot-options.ts";

/** Chatter that Docent ignores need not be written down one by one. */
const WRITE_AFTER_IGNORED = 50;

/**
 * Up to which message everything of one shard was dealt with, over all its channels: ids grow with time, so one mark is
 * enough. It never passes a message that is not accepted yet; after a restart the rest is fetched. Replicas that serve
 * the same shard write the same key: each value holds by itself, and one that goes back costs a repeat.
 */
export interface Watermark {
  /** Everything up to here was dealt with. */
  readonly value: string;
  /** A message came in; the mark stays before it until the returned function is called. */
  begin(messageId: string): (options: { mattered: boolean }) => void;
  /** Keeps the mark where it is now until the returned function is called. */
  hold(): () => void;
  /** Resolves when the mark is stored. */
  flush(): Promise<void>;
}

/** `start`: everything up to there was dealt with; `stored`: the mark that is kept now, 0 without one. */
export function createWatermark(
  seen: KeyValue<Kept>,
  key: string,
  { start, stored: before }: { readonly start: bigint; readonly stored: bigint },
): Watermark {
  const open = new Map<symbol, bigint>();
  let highest = start;
  let stored = before;
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
      await seen.set(key, String(next));
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
