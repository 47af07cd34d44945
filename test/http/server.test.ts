import { describe, expect, it, onTestFinished } from "vitest";
import type { Readiness } from "../../src/core/ports/readiness.ts";
import { createMetrics } from "../../src/http/metrics.ts";
import { startHttpServer } from "../../src/http/server.ts";
import { createRedact } from "../../src/redact.ts";
import { silentLog } from "../fakes/core-under-test.ts";
import { createManualClock } from "../fakes/manual-clock.ts";

const SECRET = "a-planted-secret";
const TOKEN = "a-long-random-token";

async function start(checks: Record<string, () => Promise<Readiness>> = {}, token?: string, trustedProxies = 0) {
  const clock = createManualClock();
  const metrics = createMetrics();
  const server = await startHttpServer({
    host: "127.0.0.1",
    port: 0,
    mounts: [{ matches: (path) => path === "/hello", handle: () => Promise.resolve(new Response("hi")) }],
    checks,
    expose: () => metrics.expose(),
    token,
    trustedProxies,
    redact: createRedact([SECRET]),
    clock,
    log: silentLog,
  });
  onTestFinished(() => server.stop());
  return { server, metrics, clock };
}

describe("the HTTP server", () => {
  it("is alive, serves what is mounted, and says when there is nothing", async () => {
    const { server } = await start();
    expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ status: "ok" });
    expect(await (await fetch(`${server.url}/hello`)).text()).toBe("hi");
    const missing = await fetch(`${server.url}/nothing`);
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({ error: { code: "not_found" } });
  });

  it("is ready only when every part is, and says why not", async () => {
    let state: Readiness = { ready: false, reason: "The key was refused." };
    const { server } = await start({
      engine: () => Promise.resolve(state),
      store: () => Promise.resolve({ ready: true }),
      broken: () => (state.ready ? Promise.resolve({ ready: true }) : Promise.reject(new Error("no answer"))),
    });
    const before = await fetch(`${server.url}/readyz`);
    expect(before.status).toBe(503);
    expect(await before.json()).toEqual({
      ready: false,
      parts: {
        engine: { ready: false, reason: "The key was refused." },
        store: { ready: true },
        broken: { ready: false, reason: "no answer" },
      },
    });
    state = { ready: true };
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  });

  it("exposes metrics for Prometheus", async () => {
    const { server, metrics } = await start();
    metrics.count("turns_total", { state: "answered" });
    metrics.observe("run_seconds", 0.2, { engine: "local" });
    metrics.gauge("turns", "Turns by state.", "state", () => Promise.resolve({ queued: 3 }));
    const response = await fetch(`${server.url}/metrics`);
    expect(response.headers.get("content-type")).toContain("text/plain");
    const body = await response.text();
    expect(body).toContain('docent_turns_total{state="answered"} 1');
    expect(body).toContain('docent_run_seconds_count{engine="local"} 1');
    expect(body).toContain('docent_turns{state="queued"} 3');
  });

  it("asks for the token before it tells metrics, where there is one", async () => {
    const { server } = await start({}, "a-long-random-token");
    const ask = async (authorization?: string): Promise<number> =>
      (await fetch(`${server.url}/metrics`, { headers: authorization === undefined ? {} : { authorization } })).status;
    expect([await ask(), await ask("Bearer wrong"), await ask("Bearer a-long-random-token")]).toEqual([401, 401, 200]);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });

  it("tells what is wrong with a part, and no secret", async () => {
    const store = (): Promise<Readiness> => Promise.resolve({ ready: false, reason: `${SECRET} is at db.internal.` });
    const { server } = await start({ store }, TOKEN);
    const response = await fetch(`${server.url}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      ready: false,
      parts: { store: { ready: false, reason: "[secret] is at db.internal." } },
    });
  });

  it.for(["/healthz", "/readyz", "/metrics"])("is read and nothing else: %s", async (path) => {
    const { server } = await start();
    const wrong = await fetch(`${server.url}${path}`, { method: "POST", headers: { "accept-language": "ko" } });
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get("allow")).toBe("GET, HEAD");
    expect(await wrong.json()).toEqual({
      error: { code: "method_not_allowed", message: "이 주소에서는 POST 요청을 받지 않습니다." },
    });
    const head = await fetch(`${server.url}${path}`, { method: "HEAD" });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe("");
    for (const { headers } of [wrong, head, await fetch(`${server.url}/nothing`)]) {
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
    }
  });

  it("says which port is taken and what to do", async () => {
    const { server } = await start();
    const port = Number(new URL(server.url).port);
    const second = startHttpServer({
      host: "127.0.0.1",
      port,
      mounts: [],
      checks: {},
      expose: () => createMetrics().expose(),
      trustedProxies: 0,
      redact: (line) => line,
      clock: createManualClock(),
      log: silentLog,
    });
    await expect(second).rejects.toThrow(
      `or set PORT to another number: PORT=${port < 65_535 ? port + 1 : port - 1} npm start`,
    );
  });
});
