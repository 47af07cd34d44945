import { randomUUID } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createWebSocketServer, type ServerSocket } from "../websocket-server.ts";
import type { AttemptResult, Transport } from "./deliveries.ts";
import { parseArgs, readBody, sendJson, toText } from "./http.ts";
import { tokenOf } from "./methods.ts";
import type { Json, World } from "./world.ts";

export interface SocketMode extends Transport {
  readonly connections: readonly ServerSocket[];
  /** How often `apps.connections.open` gave a URL. */
  readonly opened: number;
  /** A transport that uses one connection alone, by its place. */
  only(index: number): Transport;
  /** From now on envelopes go to these connections in turn, by their places; null: to all. */
  spreadOver(places: readonly number[] | null): void;
  /** Asks a connection to go: Slack says `warning` about ten seconds before, then `refresh_requested`. */
  disconnect(reason: "warning" | "refresh_requested" | "too_many_websockets" | "link_disabled", index?: number): void;
  /** Sends any frame to a connection. */
  sendRaw(frame: Json, index?: number): void;
  answerOpen(request: IncomingMessage, out: ServerResponse): Promise<void>;
  /** From now on `apps.connections.open` is refused with this error; null lets it work again. */
  refuseOpen(error: string | null): void;
  /** From now on `apps.connections.open` is answered as a fault says: with 429 and a pause, or with nothing at all. */
  spoilOpen(fault: { readonly retryAfterSeconds: number } | "reset"): void;
  /** From now on handshakes are refused with this status, as by a proxy that knows no WebSockets. */
  refuseLinks(status: number): void;
}

/** Socket Mode: single-use URLs, up to ten connections, each envelope to any one of them, three seconds to acknowledge. */
export function createSocketMode(world: World, httpServer: Server): SocketMode {
  const tickets = new Set<string>();
  const connections: ServerSocket[] = [];
  const waiting = new Map<string, (answer: Json | null) => void>();
  const timers = new Set<NodeJS.Timeout>();
  let turn = 0;
  let places: readonly number[] | null = null;
  let opened = 0;
  let openError: string | null = null;
  let openFault: { readonly retryAfterSeconds: number } | "reset" | null = null;
  let linkStatus: number | null = null;

  const server = createWebSocketServer(httpServer, {
    path: "/link",
    // A URL works once: the ticket is gone with the first handshake.
    verify: (request) => linkStatus ?? (tickets.delete(ticketOf(request)) ? null : 403),
    onConnection(socket) {
      const isFull = connections.length >= world.options.maxConnections;
      if (isFull || !world.options.isSocketModeOn) {
        const reason = isFull ? "too_many_websockets" : "link_disabled";
        socket.send(JSON.stringify({ type: "disconnect", reason }));
        socket.close();
        return;
      }
      connections.push(socket);
      socket.onMessage(takeAck);
      socket.onClose(() => {
        connections.splice(connections.indexOf(socket), 1);
        world.changed();
      });
      socket.send(
        JSON.stringify({
          type: "hello",
          num_connections: connections.length,
          connection_info: { app_id: world.options.socketAppId },
          debug_info: { host: "local", approximate_connection_time: 18_060 },
        }),
      );
      world.changed();
    },
  });

  function takeAck(text: string): void {
    const { envelope_id: id, payload } = JSON.parse(text) as Json;
    const isEmpty = payload === undefined || payload === null || Object.keys(payload).length === 0;
    waiting.get(toText(id))?.(isEmpty ? null : (payload as Json));
  }

  async function attemptOn(
    pick: () => ServerSocket | undefined,
    kind: string,
    payload: Json,
    retry: { number: number; reason: string } | null,
  ): Promise<AttemptResult> {
    const socket = pick();
    if (socket === undefined) return { isAcked: false, answer: null, reason: "connection_failed" };
    const id = randomUUID();
    const envelope = {
      envelope_id: id,
      type: kind,
      payload,
      accepts_response_payload: kind !== "events_api",
      ...(retry === null ? {} : { retry_attempt: retry.number, retry_reason: retry.reason }),
    };
    return await new Promise((resolve) => {
      const end = (result: AttemptResult): void => {
        waiting.delete(id);
        clearTimeout(timer);
        timers.delete(timer);
        forget();
        resolve(result);
      };
      const timer = setTimeout(
        () => end({ isAcked: false, answer: null, reason: "timeout" }),
        world.options.ackTimeoutMs,
      );
      timers.add(timer);
      const forget = socket.onClose(() => end({ isAcked: false, answer: null, reason: "connection_failed" }));
      waiting.set(id, (answer) => end({ isAcked: true, answer, reason: null }));
      socket.send(JSON.stringify(envelope));
    });
  }

  return {
    connections,
    get opened() {
      return opened;
    },
    // Any one of them, in turn.
    attempt(kind, payload, retry) {
      const chosen = places === null ? connections : places.flatMap((place) => connections[place] ?? []);
      // Connections of another app get nothing of this one.
      const open = chosen.filter(({ isOpen }) => isOpen && world.options.socketAppId === world.appId);
      turn += 1;
      return attemptOn(() => open[turn % open.length], kind, payload, retry);
    },
    spreadOver: (chosen) => void (places = chosen),
    only: (index) => ({
      attempt: (kind, payload, retry) => attemptOn(() => connections[index], kind, payload, retry),
      stop: () => undefined,
    }),
    disconnect: (reason, index = 0) =>
      connections[index]?.send(JSON.stringify({ type: "disconnect", reason, debug_info: { host: "local" } })),
    sendRaw: (frame, index = 0) => connections[index]?.send(JSON.stringify(frame)),
    refuseOpen: (error) => {
      openError = error;
    },
    spoilOpen: (fault) => void (openFault = fault),
    refuseLinks: (status) => void (linkStatus = status),
    async answerOpen(request, out) {
      const args = parseArgs(await readBody(request), request.headers["content-type"] ?? "");
      if (openFault !== null) {
        if (openFault === "reset") out.destroy();
        else out.writeHead(429, { "retry-after": String(openFault.retryAfterSeconds) }).end();
        return;
      }
      const token = tokenOf(request, args);
      const error = openError ?? (token === world.options.appToken ? null : wrongToken(token));
      world.calls.push({ method: "apps.connections.open", args: {}, error });
      if (error === null) {
        const ticket = randomUUID();
        tickets.add(ticket);
        opened += 1;
        sendJson(out, { ok: true, url: `${world.url.replace("http", "ws")}/link?ticket=${ticket}` });
      } else {
        sendJson(out, { ok: false, error });
      }
      world.changed();
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
      server.close();
    },
  };
}

function ticketOf(request: IncomingMessage): string {
  return new URL(request.url ?? "/", "http://localhost").searchParams.get("ticket") ?? "";
}

function wrongToken(token: string | null): string {
  return token?.startsWith("xoxb-") === true ? "not_allowed_token_type" : "invalid_auth";
}
