import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createInstallation, type Installation } from "../../set-up/installation.ts";
import { startVendors, type Vendors } from "../../set-up/vendors.ts";
import { json } from "./requests.ts";
import { startWebBot, type WebBotUnderTest } from "./web-bot-under-test.ts";

const HOST = "localhost:3000";
const BROWSER = { host: HOST, origin: `http://${HOST}`, "sec-fetch-site": "same-origin" };
const TYPE = { "content-type": "application/json" };

interface Scene extends Installation {
  readonly vendors: Vendors;
  readonly bot: WebBotUnderTest["bot"];
}

async function start(): Promise<Scene> {
  const vendors = await startVendors();
  const installation = createInstallation(vendors.addresses);
  const { bot } = await startWebBot({ setup: installation.setup });
  return { ...installation, vendors, bot };
}

function ask(
  { bot }: Pick<Scene, "bot">,
  {
    at = "/api/setup",
    from = "127.0.0.1" as string | null,
    headers = BROWSER as Readonly<Record<string, string>>,
    body = null as unknown,
  },
): Promise<Response> {
  const init = body === null ? {} : { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) };
  const sent = Object.entries({ ...TYPE, ...headers }).filter(([, value]) => value !== "");
  return bot.handle(new Request(`http://${HOST}${at}`, { ...init, headers: sent }), {
    address: "127.0.0.1",
    socketAddress: from ?? undefined,
  });
}

function save(
  scene: Scene,
  change: { from?: string | null; headers?: Readonly<Record<string, string>> } = {},
): Promise<Response> {
  const values = { OPENAI_API_KEY: scene.vendors.good.OPENAI_API_KEY };
  return ask(scene, { at: "/api/setup/save", body: { service: "openai", values }, ...change });
}

