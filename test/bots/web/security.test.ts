import { describe, expect, it } from "vitest";
import { ask, json, say, toForm } from "./requests.ts";
import { startWebBot } from "./web-bot-under-test.ts";

const TOKEN = "a-long-token-of-the-team";

describe("without a token", () => {
  it.for([
    ["localhost:3000", 200],
    ["127.0.0.1:3000", 200],
    ["127.8.8.8", 200],
    ["[::1]:3000", 200],
    ["docent.localhost", 200],
    ["evil.example", 403],
    ["127.0.0.1.evil.example", 403],
    ["localhost.evil.example:3000", 403],
    ["192.168.0.10:3000", 403],
  ] as const)("answers only to names of this machine (DNS rebinding): %s → %i", async ([host, status]) => {
    const { bot } = await startWebBot();
    expect((await ask(bot, "/api/channels", { headers: { host } })).status).toBe(status);
  });

  it.for([
    ["the page itself", { origin: "http://localhost:3000", "sec-fetch-site": "same-origin" }, 202],
    ["a program without an origin", {}, 202],
    ["another site", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }, 403],
    ["another site in an old browser", { origin: "https://evil.example" }, 403],
    ["another port of this machine", { origin: "http://localhost:8080", "sec-fetch-site": "same-site" }, 403],
    ["a sandboxed frame", { origin: "null" }, 403],
  ] as const)("changes something only for its own page: %s", async ([, headers, status]) => {
    const { bot } = await startWebBot();
    const init = { method: "POST", body: toForm({ text: "Hi" }), headers };
    const response = await ask(bot, "/api/channels/general/messages", init);
    expect(response.status).toBe(status);
    const removal = await ask(bot, "/api/channels/general", { method: "DELETE", headers });
    expect(removal.status).toBe(status === 202 ? 200 : 403);
  });

  it("does not start beyond this machine", async () => {
    await expect(startWebBot({ loopback: false })).rejects.toThrow("WEB_TOKEN");
  });

  it("has no sign-in", async () => {
    const { bot } = await startWebBot();
    expect((await ask(bot, "/sign-in")).status).toBe(404);
  });
});

