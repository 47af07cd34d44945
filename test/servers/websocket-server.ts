import { createHash } from "node:crypto";
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { createWebSocket, type ServerSocket } from "./websocket-connection.ts";

export type { ServerSocket } from "./websocket-connection.ts";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export interface WebSocketServer {
  /** Sockets that are open now, oldest first. */
  readonly sockets: readonly ServerSocket[];
  /** Handshakes that wait for an answer which never comes. */
  readonly unanswered: number;
  /** Resolves with the next socket that opens. */
  nextConnection(): Promise<ServerSocket>;
  /** Cuts every socket without a close frame and takes no more; the HTTP server stays as it is. */
  close(): void;
}

export interface WebSocketServerOptions {
  /** The path that is upgraded; others get 404. A function decides for itself. */
  readonly path: string | ((path: string) => boolean);
  /**
   * Looks at the request before the handshake: a status refuses it with that HTTP status, null lets it in, `silence`
   * leaves it without an answer, as some firewalls do.
   */
  readonly verify?: (request: IncomingMessage) => number | "silence" | null;
  readonly onConnection: (socket: ServerSocket, request: IncomingMessage) => void;
  /** A longer message closes the connection with 1009. */
  readonly maxMessageBytes?: number;
}

/**
 * A small RFC 6455 server for tests, on top of a `node:http` server: text and binary messages, fragments both ways,
 * ping and pong, close codes. No extensions (a client that asks for compression is told no), no subprotocols.
 */
export function createWebSocketServer(httpServer: Server, options: WebSocketServerOptions): WebSocketServer {
  const sockets = new Set<ServerSocket>();
  const unanswered = new Set<Duplex>();
  const waiting: ((socket: ServerSocket) => void)[] = [];
  const matches = typeof options.path === "string" ? (path: string) => path === options.path : options.path;

  const onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    stream.on("error", () => stream.destroy());
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const key = request.headers["sec-websocket-key"];
    if (!matches(path)) return refuse(stream, 404);
    if (request.headers["sec-websocket-version"] !== "13" || key === undefined) return refuse(stream, 400);
    const status = options.verify?.(request) ?? null;
    if (status === "silence") {
      unanswered.add(stream.resume());
      stream.once("end", () => stream.destroy()).once("close", () => unanswered.delete(stream));
      return;
    }
    if (status !== null) return refuse(stream, status);
    const accept = createHash("sha1")
      .update(key + GUID)
      .digest("base64");
    stream.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    const socket = createWebSocket(stream, { maxMessageBytes: options.maxMessageBytes ?? 16 * 1024 * 1024 });
    sockets.add(socket);
    socket.onClose(() => sockets.delete(socket));
    options.onConnection(socket, request);
    for (const resolve of waiting.splice(0)) resolve(socket);
    if (head.length > 0) stream.unshift(head);
  };
  httpServer.on("upgrade", onUpgrade);

  return {
    get sockets() {
      return [...sockets];
    },
    get unanswered() {
      return unanswered.size;
    },
    nextConnection: () => new Promise((resolve) => waiting.push(resolve)),
    close() {
      httpServer.off("upgrade", onUpgrade);
      for (const socket of sockets) socket.terminate();
      for (const stream of unanswered) stream.destroy();
    },
  };
}

function refuse(stream: Duplex, status: number): void {
  stream.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