describe("set-up on the page", () => {
  it.for([
    ["IPv4", "127.0.0.1", {}],
    ["IPv6", "::1", {}],
    ["IPv4 in IPv6", "::ffff:127.0.0.1", {}],
    ["another loopback name", "127.0.0.1", { host: "127.0.0.1:3000", origin: "http://127.0.0.1:3000" }],
  ] as const)("is there for a browser on this machine: %s", async ([, from, headers]) => {
    const scene = await start();
    expect((await ask(scene, { from, headers: { ...BROWSER, ...headers } })).status).toBe(200);
    expect((await save(scene, { from, headers: { ...BROWSER, ...headers } })).status).toBe(200);
    expect(scene.text()).toContain("OPENAI_API_KEY=");
    const me = await json(ask(scene, { at: "/api/me", from, headers: { ...BROWSER, ...headers } }));
    expect(me["canSetUp"]).toBe(true);
  });

  it.for([
    ["another machine", "192.168.0.7", {}],
    ["another machine by IPv6", "fe80::1", {}],
    ["another machine, IPv4 in IPv6", "::ffff:10.0.0.7", {}],
    ["an address that only looks like one", "127.0.0.1.example", {}],
    ["a connection that is not known", null, {}],
    ["a proxy's X-Forwarded-For", "127.0.0.1", { "x-forwarded-for": "127.0.0.1" }],
    ["a proxy's X-Real-IP", "127.0.0.1", { "x-real-ip": "127.0.0.1" }],
    ["a proxy's X-Forwarded-Proto", "127.0.0.1", { "x-forwarded-proto": "http" }],
    ["a proxy's Forwarded", "127.0.0.1", { forwarded: "for=127.0.0.1" }],
    ["a proxy's Via", "127.0.0.1", { via: "1.1 proxy" }],
    ["a foreign name (DNS rebinding)", "127.0.0.1", { host: "evil.example:3000", origin: "http://evil.example:3000" }],
    ["another site (CSRF)", "127.0.0.1", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
    ["another site in an old browser", "127.0.0.1", { origin: "https://evil.example", "sec-fetch-site": "" }],
    ["another port of this machine", "127.0.0.1", { origin: "http://localhost:8080", "sec-fetch-site": "same-site" }],
    ["HTTPS, which Docent does not speak", "127.0.0.1", { origin: "https://localhost:3000" }],
    ["a sandboxed frame", "127.0.0.1", { origin: "null" }],
  ] as const)("is closed, and writes nothing, for %s", async ([, from, headers]) => {
    const scene = await start();
    const sent = { ...BROWSER, ...headers };
    expect((await ask(scene, { from, headers: sent })).status).toBe(403);
    expect((await save(scene, { from, headers: sent })).status).toBe(403);
    expect(scene.text()).toBe(null);
    expect(scene.vendors.openai.requests).toEqual([]);
  });

  it("is closed for a change without an origin, and for an image of another page", async () => {
    const scene = await start();
    expect((await save(scene, { headers: { host: HOST } })).status).toBe(403);
    const image = { host: HOST, "sec-fetch-site": "cross-site" };
    expect((await ask(scene, { headers: image })).status).toBe(403);
    expect(scene.text()).toBe(null);
  });

  it("tells a path that is not there from a method that is not taken", async () => {
    const scene = await start();
    expect((await ask(scene, { at: "/api/setup/none", body: {} })).status).toBe(404);
    expect((await ask(scene, { at: "/api/setup", body: {} })).status).toBe(405);
  });

  it("takes JSON alone, which a form of another page cannot send", async () => {
    const scene = await start();
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
      expect((await save(scene, { headers: { ...BROWSER, "content-type": type } })).status).toBe(400);
    }
    expect(scene.text()).toBe(null);
  });

  it.for([
    ["no JSON", "{"],
    ["no service", { values: {} }],
    ["an unknown service", { service: "teams", values: {} }],
    ["no values", { service: "openai" }],
    ["a variable that is none of its", { service: "openai", values: { WEB_TOKEN: "a-long-one-of-mine" } }],
    ["a value that is no text", { service: "openai", values: { OPENAI_API_KEY: 7 } }],
    ["more than anybody types", { service: "openai", values: { OPENAI_API_KEY: "x".repeat(30_000) } }],
  ] as const)("refuses %s", async ([, body]) => {
    const scene = await start();
    const response = await ask(scene, { at: "/api/setup/save", body });
    expect(response.status).toBe(400);
    expect(scene.text()).toBe(null);
  });

  it("is not there when the page is behind a token, or listens beyond this machine", async () => {
    const { bot } = await startWebBot({ token: "a-long-token-of-the-team" });
    const headers = { ...BROWSER, authorization: "Bearer a-long-token-of-the-team" };
    const response = await ask({ bot }, { headers });
    expect(response.status).toBe(403);
    expect(await json(response)).toEqual({
      error: { code: "forbidden", message: expect.stringContaining("npm run setup does the same") },
    });
    expect(await json(ask({ bot }, { at: "/api/me", headers }))).toMatchObject({ canSetUp: false });
  });

  it("checks without writing, and says in a sentence why a token is refused", async () => {
    const scene = await start();
    const body = { service: "openai", values: { OPENAI_API_KEY: "sk-wrong-key-0001" } };
    expect(await json(ask(scene, { at: "/api/setup/check", body }))).toEqual({
      verdicts: [
        {
          variable: "OPENAI_API_KEY",
          state: "problem",
          text: "OpenAI refuses this key. Please copy it again, or create a new one.",
          link: null,
        },
      ],
    });
    const refused = await ask(scene, { at: "/api/setup/save", body });
    expect(refused.status).toBe(422);
    expect(await json(refused)).toMatchObject({
      error: { message: expect.stringMatching(/^Nothing was saved\. OpenAI refuses this key\./) },
    });
    expect(scene.text()).toBe(null);
  });

  it("speaks the visitor's language", async () => {
    const scene = await start();
    const headers = { ...BROWSER, "accept-language": "ko" };
    const answer = JSON.stringify(await json(ask(scene, { headers })));
    expect(answer).toContain("API 키");
    expect(answer).not.toContain('API key"');
  });

  it("never shows a value again, not even the one that was just sent", async () => {
    const scene = await start();
    const answers: string[] = [];
    for (const at of ["/api/setup/check", "/api/setup/save"]) {
      for (const [service, names] of SERVICES) {
        const values = Object.fromEntries(names.map((name) => [name, scene.vendors.good[name]]));
        answers.push(await (await ask(scene, { at, body: { service, values } })).text());
        const wrong = Object.fromEntries(names.map((name) => [name, `${scene.vendors.good[name]}-wrong`]));
        answers.push(await (await ask(scene, { at, body: { service, values: wrong } })).text());
      }
    }
    for (const at of ["/", "/setup", "/api/setup", "/api/setup/restart", "/api/me"]) {
      answers.push(await (await ask(scene, { at })).text());
    }
    expect(scene.text()).toContain("planted-0123456789");
    expect(answers.join("\n")).toContain('"state":"connected"');
    expect([...answers, JSON.stringify(scene.logged)].join("\n")).not.toMatch(/planted-0123456789|0123456789-planted/);
  });

  it("tells that a restart is needed, until there was one", async () => {
    const scene = await start();
    expect(await json(ask(scene, { at: "/api/setup/restart" }))).toEqual({ restartNeeded: false });
    await save(scene);
    expect(await json(ask(scene, { at: "/api/setup/restart" }))).toEqual({ restartNeeded: true });
    const restarted = createInstallation(scene.vendors.addresses, path.dirname(scene.file));
    const { bot } = await startWebBot({ setup: restarted.setup });
    expect(await json(ask({ bot }, { at: "/api/setup/restart" }))).toEqual({ restartNeeded: false });
    expect(readFileSync(scene.file, "utf8")).toBe(`OPENAI_API_KEY=${scene.vendors.good.OPENAI_API_KEY}\n`);
  });
});

const SERVICES = [
  ["openai", ["OPENAI_API_KEY"]],
  ["slack", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]],
  ["discord", ["DISCORD_TOKEN"]],
] as const;
