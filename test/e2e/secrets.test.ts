import { createHmac } from "node:crypto";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { startMirrorServer, type MirrorServer } from "../servers/mirror-server.ts";
import { openDiscord, openSlack } from "./chats.ts";
import { startProgram, visit, type Program } from "./program.ts";

/** Part of every secret below, however it is written down. */
const PLANTED = /pl4nted/i;

const WEB_TOKEN = "pl4nted-web-token";
const KEY = 'pl4nted-openai-"key"\\1';
const auth = { authorization: `Bearer ${WEB_TOKEN}` };
const FORMATS = ["json", "pretty"] as const;
const SLOW = { timeout: 60_000 };
const noise = { LOG_LEVEL: "debug", WEB_TOKEN } as const;

async function startMirror(status?: number): Promise<MirrorServer> {
  const mirror = await startMirrorServer(status);
  onTestFinished(() => mirror.close());
  return mirror;
}

/** All that the program tells anybody: its lines, what it says of its parts, its figures, its answers and its errors. */
async function listen(program: Program): Promise<string> {
  const read = async (path: string, headers: Record<string, string>, init: RequestInit = {}): Promise<string> => {
    const response = await fetch(`${program.url}${path}`, { headers, redirect: "manual", ...init });
    return `${[...response.headers].filter(([name]) => name !== "set-cookie").join()} ${await response.text()}`;
  };
  const cookie = "docent_session=9999999999999.pl4nted-session";
  const said = await Promise.all([
    read("/readyz", auth),
    read("/readyz", {}),
    read("/metrics", auth),
    read("/api/channels/general/messages", auth),
    read("/api/channels/general/documents", auth),
    read("/api/me", { cookie }),
    read("/api/me", { authorization: "Bearer pl4nted-guess" }),
    read("/api/documents/pl4nted/content?token=pl4nted", { cookie }),
    read("/api/usage", auth),
    read("/sign-in", {}, { method: "POST", body: new URLSearchParams({ token: "pl4nted-guess" }) }),
    read("/sign-in", {}, { method: "POST", body: new URLSearchParams({ token: WEB_TOKEN }) }),
    read("/slack/events", { "x-slack-signature": "v0=pl4nted", "x-slack-request-timestamp": "1" }, { method: "POST" }),
    read("/api/channels/general/messages", auth, {
      method: "POST",
      headers: { ...auth, "content-type": "multipart/form-data; boundary=pl4nted" },
      body: "pl4nted",
    }),
  ]);
  return [program.output(), ...said].join("\n");
}

