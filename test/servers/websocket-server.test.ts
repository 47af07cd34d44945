import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWebSocketServer, type ServerSocket, type WebSocketServer } from "./websocket-server.ts";
import type { SocketClose } from "./websocket-connection.ts";

let http: Server;
let server: WebSocketServer;
let address = "";
const clients: WebSocket[] = [];

beforeEach(async () => {
  http = createServer();
  server = createWebSocketServer(http, {
    path: "/socket",
    verify: (request) => (request.url?.includes("refuse") ? 401 : null),
    onConnection: () => undefined,
    maxMessageBytes: 1_000_000,
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  address = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/socket`;
});

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  server.close();
  http.close();
});

async function connect(): Promise<{ client: WebSocket; socket: ServerSocket }> {
  const opened = server.nextConnection();
  const client = new WebSocket(address);
  clients.push(client);
  const [socket] = await Promise.all([opened, once(client, "open")]);
  return { client, socket };
}

const nextText = async (client: WebSocket): Promise<string> =>
  ((await once(client, "message"))[0] as MessageEvent<string>).data;

const nextMessage = (socket: ServerSocket): Promise<string> => new Promise((resolve) => void socket.onMessage(resolve));

const whenClosed = (socket: ServerSocket): Promise<SocketClose> =>
  new Promise((resolve) => void socket.onClose(resolve));

const clientClose = async (client: WebSocket): Promise<CloseEvent> => (await once(client, "close"))[0] as CloseEvent;

describe("the WebSocket server, seen by Node's own client", () => {
  it.for([
    ["a short text", "hello"],
    ["Korean", "안녕하세요"],
    ["126 bytes", "x".repeat(126)],
    ["70,000 bytes", "y".repeat(70_000)],
    ["nothing", ""],
  ] as const)("carries %s both ways", async ([, text]) => {
    const { client, socket } = await connect();
    const received = nextMessage(socket);
    client.send(text);
    expect(await received).toBe(text);
    const answered = nextText(client);
    socket.send(text);
    expect(await answered).toBe(text);
  });

  it("sends a message in fragments", async () => {
    const { client, socket } = await connect();
    const answered = nextText(client);
    socket.send("한글과 letters", { fragmentBytes: 4 });
    expect(await answered).toBe("한글과 letters");
  });

  it("keeps messages in order", async () => {
    const { client, socket } = await connect();
    const seen: string[] = [];
    const all = new Promise<void>((resolve) => {
      socket.onMessage((text) => {
        seen.push(text);
        if (seen.length === 100) resolve();
      });
    });
    for (let index = 0; index < 100; index += 1) client.send(String(index));
    await all;
    expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => String(index)));
  });

  it("gets a pong for its ping", async () => {
    const { socket } = await connect();
    const pong = new Promise((resolve) => void socket.onPong(resolve));
    socket.ping("are you there");
    expect(await pong).toBe("are you there");
  });

  it("closes with its code and reason", async () => {
    const { client, socket } = await connect();
    const seen = clientClose(client);
    const closed = whenClosed(socket);
    socket.close(4009, "session timed out");
    expect(await seen).toMatchObject({ code: 4009, reason: "session timed out", wasClean: true });
    expect(await closed).toEqual({ code: 4009, reason: "session timed out", by: "server" });
  });

  it("sees the client's code and reason", async () => {
    const { client, socket } = await connect();
    const closed = whenClosed(socket);
    client.close(4000, "going to resume");
    expect(await closed).toEqual({ code: 4000, reason: "going to resume", by: "client" });
    expect(server.sockets).toEqual([]);
  });

  it("cuts the line without a close frame", async () => {
    const { client, socket } = await connect();
    const seen = clientClose(client);
    const closed = whenClosed(socket);
    socket.terminate();
    expect(await seen).toMatchObject({ code: 1006, wasClean: false });
    expect(await closed).toEqual({ code: 1006, reason: "", by: "nobody" });
  });

  it("closes with 1009 when a message is too long", async () => {
    const { client, socket } = await connect();
    const seen = clientClose(client);
    client.send("z".repeat(1_000_001));
    expect(await seen).toMatchObject({ code: 1009 });
    expect(socket.isOpen).toBe(false);
  });

  it.for([
    ["another path", "/elsewhere"],
    ["a request that verify refuses", "?refuse"],
  ] as const)("refuses %s", async ([, suffix]) => {
    const client = new WebSocket(suffix.startsWith("/") ? address.replace("/socket", suffix) : address + suffix);
    await once(client, "error");
    expect(client.readyState).not.toBe(WebSocket.OPEN);
    expect(server.sockets).toEqual([]);
  });
});
