import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { createKeepAlive } from "../../../src/engines/openai/keep-alive.ts";
import { followStream, type RunStream } from "../../../src/engines/openai/runs/run-stream.ts";
import { LEASE, startTalk, toReadable } from "./talk.ts";

interface Line {
  readonly url: string;
  readonly sockets: readonly Socket[];
  readonly server: Server;
}

async function open(handle: (request: IncomingMessage, out: ServerResponse) => void): Promise<Line> {
  const server = createServer(handle);
  // None that it tells its clients.
  server.keepAliveTimeout = 0;
  const sockets: Socket[] = [];
  server.on("connection", (socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets, server };
}

const COMPLETED = `event: response.completed\ndata: {"type":"response.completed","response":{"id":"resp_1","status":"completed"}}\n\n`;

async function untilEnded(stream: RunStream): Promise<void> {
  while (stream.ended() === undefined && !stream.closed()) await stream.changed();
}

describe("a connection", () => {
  test("stays open without a request for as long as it was made for", async () => {
    const line = await open((_request, out) => out.end("{}"));
    const dispatcher = createKeepAlive(40);
    expect(dispatcher).toBeDefined();
    await (await fetch(line.url, { dispatcher } as RequestInit)).text();
    const [first] = line.sockets;
    await new Promise((resolve) => first?.once("close", resolve));
    await (await fetch(line.url, { dispatcher } as RequestInit)).text();
    expect(line.sockets).toHaveLength(2);
  });

  test("is used again after a stream that the server ends later than its last event", async () => {
    const { promise: closed, resolve: close } = Promise.withResolvers<void>();
    const line = await open((_request, out) => {
      out.writeHead(200, { "content-type": "text/event-stream" });
      out.write(COMPLETED);
      void closed.then(() => out.end());
    });
    const stream = followStream(await fetch(line.url), { clock: clock });
    await untilEnded(stream);
    expect(stream.ended()?.id).toBe("resp_1");
    stream.close();
    close();
    while (!stream.closed()) await stream.changed();
    await nextPolls();
    const next = followStream(await fetch(line.url), { clock: clock });
    await untilEnded(next);
    expect(line.sockets).toHaveLength(1);
  });

  test.for([
    { label: "before its end is closed at once", event: "" },
    { label: "that the server does not end is given up", event: COMPLETED },
  ])("of a stream $label", async ({ event }) => {
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    const line = await open((_request, out) => {
      out.on("close", resolve);
      out.writeHead(200, { "content-type": "text/event-stream" });
      out.flushHeaders();
      out.write(event);
    });
    const stream = followStream(await fetch(line.url), { clock: clock });
    if (event !== "") await untilEnded(stream);
    stream.close();
    await gone;
    while (!stream.closed()) await stream.changed();
    expect(stream.failure()).toBeUndefined();
  });

  test("that the server closes between two questions leaves no doubt about the next one", async () => {
    const talk = await startTalk();
    const lease = toReadable("lease.md", LEASE.join("\n"));
    for (let n = 0; n < 10; n += 1) {
      expect((await talk.ask({ attached: n === 5 ? [lease] : [] })).text).not.toBe("");
      talk.server.closeIdleConnections();
      await nextPolls();
    }
    expect(talk.server.to("responses.create")).toHaveLength(10);
    expect(talk.server.state.responses.size).toBe(10);
    expect(talk.logged.filter((line) => line.includes("did not answer"))).toEqual([]);
  });
});

/** By then this process has seen what its sockets were told before, and acted upon it. */
async function nextPolls(): Promise<void> {
  for (let turns = 0; turns < 3; turns += 1) await new Promise((resolve) => setImmediate(resolve));
}

const clock = { steady: () => performance.now() };