describe("secrets, at the debug level,", () => {
  it.for([
    [401, "json"],
    [403, "pretty"],
    [500, "json"],
    [200, "pretty"],
  ] as const)(
    "are not told when OpenAI, Slack and Discord answer %i and quote every request (%s)",
    SLOW,
    async ([status, LOG_FORMAT]) => {
      const mirror = await startMirror(status);
      const program = await startProgram({
        ...noise,
        LOG_FORMAT,
        DATA_DIR: temporaryFolder(),
        RUN_DEADLINE_SECONDS: "5",
        OPENAI_API_KEY: KEY,
        OPENAI_BASE_URL: `${mirror.url}/v1?api-key=pl4nted-gateway`,
        SLACK_BOT_TOKEN: "xoxb-pl4nted-bot",
        SLACK_APP_TOKEN: "xapp-pl4nted-app",
        SLACK_API_URL: `${mirror.url}/api/`,
        DISCORD_TOKEN: "pl4nted.discord.token",
        DISCORD_API_URL: `${mirror.url}/api`,
      });
      const answer = await visit(program, "general", auth).ask("How long may a laptop be borrowed?", [
        { name: "notes.txt", bytes: Buffer.from("A laptop may be borrowed for 14 days.") },
      ]);
      expect(mirror.requests.some((request) => request.includes("/v1"))).toBe(true);
      expect(mirror.requests.some((request) => request.includes("/api/"))).toBe(true);
      const all = `${await listen(program)}\n${JSON.stringify(answer)}`;
      await program.stop();
      expect(program.output().length).toBeGreaterThan(200);
      expect(`${all}\n${program.output()}`.split("\n").filter((line) => PLANTED.test(line))).toEqual([]);
    },
  );

  it.for(FORMATS)("are not told in channels whose vendors fail call after call (%s)", SLOW, async (LOG_FORMAT) => {
    const mirror = await startMirror(400);
    const slack = await openSlack({ botToken: "xoxb-pl4nted-bot" });
    const discord = await openDiscord({ token: "pl4nted.discord.token" });
    const program = await startProgram({
      ...noise,
      LOG_FORMAT,
      DATA_DIR: temporaryFolder(),
      OPENAI_API_KEY: KEY,
      OPENAI_BASE_URL: mirror.url,
      ...slack.env,
      ...discord.env,
      SLACK_BOT_TOKEN: "xoxb-pl4nted-bot",
    });
    const file = { name: "notes.txt", bytes: Buffer.from("A laptop may be borrowed for 14 days.") };
    for (const chat of [slack, discord]) {
      await chat.connected(program);
      chat.ask("How long may a laptop be borrowed?", [file]);
      await chat.until(() => chat.answers().length > 0);
    }
    // A response_url that takes nothing, a file that cannot be fetched, posts that are refused.
    slack.server.world.faults.next("response_url", { kind: "status", status: 500, when: "before" });
    slack.command("docs");
    slack.server.world.faults.next("files.info", { kind: "error", error: "invalid_auth" });
    slack.server.world.faults.next("chat.postMessage", { kind: "status", status: 500, when: "before" });
    slack.ask("And a camera?", [{ ...file, name: "more.txt" }]);
    discord.server.faults.add({
      match: /^POST .*messages/,
      when: "before",
      reply: { status: 500, json: { message: "pl4nted.discord.token" } },
    });
    discord.ask("And a camera?", [{ ...file, name: "more.txt" }]);
    for (const chat of [slack, discord]) await chat.until(() => chat.answers().length > 1);
    const all = await listen(program);
    await program.stop();
    const told = [all, program.output(), slack.transcript(), discord.transcript()].join("\n");
    expect(told.split("\n").filter((line) => PLANTED.test(line))).toEqual([]);
  });

  const bucket = {
    BLOB_URL: "s3+MIRROR/files",
    S3_ACCESS_KEY_ID: "pl4nted-access-key",
    S3_SECRET_ACCESS_KEY: "pl4nted-secret-key",
    S3_SESSION_TOKEN: "pl4nted-session-token",
  };
  const byHttp = {
    SLACK_BOT_TOKEN: "xoxb-pl4nted-bot",
    SLACK_SIGNING_SECRET: "pl4nted-signing-secret",
    SLACK_API_URL: "MIRROR/",
  };
  const CASES: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ["an address of Postgres with nobody there", { DATABASE_URL: "postgres://docent:pl4nted%40pw@127.0.0.1:9/docent" }],
    ["an address of Postgres that is none", { DATABASE_URL: "postgres://docent:pl4nted@127.0.0.1:9:9/docent" }],
    ["a bucket that quotes every request", bucket],
    ["an address of OpenAI with a password in it", { OPENAI_BASE_URL: "http://user:pl4nted@127.0.0.1:9/v1" }],
    ["a signing secret of Slack, and forged requests", byHttp],
    ["malformed values", { SLACK_BOT_TOKEN: "pl4nted", SLACK_APP_TOKEN: "pl4nted", DISCORD_TOKEN: "pl4nted token" }],
  ];

  it.for(CASES)("are not told of %s", SLOW, async ([, change]) => {
    const mirror = await startMirror(403);
    const changes = Object.entries(change).map(([name, value]) => [name, value.replace("MIRROR", mirror.url)]);
    const env: Record<string, string> = {
      ...noise,
      LOG_FORMAT: "pretty",
      DATA_DIR: temporaryFolder(),
      OPENAI_API_KEY: KEY,
      OPENAI_BASE_URL: mirror.url,
      ...Object.fromEntries(changes),
    };
    const lines: string[] = [];
    try {
      const program = await startProgram(env);
      const timestamp = String(Math.floor(Date.now() / 1000));
      const signature = createHmac("sha256", "another").update(`v0:${timestamp}:{}`).digest("hex");
      const headers = { "x-slack-signature": `v0=${signature}`, "x-slack-request-timestamp": timestamp };
      await fetch(`${program.url}/slack/events`, { method: "POST", headers, body: "{}" });
      const file = { name: "notes.txt", bytes: Buffer.from("A laptop may be borrowed for 14 days.") };
      const { body } = await visit(program, "general", auth).post("How long may a laptop be borrowed?", [file]);
      lines.push(JSON.stringify(body), await listen(program));
      await program.stop();
      lines.push(program.output());
    } catch (error) {
      // A program that does not start says why.
      lines.push(error instanceof Error ? error.message : String(error));
    }
    expect(lines.join("\n").length).toBeGreaterThan(100);
    expect(
      lines
        .join("\n")
        .split("\n")
        .filter((line) => PLANTED.test(line)),
    ).toEqual([]);
  });
});
