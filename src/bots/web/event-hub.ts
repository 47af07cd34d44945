import type { Clock } from "../../core/ports/system.ts";

const HEARTBEAT_MS = 15_000;

/** Chunks a client may leave unread before it is cut off; it comes back and asks for what it missed. */
const MAX_UNREAD = 500;

/** What is said to one listener, in its language. */
export type EventData = (locale: string) => object;

export interface EventHub {
  /** A response that stays open and carries the channel's events. */
  open(channel: string, locale: string): Response;
  /** Says something to the listeners of one channel, or with null to all. */
  publish(channel: string | null, event: string, data: EventData): void;
  /** Whether somebody listens to a channel. */
  isHeard(channel: string): boolean;
  /** How many streams are open. */
  readonly size: number;
  /** Ends every stream. */
  stop(): void;
}

interface Listener {
  readonly channel: string;
  readonly locale: string;
  readonly send: (chunk: string) => void;
  readonly end: () => void;
}

/** Server-sent events by channel, with a comment every 15 seconds so that proxies keep the connection. */
export function createEventHub(clock: Clock): EventHub {
  const listeners = new Set<Listener>();
  const stopped = new AbortController();
  let beating = false;

  return {
    open(channel, locale) {
      const headers = {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      };
      if (stopped.signal.aborted) return new Response("retry: 1000\n\n", { headers });
      beat();
      return new Response(toStream(channel, locale), { headers });
    },
    publish(channel, event, data) {
      for (const listener of listeners) {
        if (channel !== null && listener.channel !== channel) continue;
        listener.send(`event: ${event}\ndata: ${JSON.stringify(data(listener.locale))}\n\n`);
      }
    },
    isHeard: (channel) => [...listeners].some((listener) => listener.channel === channel),
    get size() {
      return listeners.size;
    },
    stop() {
      stopped.abort();
      for (const listener of listeners) listener.end();
    },
  };

  function toStream(channel: string, locale: string): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder();
    let listener: Listener | undefined;
    const leave = (): void => {
      if (listener !== undefined) listeners.delete(listener);
    };
    return new ReadableStream<Uint8Array>(
      {
        start(controller) {
          const end = (): void => {
            leave();
            controller.close();
          };
          const send = (chunk: string): void => {
            if ((controller.desiredSize ?? 0) <= 0) return end();
            controller.enqueue(encoder.encode(chunk));
          };
          listener = { channel, locale, send, end };
          listeners.add(listener);
          send("retry: 1000\n: connected\n\n");
        },
        cancel: leave,
      },
      new CountQueuingStrategy({ highWaterMark: MAX_UNREAD }),
    );
  }

  /** Beats while somebody listens; an idle server has no timer. */
  function beat(): void {
    if (beating) return;
    beating = true;
    void (async () => {
      try {
        while (true) {
          await clock.sleep(HEARTBEAT_MS, stopped.signal);
          if (listeners.size === 0) return;
          for (const listener of listeners) listener.send(": still here\n\n");
        }
      } catch {
        // The only way out of the sleep besides time is stop().
      } finally {
        beating = false;
      }
    })();
  }
}
