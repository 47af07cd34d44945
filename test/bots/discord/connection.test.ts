import { afterEach, describe, expect, it } from "vitest";
import { createDiscordBot } from "../../../src/bots/discord/discord-bot.ts";
import { createKeyedLock } from "../../../src/core/keyed-lock.ts";
import { createLocalBulletin } from "../../../src/core/local-bulletin.ts";
import { openScene, startScene, type Scene } from "./scene.ts";

let scene: Scene;
afterEach(() => scene.close());

describe("the connection to Discord", () => {
  it("prints a link that invites the bot with the rights it needs, and is ready", async () => {
    scene = await startScene();
    const line = scene.logged.find((each) => each.includes("To add Docent to a server")) ?? "";
    const url = new URL(/https:[^"]+/.exec(line)?.[0] ?? "");
    expect(url.searchParams.get("client_id")).toBe(scene.server.state.app.id);
    expect(url.searchParams.get("scope")).toBe("bot applications.commands");
    // View Channel, Send Messages, Add Reactions, Read Message History, Send Messages in Threads.
    expect(BigInt(url.searchParams.get("permissions") ?? 0)).toBe(
      (1n << 10n) | (1n << 11n) | (1n << 6n) | (1n << 16n) | (1n << 38n),
    );
    expect(await scene.bot.check()).toEqual({ ready: true });
  });

  it("works without Message Content where it is not granted, and says what it cannot see and what to click", async () => {
    scene = await startScene({ server: { hasMessageContent: false } });
    const { docent, post, me, bot, logged, server, kim, channel } = scene;
    expect(await bot.check()).toMatchObject({ ready: true, hint: expect.stringContaining("Message Content Intent") });
    expect(logged.some((line) => line.startsWith("warn") && line.includes("Developer Portal"))).toBe(true);
    post("not for me", { files: [{ name: "a.pdf", bytes: "%PDF" }] });
    post(`${me} how long?`, { files: [{ name: "b.pdf", bytes: "%PDF" }] });
    expect(await docent.nth(0)).toMatchObject({ text: "how long?", attachments: [{ name: "b.pdf" }] });
    server.controls.slash(kim, channel, ["help"]);
    const help = await server.until(() =>
      server.transcript(channel).find(({ onlyFor, isThinking }) => onlyFor === "Kim" && !isThinking),
    );
    expect(help.text).toContain("Message Content Intent");
  });

  it("tells somebody who picks its role instead of it that it cannot read that, when it lacks the intent", async () => {
    scene = await startScene({ server: { hasMessageContent: false } });
    const { docent, post, server, channel, guild } = scene;
    post(`<@&${guild.botRoleId}> how long?`);
    await server.until(() => server.botMessages(channel).length === 1);
    expect(server.transcript(channel).at(-1)?.text).toContain("Please mention me");
    expect(docent.deliveries).toEqual([]);
  });

  it("tells somebody who replies without a ping that it cannot read that, when it lacks the intent", async () => {
    scene = await startScene({ server: { hasMessageContent: false } });
    const { docent, post, me, server, channel } = scene;
    post(`${me} how long?`);
    await docent.answer(await docent.nth(0), "Two months.");
    const [own] = server.botMessages(channel);
    post("and for small ones?", { ...(own === undefined ? {} : { replyTo: own }), pings: false });
    await server.until(() => server.botMessages(channel).length === 2);
    expect(server.transcript(channel).at(-1)?.text).toContain("Please mention me");
  });

  it("names the variable when the token is wrong, stays up, and does not ask again", async () => {
    scene = await openScene({ token: "wrong" });
    await scene.start();
    expect(await scene.bot.check()).toEqual({ ready: false, reason: expect.stringContaining("DISCORD_TOKEN") });
    expect(scene.logged.some((line) => line.startsWith("error") && line.includes("Reset Token"))).toBe(true);
    expect(scene.server.requests).toEqual(["GET /gateway/bot → 401"]);
  });

  it("says so when the token is reset while it runs", async () => {
    scene = await startScene();
    const { server, bot } = scene;
    server.state.app.token = "another";
    server.gateway.drop();
    await scene.until(() => scene.logged.some((line) => line.includes("DISCORD_TOKEN")));
    expect(await bot.check()).toMatchObject({ ready: false });
  });

  it("waits for an API that is down, and connects when it is back", async () => {
    scene = await openScene();
    const { server, clock } = scene;
    server.faults.add({ match: /GET \/gateway\/bot/, times: 4, reply: { status: 503 }, when: "before" });
    await scene.start();
    expect(await scene.bot.check()).toMatchObject({ ready: false, reason: expect.stringContaining("trying again") });
    await clock.whenSleeping(1000);
    clock.advance(1000);
    await server.until(() => server.gateway.connected === 1);
  });

  it("makes one turn of what a resume repeats, and misses nothing that came in between", async () => {
    scene = await startScene();
    const { docent, post, me, server } = scene;
    post(`${me} one`);
    await docent.nth(0);
    server.gateway.drop();
    for (const text of ["two", "three", "four"]) post(`${me} ${text}`);
    await docent.nth(3);
    expect(docent.accepted.map(({ text }) => text)).toEqual(["one", "two", "three", "four"]);
    expect(server.gateway).toMatchObject({ identifies: 1, resumes: 1 });
  });

  it("notices a connection on which nothing comes through any more", async () => {
    scene = await startScene({ server: { heartbeatIntervalMs: 150 } });
    const { docent, post, me, server } = scene;
    server.gateway.freeze();
    post(`${me} into the void`);
    expect(await docent.nth(0)).toMatchObject({ text: "into the void" });
  });

  it("fetches what a session that cannot be resumed has missed", async () => {
    scene = await startScene();
    const { docent, post, me, server } = scene;
    post(`${me} one`);
    await docent.nth(0);
    server.gateway.refuseResumes(1);
    server.gateway.drop();
    post(`${me} two`);
    await scene.clock.whenSleeping(5000);
    server.advance(5000);
    scene.clock.advance(5000);
    await docent.nth(1);
    expect(docent.accepted.map(({ text }) => text)).toEqual(["one", "two"]);
    expect(server.gateway).toMatchObject({ identifies: 2, resumes: 0, hasty: 0 });
  }, 20_000);

  it("hands a message that is delivered again under the same key", async () => {
    scene = await startScene();
    const { docent, post, me, server } = scene;
    const message = post(`${me} how long?`);
    for (let count = 0; count < 4; count++) server.deliverAgain(message);
    await docent.until(() => docent.deliveries.length === 5);
    expect(docent.accepted).toHaveLength(1);
  });

  it("hands the same message under the same key in two replicas", async () => {
    scene = await startScene();
    const { docent, post, me } = scene;
    await scene.start();
    post(`${me} how long?`);
    await docent.until(() => docent.deliveries.length === 2);
    expect(new Set(docent.deliveries).size).toBe(1);
    expect(docent.accepted).toHaveLength(1);
  });

  it("stays up and says what is wrong when nothing listens at its address", async () => {
    scene = await openScene();
    const bot = createDiscordBot({
      token: "t",
      apiUrl: "http://127.0.0.1:9/api/",
      conversationPer: "channel",
      readUploads: "asked",
      maxFileMb: 1,
      seen: {
        get: () => Promise.resolve(undefined),
        set: () => Promise.resolve(),
        delete: () => Promise.resolve(true),
      },
      shards: "auto",
      lock: createKeyedLock(),
      bulletin: createLocalBulletin(),
      clock: scene.clock,
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
      metrics: { count: () => undefined, observe: () => undefined },
      language: "auto",
    });
    await bot.start(scene.docent);
    expect(await bot.check()).toMatchObject({ ready: false, reason: expect.stringContaining("could not connect") });
    await bot.stop();
  });
});
