import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface MirrorServer {
  /** `http://127.0.0.1:port`, without a slash at its end. */
  readonly url: string;
  /** Every request that came, as `METHOD /path`. */
  readonly requests: readonly string[];
  /** What it answers from now on. */
  status: number;
  close(): Promise<void>;
}

/**
 * The worst a vendor can do with what it is told: it refuses every request, and writes the whole of it, keys and all, into
 * each place of its answer from which an error could take a text.
 */
export async function startMirrorServer(status = 401): Promise<MirrorServer> {
  const requests: string[] = [];
  const mirror = { status };
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    request.resume().on("end", () => answer(request, response, mirror.status));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    get status() {
      return mirror.status;
    },
    set status(next) {
      mirror.status = next;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(request: IncomingMessage, response: ServerResponse, status: number): void {
  const seen = JSON.stringify({ url: request.url, headers: request.headers });
  const [, bare = ""] = /^(?:Bearer|Bot) (.*)$/.exec(request.headers.authorization ?? "") ?? [];
  const accept = request.headers["user-agent"]?.includes("aws-sdk") === true;
  const body = accept
    ? `<?xml version="1.0"?><Error><Code>${bare || "Refused"}</Code><Message>${escapeXml(seen)}</Message></Error>`
    : JSON.stringify({
        ok: false,
        // OpenAI's shape, Slack's and Discord's in one.
        error: status === 200 ? seen : { message: seen, type: bare, code: bare, param: bare },
        message: seen,
        code: 0,
        errors: { content: { _errors: [{ code: bare, message: seen }] } },
      });
  response.writeHead(status, { "content-type": accept ? "application/xml" : "application/json", "x-request-id": bare });
  response.end(body);
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
