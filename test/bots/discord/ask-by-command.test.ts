import { afterEach, describe, expect, it } from "vitest";
import type { SeenMessage } from "../../servers/discord/transcript.ts";
import { DocentError } from "../../../src/core/errors.ts";
import { openScene, startScene, type Scene } from "./scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const PDF = { name: "lease.pdf", bytes: "%PDF-1.7 lease" };

/** The newest message of the bot that is no longer thinking. */
async function reply(matching: (message: SeenMessage) => boolean = () => true): Promise<SeenMessage> {
  const { server, channel } = scene;
  return await server.until(() =>
    server.transcript(channel).findLast((each) => each.author === "Docent" && !each.isThinking && matching(each)),
  );
}

describe("questions by command on Discord", () => {
  it("asks with /docent ask: shows the question to everybody, and answers it as a reply", async () => {
    scene = await startScene();
    const { docent, server, channel, kim, guild } = scene;
    const interaction = server.controls.slash(
      kim,
      channel,
      ["ask"],
      { question: "how long? @everyone" },
      { locale: "ko" },
    );
    const question = await docent.nth(0);
    expect(question).toMatchObject({
      key: `discord:interaction:${interaction.id}`,
      kind: "question",
      text: "how long? @everyone",
      author: { id: kim.id, name: "Kim" },
      locale: "ko",
      channel: { key: `discord:${channel.id}`, workspace: `discord:${guild.id}` },
    });
    const id = await docent.answer(question, "Two months.");
    const [shown, answer] = server.transcript(channel);
    expect(shown).toMatchObject({ text: "**Kim** 님의 질문: how long? @\u200beveryone", onlyFor: null, pinged: [] });
    expect(answer).toMatchObject({ id, text: "Two months.", replyTo: shown?.id });
  });

  it("waits with a quick answer until the question is shown", async () => {
    scene = await startScene();
    const { docent, server, channel, kim } = scene;
    docent.onAccept = (incoming) => queueMicrotask(() => void docent.answer(incoming, "At once."));
    server.controls.slash(kim, channel, ["ask"], { question: "how long?" });
    await server.until(() => server.transcript(channel).length === 2);
    expect(server.transcript(channel).map(({ text, replyTo }) => [text, replyTo !== null])).toEqual([
      ["**Kim** asks: how long?", false],
      ["At once.", true],
    ]);
  });

  it("answers a command’s question hours later, after a restart, still as a reply", async () => {
    scene = await startScene();
    const { docent, server, channel, kim } = scene;
    server.controls.slash(kim, channel, ["ask"], { question: "how long?" });
    const question = await docent.nth(0);
    await scene.until(() => scene.store.has(`asked:${question.key.split(":").at(-1)}`));
    await scene.bot.stop();
    server.advance(3 * 3600_000);
    scene.clock.advance(3 * 3600_000);
    await scene.start();
    await docent.answer(question, "Two months.");
    const [shown, answer] = server.transcript(channel);
    expect(answer).toMatchObject({ text: "Two months.", replyTo: shown?.id });
  });

  it("takes the command’s token where the bot may not post", async () => {
    scene = await startScene();
    const { docent, server, channel, kim } = scene;
    server.controls.slash(kim, channel, ["ask"], { question: "how long?" });
    const question = await docent.nth(0);
    await server.until(() => server.transcript(channel).length === 1);
    channel.deniedToBot = 1n << 11n;
    await docent.answer(question, "Two months.");
    expect(server.transcript(channel).at(-1)).toMatchObject({ text: "Two months.", onlyFor: null });
  });

  it("fetches the file of a command, and says that it is gone after a day", async () => {
    scene = await startScene();
    const { docent, server, channel, kim, bot } = scene;
    server.controls.slash(kim, channel, ["ask"], { question: "how long?", file: PDF });
    const [attachment] = (await docent.nth(0)).attachments;
    if (attachment === undefined) throw new Error("No file.");
    const { signal } = new AbortController();
    const chunks: Uint8Array[] = [];
    for await (const chunk of await bot.download(attachment, signal)) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe(PDF.bytes);
    server.advance(25 * 3600_000);
    await expect(bot.download(attachment, signal)).rejects.toMatchObject({ code: "file_gone" });
  });

  it("tells in private what core refuses", async () => {
    scene = await startScene();
    const { docent, server, channel, kim } = scene;
    docent.onAccept = () => {
      throw new DocentError("storage_full", "The disk is full.");
    };
    server.controls.slash(kim, channel, ["ask"], { question: "how long?" });
    expect(await reply()).toMatchObject({ onlyFor: "Kim", text: expect.stringContaining("disk is full") });
  });

  it("asks about a message by its menu: its text is context, its files come along, also without the intent", async () => {
    scene = await startScene({ server: { hasMessageContent: false } });
    const { docent, server, channel, kim, guild, post } = scene;
    const target = post("The lease ends in May.", { files: [PDF] });
    const opened = server.controls.messageCommand(kim, target, "Ask Docent about this");
    await server.until(() => opened.modal !== null);
    server.controls.submit(kim, opened, { question: "is that right?" });
    const question = await docent.until(() => docent.accepted.find(({ kind }) => kind === "question"));
    expect(question).toMatchObject({ text: "is that right?", context: "The lease ends in May." });
    const [attachment] = question.attachments;
    if (attachment === undefined) throw new Error("No file.");
    const chunks: Uint8Array[] = [];
    for await (const chunk of await scene.bot.download(attachment, new AbortController().signal)) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe(PDF.bytes);
    expect(await reply()).toMatchObject({
      text: `**Kim** asks about https://discord.com/channels/${guild.id}/${channel.id}/${target.id}: is that right?`,
    });
  });

  it("still knows the message when the modal is sent after a restart", async () => {
    scene = await startScene();
    const { docent, server, kim, post } = scene;
    const target = post("The lease ends in May.");
    const opened = server.controls.messageCommand(kim, target, "Ask Docent about this");
    await server.until(() => opened.modal !== null);
    await scene.bot.stop();
    await scene.start();
    server.controls.submit(kim, opened, { question: "is that right?" });
    expect(await docent.nth(0)).toMatchObject({ context: "The lease ends in May." });
  });

  it("stays quiet about an interaction that came too late to be answered", async () => {
    scene = await openScene();
    const { server, channel, kim, docent, logged } = scene;
    await scene.start();
    server.faults.add({
      match: /callback/,
      when: "before",
      reply: { status: 404, json: { code: 10062, message: "Unknown interaction" } },
    });
    server.controls.slash(kim, channel, ["ask"], { question: "how long?" });
    await docent.answer(await docent.nth(0), "Two months.");
    // Accepted is answered, even if the question cannot be shown.
    expect(server.transcript(channel)).toMatchObject([{ text: "Two months.", replyTo: null }]);
    expect(logged.filter((line) => /^(warn|error)/.test(line))).toEqual([]);
  });

  it("answers two questions that cannot be shown, late and with the same words: the second used to get no answer", async () => {
    scene = await startScene();
    const { server, channel, kim, docent, clock } = scene;
    const late = { status: 404, json: { code: 10062, message: "Unknown interaction" } };
    server.faults.add({ match: /callback/, times: 2, when: "before", reply: late });
    for (const question of ["how long?", "how much?"]) server.controls.slash(kim, channel, ["ask"], { question });
    const questions = [await docent.nth(0), await docent.nth(1)];
    server.advance(180_000);
    clock.advance(180_000);
    for (const question of questions) await docent.answer(question, "OpenAI cannot be reached.", { kind: "error" });
    const answer = { text: "OpenAI cannot be reached.", replyTo: null };
    expect(server.transcript(channel)).toMatchObject([answer, answer]);
  });
});
