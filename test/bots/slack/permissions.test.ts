import { afterEach, describe, expect, it } from "vitest";
import { startSlackBot, type SlackUnderTest } from "./slack-under-test.ts";

let under: SlackUnderTest;

afterEach(() => under.close());

describe("a bot's check", () => {
  it.for([
    ["a wrong bot token", { botToken: "xoxb-wrong" }, /SLACK_BOT_TOKEN is not valid.*OAuth & Permissions/],
    ["an app token in its place", { botToken: "xapp-test" }, /SLACK_BOT_TOKEN is not a bot token/],
    [
      "a bot token for an app token",
      { mode: { kind: "socket", appToken: "xoxb-test" } },
      /SLACK_APP_TOKEN is not an app-level token/,
    ],
    ["a wrong app token", { mode: { kind: "socket", appToken: "xapp-wrong" } }, /SLACK_APP_TOKEN is not valid/],
  ] as const)("names %s and what to click, and the process stays up", async ([, bot, reason]) => {
    under = await startSlackBot({ bot, start: false });
    await under.bot.start(under.docent);
    expect(await under.bot.check()).toEqual({ ready: false, reason: expect.stringMatching(reason) });
    expect(under.log.some(({ level, message }) => level === "error" && reason.test(message))).toBe(true);
    expect(JSON.stringify(under.log)).not.toMatch(/xox[bp]-(wrong|test)|xapp-(wrong|test)/);
  });

  it("names the scope that is missing", async () => {
    under = await startSlackBot({ server: { withoutScopes: ["files:read"] } });
    expect(await under.bot.check()).toEqual({
      ready: false,
      reason: expect.stringMatching(/lacks files:read\. .*OAuth & Permissions.*Reinstall/),
    });
  });

  it("is content without what only shows less, and says what is lost", async () => {
    under = await startSlackBot({ server: { withoutScopes: ["reactions:write"] } });
    expect(await under.bot.check()).toEqual({
      ready: true,
      hint: expect.stringContaining("reactions:write (progress and noted files are not shown)"),
    });
  });

  it("is content once a scope was added, without a restart", async () => {
    under = await startSlackBot({ server: { withoutScopes: ["files:read"] } });
    under.slack.world.scopes.add("files:read");
    under.clock.advance(60_000);
    expect(await under.bot.check()).toEqual({ ready: true });
  });

  it("says before the start that there was none", async () => {
    under = await startSlackBot({ start: false });
    expect(await under.bot.check()).toMatchObject({ ready: false });
  });

  it("starts by itself when Slack can be reached later", async () => {
    under = await startSlackBot({ start: false });
    under.slack.world.faults.next("auth.test", { kind: "reset", when: "before" }, 3);
    await under.bot.start(under.docent);
    expect(await under.bot.check()).toEqual({ ready: false, reason: expect.stringContaining("cannot be reached") });
    await under.clock.whenSleeping(60_000);
    under.clock.advance(60_000);
    await under.slack.until(() => under.slack.sockets.connections.length === 2);
    expect(await under.bot.check()).toEqual({ ready: true });
  });
});
