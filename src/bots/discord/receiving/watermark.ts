import type { KeyValue } from "../../../core/ports/stores.ts";
import type { Clock } from "../../../core/ports/system.ts";
import type { Kept } from "../discord-bot-options.ts";

/**
 * One write for all that comes within this time: each takes its turn at the disk, where answers wait too. What is not
 * stored yet after a crash is fetched again, as is the minute before it in any case.
 */
const WRITE_AFTER_MS = 10_000;
const PLANNED_NO_MORE = new Error("The mark is stored already.");
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
  /** Stores the mark now; resolves when that is done. */
  flush(): Promise<void>;
}

/** `start`: everything up to there was dealt with; `stored`: the mark that is kept now, 0 without one. */
export function createWatermark(
  seen: KeyValue<Kept>,
  key: string,
  { clock, start, stored: before }: { readonly clock: Clock; readonly start: bigint; readonly stored: bigint },
): Watermark {
  const open = new Map<symbol, bigint>();
  let highest = start;
  let stored = before;
  let ignored = 0;
  let writing: Promise<void> | null = null;
  /** Calls off the write that is to come. */
  let planned: AbortController | null = null;

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
    planned?.abort(PLANNED_NO_MORE);
    planned = null;
    writing ??= write().finally(() => (writing = null));
    await writing;
  }

  function flushSoon(): void {
    if (planned !== null) return;
    planned = new AbortController();
    // Without any mark a restart would not know what to fetch.
    const ripe = stored === 0n ? Promise.resolve() : clock.sleep(WRITE_AFTER_MS, planned.signal);
    // A mark that could not be stored costs a repeat, nothing more.
    ripe.then(flush).catch(() => undefined);
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
        if (mattered || ignored >= WRITE_AFTER_IGNORED) flushSoon();
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
