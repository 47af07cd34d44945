import { afterEach, describe, expect, it } from "vitest";
import { DocentError } from "../../../src/core/errors.ts";
import { startScene, type Scene, type SceneOptions } from "./scene.ts";

let scene: Scene;

async function start(options: SceneOptions = {}): Promise<Scene> {
  scene = await startScene(options);
  return scene;
}

afterEach(() => scene.close());

describe("asking on Discord", () => {
  it("takes a mention in a channel as a question, with its text cleaned and names for ids", async () => {
    const { docent, server, guild, channel, kim, me, post } = await start();
    const lee = server.people.person("Lee");
    post(`${me} does <@${lee.id}> in <#${channel.id}> know <:yes:123> about <t:1700000000:R>?`);
    const incoming = await docent.nth(0);
    expect(incoming).toMatchObject({
      bot: "discord",
      kind: "question",
      text: "does @Lee in #general know :yes: about 2023-11-14T22:13:20Z?",
      author: { id: kim.id, name: "Kim" },
      channel: { key: `discord:${channel.id}`, workspace: `discord:${guild.id}`, isDirect: false, isShared: false },
      conversation: `discord:${channel.id}`,
      locale: "en-US",
      context: null,
    });
    expect(incoming.key).toBe(`discord:${channel.id}:${(incoming.replyTo as { messageId: string }).messageId}`);
    expect(Math.abs(incoming.sentAt - Date.now())).toBeLessThan(60_000);
  });

  it("takes the bot's own role for a mention, as people pick it by mistake", async () => {
    const { docent, guild, post } = await start();
    post(`<@&${guild.botRoleId}> how long is the notice period?`);
    expect(await docent.nth(0)).toMatchObject({ kind: "question", text: "how long is the notice period?" });
  });

  it("takes what a reply replies to as context: the text, and the files", async () => {
    const { docent, post, me, channel } = await start();
    const first = post("The lease ends in May.", { files: [{ name: "lease.pdf", bytes: "%PDF" }] });
    post(`${me} is that right?`, { replyTo: first });
    const question = await docent.until(() => docent.accepted.find(({ kind }) => kind === "question"));
    expect(question).toMatchObject({ text: "is that right?", context: "The lease ends in May." });
    expect(question.attachments.map(({ name }) => name)).toEqual(["lease.pdf"]);
    // The file belongs to the message that brought it, so that it goes when that one is deleted.
    expect([...docent.documentsKept.values()].map(({ messageKey }) => messageKey)).toEqual([
      `discord:${channel.id}:${first.id}`,
    ]);
  });

  it("answers a reply to its own message, also one that does not ping", async () => {
    const { docent, post, me, server, channel } = await start();
    post(`${me} how long?`);
    await docent.answer(await docent.nth(0), "Two months.");
    const [own] = server.botMessages(channel);
    post("and for small ones?", { ...(own === undefined ? {} : { replyTo: own }), pings: false });
    expect(await docent.nth(1)).toMatchObject({ text: "and for small ones?", context: null });
  });

  it("takes every direct message as a question, and a file without words as a note", async () => {
    const { docent, server, kim, post } = await start();
    const direct = server.people.direct(kim);
    post("how long is it?", { channel: direct });
    post("", { channel: direct, files: [{ name: "a.pdf", bytes: "%PDF" }] });
    expect(await docent.nth(0)).toMatchObject({
      kind: "question",
      channel: { key: `discord:${direct.id}`, workspace: `discord:dm:${direct.id}`, isDirect: true },
      locale: null,
    });
    expect(await docent.nth(1)).toMatchObject({ kind: "note" });
  });

  it.for([
    { per: "channel" as const, kind: "publicThread" as const, key: "parent", conversation: "parent" },
    { per: "thread" as const, kind: "publicThread" as const, key: "parent", conversation: "thread" },
    { per: "channel" as const, kind: "privateThread" as const, key: "thread", conversation: "thread" },
  ])("puts a $kind with a memory per $per into the $key’s documents and the $conversation’s memory", async (row) => {
    const { docent, server, kim, channel, me, post } = await start({ conversationPer: row.per });
    const thread = server.people.thread(kim, channel, { kind: row.kind });
    post(`${me} how long?`, { channel: thread });
    const ids = { parent: `discord:${channel.id}`, thread: `discord:${thread.id}` } as Record<string, string>;
    const incoming = await docent.nth(0);
    expect(incoming).toMatchObject({ channel: { key: ids[row.key] }, conversation: ids[row.conversation] });
    expect(incoming.key.startsWith(`discord:${thread.id}:`)).toBe(true);
  });

  it("keeps each post of a forum to itself", async () => {
    const { docent, server, kim, guild, me, post } = await start();
    const forum = server.people.channel(guild, "help", { kind: "forum" });
    const topic = server.people.thread(kim, forum);
    post(`${me} how long?`, { channel: topic });
    expect(await docent.nth(0)).toMatchObject({ channel: { key: `discord:${topic.id}` } });
  });

  it("follows a thread that it takes part in, but not what people say to each other there", async () => {
    const { docent, server, kim, channel, me, post } = await start();
    const lee = server.people.person("Lee");
    const thread = server.people.thread(kim, channel);
    post("before anybody asked", { channel: thread });
    post(`${me} how long?`, { channel: thread });
    post("and for small ones?", { channel: thread });
    const chat = post(`<@${lee.id}> what do you think?`, { channel: thread });
    post("no idea", { channel: thread, user: lee, replyTo: chat });
    post("and for large ones?", { channel: thread });
    await docent.nth(2);
    expect(docent.accepted.map(({ text }) => text)).toEqual([
      "how long?",
      "and for small ones?",
      "and for large ones?",
    ]);
  });

  it("still follows its threads after a restart", async () => {
    const { docent, server, kim, channel, me, post, start: restart, bot } = await start();
    const thread = server.people.thread(kim, channel);
    post(`${me} how long?`, { channel: thread });
    await docent.nth(0);
    await bot.stop();
    await restart();
    post("and for small ones?", { channel: thread });
    expect(await docent.nth(1)).toMatchObject({ text: "and for small ones?" });
  });

  it("asks what an archived thread is when the gateway has not told", async () => {
    const { docent, server, kim, channel, me, post, start: restart, bot } = await start();
    const thread = server.people.thread(kim, channel);
    thread.isArchived = true;
    await bot.stop();
    await restart();
    post(`${me} how long?`, { channel: thread });
    expect(await docent.nth(0)).toMatchObject({ channel: { key: `discord:${channel.id}` } });
  });

  it("ignores bots, itself, webhooks, joins, edits and talk that is not for it", async () => {
    const { docent, server, guild, me, post } = await start();
    const robot = server.people.person("Robot", { isBot: true });
    server.people.join(robot, guild);
    post(`${me} hello from a bot`, { user: robot });
    post(`${me} hello from a webhook`, { webhook: true });
    post(`${me} joined`, { type: 7 });
    post("just talking");
    const before = post("a typo");
    server.people.edit(before, `${me} an edit`);
    post(`${me} a real question`);
    expect(await docent.nth(0)).toMatchObject({ text: "a real question" });
    expect(docent.deliveries).toHaveLength(1);
  });

  it("accepts what one channel says in order, however slow the inbox is, without holding up another", async () => {
    const { docent, server, guild, me, post, channel } = await start();
    const other = server.people.channel(guild, "other");
    const gate = Promise.withResolvers<void>();
    docent.onAccept = (incoming) => (incoming.text === "one" ? gate.promise : undefined);
    for (const text of ["one", "two", "three"]) post(`${me} ${text}`);
    post(`${me} elsewhere`, { channel: other });
    expect(await docent.nth(0)).toMatchObject({ text: "elsewhere" });
    gate.resolve();
    await docent.nth(3);
    const inChannel = docent.accepted.filter((each) => each.channel.key === `discord:${channel.id}`);
    expect(inChannel.map(({ text }) => text)).toEqual(["one", "two", "three"]);
  });

  it("tells the person what core refuses", async () => {
    const { docent, server, me, post, channel } = await start();
    docent.onAccept = () => {
      throw new DocentError("question_empty", "A question without text.");
    };
    const bare = post(me);
    const [notice] = await server.until(
      () => server.transcript(channel).slice(1).length > 0 && server.transcript(channel).slice(1),
    );
    expect(notice).toMatchObject({
      text: "There is no question in that message. Please write what you want to know.",
      replyTo: bare.id,
      pinged: [],
    });
  });

  it("offers a message again when the inbox failed, and gives none up in silence", async () => {
    const { docent, server, me, post, channel, clock } = await start();
    let failures = 0;
    docent.onAccept = () => {
      failures += 1;
      throw new Error("database is locked");
    };
    post(`${me} how long?`);
    for (const ms of [1000, 2000, 4000, 8000]) {
      await clock.whenSleeping(ms);
      clock.advance(ms);
    }
    await server.until(() => server.botMessages(channel).length === 1);
    expect(failures).toBe(5);
    expect(server.transcript(channel).at(-1)?.text).toContain("too busy");
  });

  it("speaks the server's language, or the one that is set", async () => {
    const { docent, me, post } = await start({ preferredLocale: "ko" });
    post(`${me} 해지 통보 기간은?`);
    expect(await docent.nth(0)).toMatchObject({ locale: "ko" });
  });
});
