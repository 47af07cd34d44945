import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { HttpMount } from "../../../src/core/ports/system.ts";

export interface WebServer {
  readonly origin: string;
  /** Ends every connection, as a process that dies does. */
  close(): Promise<void>;
  /** Listens again on the same port, with what answers now. */
  open(mount: HttpMount): Promise<void>;
}

/** A mount on a port of this machine. */
export async function startWebServer(mount: HttpMount): Promise<WebServer> {
  let server = await listen(mount, 0);
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
    async open(next) {
      server = await listen(next, port);
    },
  };
}

async function listen(mount: HttpMount, port: number): Promise<Server> {
  const answer = getRequestListener((request, { incoming }) =>
    mount.handle(request, { address: "127.0.0.1", socketAddress: incoming.socket.remoteAddress }),
  );
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return server;
}
