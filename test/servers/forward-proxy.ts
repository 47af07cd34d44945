import { once } from "node:events";
import { createServer, request as forward } from "node:http";
import { connect, type AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

export interface ForwardProxy {
  readonly url: string;
  /** What went through it, such as `CONNECT slack.internal:443`. */
  readonly seen: readonly string[];
  close(): Promise<void>;
}

/** A proxy for the way out. It takes every name for this machine, so that what does not go through it fails. */
export async function startForwardProxy(): Promise<ForwardProxy> {
  const seen: string[] = [];
  const tunnels = new Set<Duplex>();
  const server = createServer((request, out) => {
    const target = new URL(request.url ?? "");
    seen.push(`${request.method} ${target.host}`);
    const { method, headers } = request;
    const onward = forward({
      host: "127.0.0.1",
      port: target.port,
      path: target.pathname + target.search,
      method,
      headers,
    });
    onward.on("response", (answer) => {
      out.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(out);
    });
    onward.on("error", () => out.writeHead(502).end());
    request.pipe(onward);
  });
  server.on("connect", (request, socket, head) => {
    seen.push(`CONNECT ${request.url}`);
    const onward = connect(Number(new URL(`http://${request.url}`).port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    tunnels.add(onward).add(socket);
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async close() {
      for (const tunnel of tunnels) tunnel.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
