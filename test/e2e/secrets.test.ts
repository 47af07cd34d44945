import { expect, it } from "vitest";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { openDiscord, openSlack } from "./chats.ts";
import { auth, findPlanted, listen, NOISE, OPENAI_KEY, startMirror } from "./planted-secrets.ts";
import { startProgram, visit } from "./program.ts";

const TOGETHER = { timeout: 90_000 };

async function meetMirrors(status: number, LOG_FORMAT: string): Promise<readonly string[]> {
  const mirror = await startMirror(status);
  const program = await startProgram({
    ...NOISE,
    LOG_FORMAT,
    DATA_DIR: temporaryFolder(),
    RUN_DEADLINE_SECONDS: "5",
    OPENAI_API_KEY: OPENAI_KEY,
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
  return findPlanted(`${all}\n${program.output()}`);
}

async function meetFaults(LOG_FORMAT: string): Promise<readonly string[]> {
  const mirror = await startMirror(400);
  const slack = await openSlack({ botToken: "xoxb-pl4nted-bot" });
  const discord = await openDiscord({ token: "pl4nted.discord.token" });
  const program = await startProgram({
    ...NOISE,
    LOG_FORMAT,
    DATA_DIR: temporaryFolder(),
    OPENAI_API_KEY: OPENAI_KEY,
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
  return findPlanted(told);
}

it("tells no secret, at the debug level, when OpenAI, Slack and Discord quote every request", TOGETHER, async () => {
  const planted = await Promise.all([
    meetMirrors(401, "json"),
    meetMirrors(403, "pretty"),
    meetMirrors(500, "json"),
    meetMirrors(200, "pretty"),
  ]);
  expect(planted).toEqual([[], [], [], []]);
});

it("tells no secret, at the debug level, in channels whose vendors fail call after call", TOGETHER, async () => {
  const planted = await Promise.all([meetFaults("json"), meetFaults("pretty")]);
  expect(planted).toEqual([[], []]);
});
