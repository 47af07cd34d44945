import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { httpFetch } from "../../../src/bots/slack/http-fetch.ts";

let server: Server;

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/chat.postMessage`;
}

/** A part of an answer, and what happens then. */
function begin(out: ServerResponse, next: () => void): void {
  out.writeHead(200, { "content-length": "100" });
  out.write('{"ok":true', next);
}

describe("a call of the Web API over HTTP", () => {
  it("sends a text and gets one, with status and headers", async () => {
    const url = await serve((request, out) => {
      let body = "";
      request.setEncoding("utf8").on("data", (piece: string) => (body += piece));
      request.on("end", () => {
        out.writeHead(429, { "Retry-After": "30", "content-type": "application/json" });
        out.end(JSON.stringify({ method: request.method, key: request.headers.authorization, body }));
      });
    });
    const headers = { Authorization: "Bearer xoxb" };
    const answer = await httpFetch(url, { method: "POST", headers, body: "text=집세는?" });
    expect([answer.ok, answer.status, answer.statusText, answer.url]).toEqual([false, 429, "Too Many Requests", url]);
    expect([answer.headers.get("retry-after"), answer.headers.get("x-oauth-scopes")]).toEqual(["30", null]);
    expect(Object.fromEntries(answer.headers.entries())).toMatchObject({ "content-type": "application/json" });
    const expected = { method: "POST", key: "Bearer xoxb", body: "text=집세는?" };
    expect(await answer.json()).toEqual(expected);
    expect(JSON.parse(new TextDecoder().decode(await answer.arrayBuffer()))).toEqual(expected);
  });

  it("follows no redirect: the token goes nowhere else", async () => {
    const seen: (string | undefined)[] = [];
    const url = await serve((request, out) => {
      seen.push(request.url);
      out.writeHead(307, { location: "/elsewhere" }).end();
    });
    expect((await httpFetch(url, { method: "POST", body: "" })).status).toBe(307);
    expect(seen).toEqual(["/api/chat.postMessage"]);
  });

  it("fails when the connection breaks before the answer or within it", async () => {
    const before = await serve((_, out) => void out.destroy());
    await expect(httpFetch(before, { method: "POST", body: "" })).rejects.toThrow("socket hang up");
    server.close();
    const within = await serve((_, out) => begin(out, () => out.destroy()));
    await expect(httpFetch(within, { method: "POST", body: "" })).rejects.toThrow("aborted");
  });

  it("ends when it is called off, before the answer and within it", async () => {
    const before = new AbortController();
    const url = await serve(() => before.abort());
    await expect(httpFetch(url, { method: "POST", body: "", signal: before.signal })).rejects.toThrow("aborted");
    server.close();
    const within = new AbortController();
    const other = await serve((_, out) => begin(out, () => within.abort()));
    await expect(httpFetch(other, { method: "POST", body: "", signal: within.signal })).rejects.toThrow("aborted");
  });
});
