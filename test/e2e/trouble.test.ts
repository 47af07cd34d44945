import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { rateLimited } from "../servers/discord/faults.ts";
import { startOpenAIServer } from "../servers/openai-server.ts";
import { openDiscord, openSlack, type Chat } from "./chats.ts";
import { startProgram, type Program } from "./program.ts";

const QUESTIONS = 20;

async function startWith(chat: Chat): Promise<Program> {
  const openai = await startOpenAIServer({ answer: (_request, { question }) => ({ text: `Echo: ${question}` }) });
  onTestFinished(() => openai.close());
  const env = { DATA_DIR: temporaryFolder(), OPENAI_API_KEY: "test-key", OPENAI_BASE_URL: openai.url };
  return await startProgram({ ...env, ...chat.env });
}

/** Asks questions while `trouble` happens, and tells what was answered, in order. */
async function askThrough(chat: Chat, trouble: (number: number) => void): Promise<readonly string[]> {
  await chat.connected(await startWith(chat));
  for (let number = 1; number <= QUESTIONS; number++) {
    trouble(number);
    chat.ask(`question number ${number}.`);
    await chat.until(() => chat.answers().length >= Math.min(number - 2, QUESTIONS));
  }
  await chat.until(() => chat.answers().some((answer) => answer.includes(`number ${QUESTIONS}.`)));
  return chat.answers().map((answer) => /number \d+/.exec(answer)?.[0] ?? answer);
}

const EVERY_ONE = Array.from({ length: QUESTIONS }, (_, index) => `number ${index + 1}`);

async function readiness(program: Program): Promise<string> {
  return JSON.stringify(await (await fetch(`${program.url}/readyz`)).json());
}

describe("trouble on Slack", () => {
  it("that refreshes connections, tells of dropped events and limits every tenth call loses no question", async () => {
    const chat = await openSlack({ ackTimeoutMs: 500 });
    chat.server.world.faults.every("*", 10, { kind: "rate-limit", retryAfterSeconds: 1 });
    const answered = await askThrough(chat, (number) => {
      if (number === 5)
        chat.server.sockets.sendRaw({
          type: "app_rate_limited",
          envelope_id: "e1",
          payload: { minute_rate_limited: 1, type: "app_rate_limited" },
        });
      if (number === 8) chat.server.sockets.disconnect("refresh_requested", 0);
      if (number === 14) chat.server.sockets.disconnect("warning", 0);
    });
    expect(answered).toEqual(EVERY_ONE);
  }, 60_000);

  it("such as a wrong token is named, with what to click, and the page works all the same", async () => {
    const chat = await openSlack({ botToken: "xoxb-another" });
    const program = await startWith(chat);
    await expect.poll(() => readiness(program)).toMatch(/SLACK_BOT_TOKEN/);
    expect(await readiness(program)).toMatch(/OAuth & Permissions/);
    expect((await fetch(`${program.url}/`)).status).toBe(200);
  });

  it("such as a missing scope is named, with what to click", async () => {
    const chat = await openSlack({ withoutScopes: ["files:read"] });
    const program = await startWith(chat);
    await expect.poll(() => readiness(program)).toMatch(/files:read/);
    // People were asked to post the file again, and again.
    chat.ask("How long?", [{ name: "lease.txt", bytes: Buffer.from("The notice period is ninety days.") }]);
    await chat.until(() => chat.answers().length > 0);
    expect(chat.answers()).toEqual([
      expect.stringMatching(/“lease\.txt”: Docent lacks the permission files:read .* ask whoever runs Docent/),
    ]);
  });
});

describe("trouble on Discord", () => {
  it("that drops the gateway and limits every tenth call loses no question", async () => {
    const chat = await openDiscord();
    chat.server.faults.add({
      match: /^POST .*messages/,
      every: 10,
      times: 100,
      reply: rateLimited(0.2),
      when: "before",
    });
    const answered = await askThrough(chat, (number) => {
      if (number === 5) chat.server.gateway.drop();
      if (number === 9) chat.server.gateway.askToReconnect();
      if (number === 14) chat.server.gateway.invalidate();
    });
    expect(answered).toEqual(EVERY_ONE);
  }, 60_000);

  it("such as a wrong token is named, with where to get a new one", async () => {
    const chat = await openDiscord({ token: "another.token.here" });
    const program = await startWith({ ...chat, env: { ...chat.env, DISCORD_TOKEN: "wrong.token.here" } });
    await expect.poll(() => readiness(program)).toMatch(/DISCORD_TOKEN/);
    expect((await fetch(`${program.url}/`)).status).toBe(200);
  });

  it("such as a disallowed intent is named, and mentions are answered all the same", async () => {
    const chat = await openDiscord({ hasMessageContent: false });
    const program = await startWith(chat);
    await chat.connected(program);
    chat.ask("question number 1.");
    await chat.until(() => chat.answers().find((answer) => answer.includes("number 1")));
    expect(await readiness(program)).toMatch(/Message Content/);
  });
});
