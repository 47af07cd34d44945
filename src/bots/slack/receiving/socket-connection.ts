import { SocketModeClient } from "@slack/socket-mode";
import type { Logger } from "@slack/web-api";
import { createProxyDispatcher } from "./proxy-dispatcher.ts";
import type { Handled, Payload } from "../payloads.ts";

/** How a connection ended, or why it is about to. */
export type Ending = "closed" | "asked-to-refresh" | "too-many" | "switched-off";

export interface SocketConnection {
  /** How many connections the app has, this one included; null when Slack did not say. */
  readonly ofApp: number | null;
  /** The app whose connection it is; null when Slack did not say. */
  readonly appId: string | null;
  /** Resolves when the connection is closed, or when Slack says that it is going to be. */
  readonly ending: Promise<Ending>;
  readonly closed: Promise<void>;
  /** Waits for what is being taken, so that its acknowledgement goes out, then closes. */
  close(): Promise<void>;
}

export interface SocketOptions {
  readonly appToken: string;
  readonly apiUrl: string | undefined;
  readonly logger: Logger;
  readonly take: (payload: Payload) => Promise<Handled>;
  /** After the acknowledgement. */
  readonly afterwards: (handled: Handled) => void;
}

/** A connection that is not there by then is given up. */
const HELLO_WITHIN_MS = 15_000;
const CLOSE_WITHIN_MS = 2_000;

/**
 * One Socket Mode connection through the SDK's client, without Bolt on top, whose `App` would acknowledge before anything
 * is stored, and run nothing when the acknowledgement fails (facts S1, S2).
 * @throws what the SDK throws when there is no connection; nothing at all when it closed before it began.
 */
export async function connectSocket(options: SocketOptions): Promise<SocketConnection> {
  const dispatcher = createProxyDispatcher();
  const client = new SocketModeClient({
    appToken: options.appToken,
    ...(dispatcher === undefined ? {} : { dispatcher }),
    logger: options.logger,
    // The SDK's own way waits five seconds without a connection (facts S1 b), and gives up for good after some errors.
    autoReconnectEnabled: false,
    clientOptions: {
      ...(options.apiUrl === undefined ? {} : { slackApiUrl: options.apiUrl }),
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: HELLO_WITHIN_MS,
    },
  });
  const underWay = new Set<Promise<unknown>>();
  const { promise: ending, resolve: end } = Promise.withResolvers<Ending>();
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  client.once("disconnected", () => close());
  void closed.then(() => end("closed"));

  client.on("slack_event", (event: { body: Payload; ack: (answer?: object) => Promise<void> }) => {
    // What is not stored gets no acknowledgement: Slack delivers it again.
    const settled = options
      .take(event.body)
      .then((handled) => acknowledge(event.ack, handled))
      .catch(() => undefined);
    underWay.add(settled);
    void settled.then(() => underWay.delete(settled));
  });
  let ofApp: number | null = null;
  let appId: string | null = null;
  let isRefused = false;
  guardFrames(client, {
    onHello(count, app) {
      ofApp = count;
      appId = app;
    },
    onDisconnect(reason) {
      isRefused = true;
      end(toEnding(reason));
    },
  });

  async function acknowledge(ack: (answer?: object) => Promise<void>, handled: Handled): Promise<void> {
    try {
      await ack(handled.answer);
    } finally {
      // Also when the connection went away meanwhile: the work is accepted, and a redelivery will not repeat it.
      options.afterwards(handled);
    }
  }

  await within(HELLO_WITHIN_MS, client.start()).catch((error: unknown) => {
    void client.disconnect();
    // Slack has said why, which tells more than the error.
    if (!isRefused) throw error;
    close();
  });
  return {
    ofApp,
    appId,
    ending,
    closed,
    async close() {
      await within(CLOSE_WITHIN_MS, Promise.allSettled(underWay)).catch(() => undefined);
      await within(CLOSE_WITHIN_MS, client.disconnect()).catch(() => undefined);
    },
  };
}

/**
 * Stands between the socket and the SDK 3.1.0. An `app_rate_limited` envelope has no inner event, on which the SDK would
 * throw and end the process (facts S1 a): it gets one. A `disconnect` is kept from the SDK, which would close at once
 * and fail the acknowledgements under way: the connection stays until its successor is there, or Slack closes it.
 */
function guardFrames(
  client: SocketModeClient,
  tell: {
    readonly onHello: (connections: number | null, appId: string | null) => void;
    readonly onDisconnect: (reason: string) => void;
  },
): void {
  const deliver = client.listeners("ws_message");
  // Another version of the SDK that names it differently is better off without the guard than without messages.
  if (deliver.length === 0) return;
  client.removeAllListeners("ws_message");
  client.on("ws_message", (data: unknown, isBinary: boolean) => {
    const frame = hasEvent(data) ? null : parseFrame(data);
    if (frame?.["type"] === "disconnect") return tell.onDisconnect(String(frame["reason"]));
    if (frame?.["type"] === "hello") {
      const { num_connections: count, connection_info: info } = frame;
      const app = typeof info === "object" && info !== null && "app_id" in info ? info.app_id : null;
      tell.onHello(typeof count === "number" ? count : null, typeof app === "string" ? app : null);
    }
    const payload = frame?.["payload"] as Payload | undefined;
    const isWithoutEvent = frame?.["type"] === "events_api" && payload !== undefined && payload["event"] === undefined;
    const passed = isWithoutEvent
      ? JSON.stringify({ ...frame, payload: { ...payload, event: { type: String(payload["type"]) } } })
      : data;
    for (const listener of deliver) {
      Promise.resolve(listener(passed, isBinary)).catch((error: unknown) => client.emit("error", error));
    }
  });
}

/** Nearly all have one, and need not be parsed here too; in what people write, the quotes are escaped. */
function hasEvent(data: unknown): boolean {
  return typeof data === "string" && /"event"\s*:/.test(data);
}

function parseFrame(data: unknown): Payload | null {
  if (typeof data !== "string") return null;
  try {
    return JSON.parse(data) as Payload;
  } catch {
    return null;
  }
}

function toEnding(reason: string): Ending {
  if (reason === "too_many_websockets") return "too-many";
  return reason === "link_disabled" ? "switched-off" : "asked-to-refresh";
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`Nothing came within ${ms / 1000} seconds.`)), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
