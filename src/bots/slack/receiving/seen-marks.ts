import type { Clock } from "../../../core/ports/system.ts";
import type { Memory } from "../memory.ts";

const EVERY_MS = 1_000;

/** How far each channel was seen, written behind: a mark that is a second old costs the next start a repeat. */
export interface SeenMarks {
  note(channel: string, ts: string): void;
  /** What is before these messages is still missing: the channel's mark stays where it is until the returned function is called. */
  hold(channel: string): () => void;
  /** Writes what is not written yet. */
  flush(): Promise<void>;
}

export function createSeenMarks(options: {
  memory: Pick<Memory, "noteSeen">;
  clock: Clock;
  background: (what: string, work: () => Promise<void>) => void;
  stopping: AbortSignal;
}): SeenMarks {
  const { memory, clock, background, stopping } = options;
  const unwritten = new Map<string, string>();
  const held = new Set<string>();
  const written = new Set<string>();
  let isPlanned = false;
  let writing: Promise<void> = Promise.resolve();

  /** One after the other: a mark never goes back. */
  async function flush(): Promise<void> {
    const before = writing.catch(() => undefined);
    await (writing = before.then(write));
  }

  async function write(): Promise<void> {
    const marks = new Map([...unwritten].filter(([channel]) => !held.has(channel)));
    for (const channel of marks.keys()) {
      unwritten.delete(channel);
      written.add(channel);
    }
    if (marks.size > 0) await memory.noteSeen(marks);
  }

  async function flushSoon(): Promise<void> {
    await clock.sleep(EVERY_MS, stopping).catch(() => undefined);
    isPlanned = false;
    await flush();
  }

  function plan(): void {
    if (isPlanned) return;
    isPlanned = true;
    background("write down what was seen", flushSoon);
  }

  return {
    note(channel, ts) {
      const before = unwritten.get(channel);
      if (before === undefined || ts > before) unwritten.set(channel, ts);
      if (held.has(channel)) return;
      // Without any mark the next start would not look into the channel at all.
      if (written.has(channel)) plan();
      else background("write down what was seen first", flush);
    },
    hold(channel) {
      held.add(channel);
      return () => {
        held.delete(channel);
        if (unwritten.has(channel)) plan();
      };
    },
    flush,
  };
}