describe("with a token", () => {
  const start = (): ReturnType<typeof startWebBot> => startWebBot({ token: TOKEN, loopback: false });
  const signIn = (bot: Awaited<ReturnType<typeof start>>["bot"], token: string, headers = {}): Promise<Response> =>
    ask(bot, "/sign-in", { method: "POST", body: new URLSearchParams({ token }), headers });
  const signInAt = (bot: Awaited<ReturnType<typeof start>>["bot"], token: string, address: string): Promise<Response> =>
    ask(bot, "/sign-in", { method: "POST", body: new URLSearchParams({ token }) }, address);

  it.for([
    "/",
    "/api/me",
    "/api/channels",
    "/api/channels/general/events",
    "/api/knowledge",
    "/assets/app.js",
    "/vendor/marked.js",
    "/api/none",
  ])("shows a stranger nothing: %s", async (path) => {
    const { bot } = await start();
    expect((await ask(bot, path)).status).toBe(401);
    expect((await ask(bot, path, { headers: { authorization: "Bearer wrong" } })).status).toBe(401);
    expect((await ask(bot, path, { headers: { cookie: "docent_session=1.2" } })).status).toBe(401);
  });

  it.for([
    "/sign-in",
    "/assets/base.css",
    "/assets/controls.css",
    "/assets/sign-in.css",
    "/assets/theme.js",
    "/assets/icon.svg",
  ])("shows a stranger what signing in needs: %s", async (path) => {
    const { bot } = await start();
    expect((await ask(bot, path)).status).toBe(200);
  });

  it("answers to a bearer token on any host", async () => {
    const { bot } = await start();
    const headers = { authorization: `Bearer ${TOKEN}`, host: "docent.example" };
    expect((await ask(bot, "/api/me", { headers })).status).toBe(200);
  });

  it("gives a session that holds neither the token nor a hash of it alone, and ends it", async () => {
    const { bot, clock } = await start();
    const response = await signIn(bot, TOKEN);
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe("/");
    const set = response.headers.get("set-cookie") ?? "";
    expect(set).toMatch(/^docent_session=\d+\.[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=2592000$/);
    expect(set).not.toContain(TOKEN);
    const cookie = set.split(";")[0] ?? "";
    expect(await json(ask(bot, "/api/me", { headers: { cookie } }))).toMatchObject({ canSignOut: true });
    expect((await ask(bot, "/", { headers: { cookie: `theme=x; ${cookie}` } })).status).toBe(200);
    expect((await ask(bot, "/", { headers: { cookie: `${cookie}x` } })).status).toBe(401);
    clock.advance(30 * 86_400_000);
    expect((await ask(bot, "/", { headers: { cookie } })).status).toBe(401);
    const out = await ask(bot, "/sign-out", { method: "POST" });
    expect(out.headers.get("set-cookie")).toContain("docent_session=; ");
    expect(out.headers.get("set-cookie")).toContain("Max-Age=0");
  });

  it("ends every session when the token changes", async () => {
    const { bot } = await start();
    const cookie = (await signIn(bot, TOKEN)).headers.get("set-cookie")?.split(";")[0] ?? "";
    const { bot: other } = await startWebBot({ token: "another-token", loopback: false });
    expect((await ask(other, "/", { headers: { cookie } })).status).toBe(401);
  });

  it("marks the cookie as secure behind HTTPS", async () => {
    const { bot } = await start();
    const response = await signIn(bot, TOKEN, { "x-forwarded-proto": "https" });
    expect(response.headers.get("set-cookie")).toMatch(/; Secure$/);
    const out = await ask(bot, "/sign-out", { method: "POST", headers: { "x-forwarded-proto": "https" } });
    expect(out.headers.get("set-cookie")).toMatch(/; Secure$/);
  });

  it("slows down guessing at one address, and lets the right token in a minute later", async () => {
    const { bot, clock } = await start();
    for (let n = 0; n < 10; n++) expect((await signIn(bot, `guess ${n}`)).status).toBe(401);
    clock.advance(20_000);
    const refused = await signIn(bot, TOKEN, { "accept-language": "ko" });
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("40");
    expect(await refused.text()).toContain("시도 횟수가 너무 많습니다");
    expect((await signInAt(bot, TOKEN, "192.0.2.7")).status).toBe(303);
    clock.advance(40_001);
    expect((await signIn(bot, TOKEN)).status).toBe(303);
  });

  it("slows down guessing from many addresses", async () => {
    const { bot } = await start();
    for (let n = 0; n < 300; n++) expect((await signInAt(bot, "guess", `192.0.2.${n}`)).status).toBe(401);
    expect((await signInAt(bot, TOKEN, "198.51.100.1")).status).toBe(429);
  });

  it("asks in the visitor's language", async () => {
    const { bot } = await start();
    const headers = { "accept-language": "ko-KR,ko;q=0.9" };
    const page = await (await ask(bot, "/", { headers })).text();
    expect(page).toContain('<html lang="ko">');
    expect(page).toContain("토큰을 입력해 주세요");
    expect(await (await signIn(bot, "wrong", headers)).text()).toContain("토큰이 맞지 않습니다");
  });

  it("does not let another site sign somebody in", async () => {
    const { bot } = await start();
    expect((await signIn(bot, TOKEN, { origin: "https://evil.example" })).status).toBe(403);
  });
});

describe("headers", () => {
  it("give the page a policy under which nothing foreign runs", async () => {
    const { bot } = await startWebBot();
    const { headers } = await ask(bot, "/");
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy.split("; ")).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data: blob:",
      "connect-src 'self'",
      "worker-src 'self'",
      "font-src 'self'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ]);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
  });

  it("are on errors and data too", async () => {
    const { bot } = await startWebBot();
    for (const path of ["/api/none", "/api/channels", "/assets/none.js"]) {
      const { headers } = await ask(bot, path);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    }
    expect((await say(bot, "general", toForm({}))).headers.get("referrer-policy")).toBe("no-referrer");
  });

  it("never show an error's inside", async () => {
    const { bot, docent, errors } = await startWebBot();
    docent.documents = () => Promise.reject(new Error("SELECT secret FROM place"));
    const response = await ask(bot, "/api/knowledge");
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
    expect(errors).toHaveLength(1);
  });
});
