import { describe, expect, it, onTestFinished } from "vitest";
import type { Log } from "../../src/core/ports/system.ts";
import { toClientAddress } from "../../src/http/client-address.ts";
import { startHttpServer } from "../../src/http/server.ts";
import { createManualClock } from "../fakes/manual-clock.ts";

const TOKEN = "a-long-random-token";
const REQUESTS_A_MINUTE = 1_200;

async function start(change: { token?: string | undefined; trustedProxies?: number } = {}) {
  const clock = createManualClock();
  const addresses: string[] = [];
  const warnings: string[] = [];
  const log: Log = { debug() {}, info() {}, warn: (message) => warnings.push(message), error() {} };
  const server = await startHttpServer({
    host: "127.0.0.1",
    port: 0,
    mounts: [
      {
        matches: () => true,
        handle(request, client) {
          addresses.push(client?.address ?? "none");
          const isWrong = request.headers.get("authorization") === "Bearer wrong";
          return Promise.resolve(new Response(null, { status: isWrong ? 401 : 200 }));
        },
      },
    ],
    checks: {},
    expose: () => Promise.resolve({ contentType: "text/plain", body: "" }),
    token: TOKEN,
    trustedProxies: 0,
    redact: (line) => line,
    clock,
    log,
    ...change,
  });
  onTestFinished(() => server.stop());
  const ask = async (path: string, headers: Record<string, string> = {}): Promise<Response> => {
    const response = await fetch(`${server.url}${path}`, { headers });
    const body = await response.text();
    return new Response(body, response);
  };
  /** The statuses of so many requests, and how often each came. */
  const askOften = async (times: number, path: string, headers: Record<string, string> = {}) => {
    const statuses: Record<number, number> = {};
    for (let n = 0; n < times; n++) {
      const { status } = await ask(path, headers);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
    return statuses;
  };
  return { ask, askOften, clock, addresses, warnings };
}

describe("one address", () => {
  it("is answered 1,200 times a minute by the API, and then told when it may come again", async () => {
    const { ask, askOften, clock } = await start();
    expect(await askOften(REQUESTS_A_MINUTE, "/api/me")).toEqual({ 200: REQUESTS_A_MINUTE });
    clock.advance(30_000);
    const refused = await ask("/api/me", { "accept-language": "ko-KR,ko;q=0.9" });
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("30");
    expect(await refused.json()).toEqual({
      error: { code: "too_many_requests", message: "요청이 너무 많습니다. 1분 뒤에 다시 시도해 주세요." },
    });
    // Files of the page and signs of life cost nothing.
    expect((await ask("/assets/app.js")).status).toBe(200);
    expect((await ask("/healthz")).status).toBe(200);
    clock.advance(30_000);
    expect((await ask("/api/me")).status).toBe(200);
  });

  it("cannot go on guessing tokens, at any door", async () => {
    const { askOften, ask, clock } = await start();
    const wrong = { authorization: "Bearer wrong" };
    expect(await askOften(10, "/metrics", wrong)).toEqual({ 401: 10 });
    expect(await askOften(20, "/api/me", wrong)).toEqual({ 401: 10, 429: 10 });
    expect((await ask("/metrics", { authorization: `Bearer ${TOKEN}` })).status).toBe(429);
    // Who is signed in by cookie is not held up.
    expect((await ask("/api/me", { cookie: "docent_session=1.2" })).status).toBe(200);
    clock.advance(60_000);
    expect((await ask("/metrics", { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
  });

  it("is not counted where only this machine can ask", async () => {
    const { askOften } = await start({ token: undefined });
    expect(await askOften(REQUESTS_A_MINUTE + 1, "/api/me")).toEqual({ 200: REQUESTS_A_MINUTE + 1 });
  });

  it("is that of the client where a proxy is trusted, whatever the client wrote", async () => {
    const { ask, addresses, warnings } = await start({ trustedProxies: 1 });
    await ask("/api/me", { "x-forwarded-for": "10.0.0.1, 203.0.113.9" });
    await ask("/api/me");
    expect(addresses).toEqual(["203.0.113.9", "127.0.0.1"]);
    expect(warnings).toEqual([]);
  });

  it("is that of the proxy where none is trusted, which the log says once", async () => {
    const { ask, addresses, warnings } = await start();
    await ask("/api/me", { "x-forwarded-for": "203.0.113.9" });
    await ask("/api/me", { "x-forwarded-for": "203.0.113.10" });
    expect(addresses).toEqual(["127.0.0.1", "127.0.0.1"]);
    expect(warnings).toEqual([expect.stringContaining("TRUSTED_PROXIES")]);
  });
});

describe("the address of a client", () => {
  it.for([
    ["a direct connection", "192.0.2.1", undefined, 0, "192.0.2.1"],
    ["IPv4 within IPv6", "::ffff:192.0.2.1", undefined, 0, "192.0.2.1"],
    ["IPv6: the network of one household", "2001:db8:1:2:3:4:5:6", undefined, 0, "2001:db8:1:2::/64"],
    ["another address of that network", "2001:DB8:1:2::9", undefined, 0, "2001:db8:1:2::/64"],
    ["a short network", "2001:db8::1", undefined, 0, "2001:db8:0:0::/64"],
    ["a link-local address with its zone", "fe80::1%eth0", undefined, 0, "fe80:0:0:0::/64"],
    ["a header that nobody asked for", "192.0.2.1", "203.0.113.9", 0, "192.0.2.1"],
    ["one proxy", "10.0.0.1", "203.0.113.9", 1, "203.0.113.9"],
    ["a forged hop before the proxy's", "10.0.0.1", "1.1.1.1, 203.0.113.9", 1, "203.0.113.9"],
    ["two proxies", "10.0.0.2", "1.1.1.1, 203.0.113.9, 10.0.0.1", 2, "203.0.113.9"],
    ["a hop with its port", "10.0.0.1", "203.0.113.9:4711", 1, "203.0.113.9"],
    ["an IPv6 hop with its port", "10.0.0.1", "[2001:db8::1]:4711", 1, "2001:db8:0:0::/64"],
    ["fewer hops than proxies", "10.0.0.1", "203.0.113.9", 2, "10.0.0.1"],
    ["a hop that is no address", "10.0.0.1", "x".repeat(5000), 1, "10.0.0.1"],
    ["no address at all", undefined, undefined, 0, "unknown"],
  ] as const)("is for %s", ([, socketAddress, forwardedFor, trustedProxies, expected]) => {
    expect(toClientAddress(socketAddress, forwardedFor, trustedProxies)).toBe(expected);
  });
});
