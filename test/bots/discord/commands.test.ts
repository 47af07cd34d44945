import { afterEach, describe, expect, it } from "vitest";
import type { SeenMessage } from "../../servers/discord/transcript.ts";
import { startScene, type Scene } from "./scene.ts";

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

describe("commands on Discord", () => {
  it("are registered at the first start, left alone at the next, and repaired when somebody changed them", async () => {
    scene = await startScene();
    const { app } = scene.server.state;
    expect(app.commands.map(({ name }) => name)).toEqual(["docent", "Ask Docent about this", "Add to team knowledge"]);
    expect(app.commands[0]).toMatchObject({
      contexts: [0, 1],
      description_localizations: { ja: "ドキュメントについて質問する", ko: "문서에 대해 질문하기" },
    });
    await scene.bot.stop();
    await scene.start();
    await scene.server.until(
      () => scene.server.requests.filter((line) => line.startsWith("GET /applications")).length === 2,
    );
    expect(app.commandWrites).toBe(1);
    await scene.bot.stop();
    app.commands = [];
    await scene.start();
    await scene.server.until(() => app.commands.length === 3);
    expect(app.commandWrites).toBe(2);
  });

  it.for<{ path: string[]; values: Record<string, string>; name: string; argument: string }>([
    { path: ["docs"], values: {}, name: "docs", argument: "" },
    { path: ["docs"], values: { remove: "lease.pdf" }, name: "docs", argument: "remove lease.pdf" },
    { path: ["knowledge", "list"], values: {}, name: "knowledge", argument: "list" },
    { path: ["knowledge", "remove"], values: { document: "a b.pdf" }, name: "knowledge", argument: "remove a b.pdf" },
    { path: ["usage"], values: {}, name: "usage", argument: "" },
    { path: ["help"], values: {}, name: "help", argument: "" },
  ])("runs /docent $path for core and shows the reply to the asker alone", async ({ path, values, name, argument }) => {
    scene = await startScene();
    const { docent, server, channel, kim } = scene;
    server.controls.slash(kim, channel, path, values, { locale: "ko" });
    expect(await reply()).toMatchObject({ text: `reply to ${name}`, onlyFor: "Kim" });
    expect(docent.commands).toMatchObject([
      {
        name,
        argument,
        confirmed: false,
        locale: "ko",
        author: { id: kim.id },
        channel: { key: `discord:${channel.id}` },
      },
    ]);
  });

  it("tells everybody about a new conversation, and only the asker what went wrong with it", async () => {
    scene = await startScene();
    const { docent, server, channel, kim } = scene;
    docent.reply = () => ({ text: "A fresh start.", isPrivate: false, actions: [] });
    server.controls.slash(kim, channel, ["new"]);
    expect(await reply()).toMatchObject({ text: "A fresh start.", onlyFor: null });
    docent.reply = () => ({ text: "Not now.", isPrivate: true, actions: [] });
    server.controls.slash(kim, channel, ["new"]);
    expect(await reply(({ text }) => text === "Not now.")).toMatchObject({ onlyFor: "Kim" });
    expect(server.transcript(channel).filter(({ isThinking }) => isThinking)).toEqual([]);
  });

  it("asks before it forgets, and says the result to everybody", async () => {
    scene = await startScene();
    const { docent, server, channel, kim } = scene;
    docent.reply = ({ confirmed }) =>
      confirmed
        ? { text: "Forgotten.", isPrivate: false, actions: [] }
        : {
            text: "Everything?",
            isPrivate: true,
            actions: [
              { label: "Forget it all", style: "danger", command: { name: "forget", argument: "", confirmed: true } },
            ],
          };
    server.controls.slash(kim, channel, ["forget"]);
    const asking = await reply();
    expect(asking).toMatchObject({ text: "Everything?", onlyFor: "Kim", buttons: ["Forget it all"] });
    const message = server.state.messages.get(asking.id);
    if (message === undefined) throw new Error("No question.");
    server.controls.press(kim, message, "Forget it all");
    expect(await reply(({ text }) => text === "Forgotten.")).toMatchObject({ onlyFor: null });
    expect(server.transcript(channel).find(({ text }) => text === "Everything?")?.buttons).toEqual([]);
    expect(docent.commands.map(({ confirmed }) => confirmed)).toEqual([false, true]);
  });

  it("acknowledges what changes something once core has stored it, and answers when it is done", async () => {
    scene = await startScene();
    const { docent, server, channel, kim } = scene;
    const { promise: stored, resolve } = Promise.withResolvers<null>();
    docent.reply = () => stored;
    server.controls.slash(kim, channel, ["new"]);
    await docent.until(() => docent.commands.length === 1);
    const [command] = docent.commands;
    const replied = scene.bot.reply(command?.replyTo, { text: "A fresh start.", isPrivate: false, actions: [] });
    const callbacks = (): number => server.requests.filter((line) => line.includes("/callback")).length;
    expect(callbacks()).toBe(0);
    resolve(null);
    await replied;
    expect(callbacks()).toBe(1);
    expect(await reply()).toMatchObject({ text: "A fresh start.", onlyFor: null });
    // The next process, when Discord takes no answer to the command any more: what concerns everybody is posted.
    await scene.bot.stop();
    await scene.start();
    server.advance(3600_000);
    scene.clock.advance(3600_000);
    await scene.bot.reply(command?.replyTo, { text: "Not for you alone.", isPrivate: false, actions: [] });
    expect(server.transcript(channel).at(-1)).toMatchObject({ text: "Not for you alone.", onlyFor: null });
  });

  it("keeps arguments of buttons that are too long for Discord, also over a restart", async () => {
    scene = await startScene();
    const { docent, server, channel, kim } = scene;
    const argument = `remove ${"long name ".repeat(20)}.pdf`;
    docent.reply = ({ argument: given }) => ({
      text: given === "" ? "Documents:" : "Removed.",
      isPrivate: true,
      actions:
        given === ""
          ? [{ label: "Remove", style: "danger", command: { name: "docs", argument, confirmed: false } }]
          : [],
    });
    server.controls.slash(kim, channel, ["docs"]);
    const list = server.state.messages.get((await reply()).id);
    await scene.bot.stop();
    await scene.start();
    if (list === undefined) throw new Error("No list.");
    server.controls.press(kim, list, "Remove");
    expect(await reply(({ text }) => text === "Removed.")).toMatchObject({ onlyFor: "Kim", buttons: [] });
    expect(docent.commands.at(-1)).toMatchObject({ name: "docs", argument });
  });

  it("adds files to the team’s knowledge, by command and by a message’s menu", async () => {
    scene = await startScene();
    const { docent, server, channel, kim, guild, post } = scene;
    server.controls.slash(kim, channel, ["knowledge", "add"], { file: PDF });
    await docent.until(() => docent.commands.length === 1);
    server.controls.messageCommand(kim, post("here", { files: [PDF] }), "Add to team knowledge");
    await docent.until(() => docent.commands.length === 2);
    for (const command of docent.commands) {
      expect(command).toMatchObject({ name: "knowledge", argument: "add" });
      expect(command.brings).toMatchObject({
        kind: "knowledge",
        channel: { workspace: `discord:${guild.id}` },
        attachments: [{ name: "lease.pdf" }],
      });
    }
    server.controls.messageCommand(kim, post("no file"), "Add to team knowledge");
    expect(await reply(({ text }) => text.includes("no file in that"))).toMatchObject({ onlyFor: "Kim" });
  });

  it.for([
    { label: "nobody in particular", permissions: ["viewChannel"] as const, forget: false, knowledge: false },
    { label: "whoever manages channels", permissions: ["manageChannels"] as const, forget: true, knowledge: false },
    { label: "whoever manages the server", permissions: ["manageGuild"] as const, forget: true, knowledge: true },
    { label: "an administrator", permissions: ["administrator"] as const, forget: true, knowledge: true },
  ])("tells core what $label may do", async ({ permissions, forget, knowledge }) => {
    scene = await startScene();
    const { docent, server, channel, kim, guild } = scene;
    server.people.join(kim, guild, { permissions });
    server.controls.slash(kim, channel, ["forget"]);
    server.controls.slash(kim, channel, ["knowledge", "list"]);
    await docent.until(() => docent.commands.length === 2);
    expect(docent.commands.find(({ name }) => name === "forget")?.isAdmin).toBe(forget);
    expect(docent.commands.find(({ name }) => name === "knowledge")?.isAdmin).toBe(knowledge);
  });

  it("lets everybody manage their own direct messages", async () => {
    scene = await startScene();
    const { docent, server, kim } = scene;
    server.controls.slash(kim, server.people.direct(kim), ["forget"]);
    await docent.until(() => docent.commands.length === 1);
    expect(docent.commands[0]).toMatchObject({ isAdmin: true, channel: { isDirect: true } });
  });

  it("cuts a long reply into messages that fit, buttons under the last", async () => {
    scene = await startScene();
    const { docent, server, channel, kim } = scene;
    const lines = Array.from({ length: 120 }, (_, index) => `- document number ${index} with a long name.pdf`);
    docent.reply = () => ({
      text: lines.join("\n"),
      isPrivate: true,
      actions: [{ label: "Remove", style: "plain", command: { name: "docs", argument: "x", confirmed: false } }],
    });
    server.controls.slash(kim, channel, ["docs"]);
    await server.until(
      () =>
        server.transcript(channel).length === 3 && server.transcript(channel).every(({ isThinking }) => !isThinking),
    );
    const parts = server.transcript(channel);
    expect(parts.map(({ text }) => text).join("\n")).toBe(lines.join("\n"));
    expect(parts.map(({ buttons, onlyFor }) => [buttons.length, onlyFor])).toEqual([
      [0, "Kim"],
      [0, "Kim"],
      [1, "Kim"],
    ]);
  });

  it("tells when a command fails in an unforeseen way", async () => {
    scene = await startScene();
    const { docent, server, channel, kim } = scene;
    docent.reply = () => {
      throw new Error("oops");
    };
    server.controls.slash(kim, channel, ["usage"]);
    expect(await reply()).toMatchObject({ onlyFor: "Kim", text: expect.stringContaining("Something went wrong") });
  });

  it("shows channels by their links, and nobody else’s mention", async () => {
    scene = await startScene();
    const { docent, server, channel, kim } = scene;
    docent.reply = () => ({
      text: `- discord:${channel.id}: 1 question\n- discord:123: 2 questions\n- <#${channel.id}> <@${kim.id}>: 3 questions`,
      isPrivate: true,
      actions: [],
    });
    server.controls.slash(kim, channel, ["usage"]);
    const lines = (await reply()).text.split("\n");
    expect(lines.slice(0, 2)).toEqual([`- <#${channel.id}>: 1 question`, "- discord:123: 2 questions"]);
    expect(lines[2]).not.toMatch(/<[#@]/);
  });

  it("runs a command once when two replicas receive it", async () => {
    scene = await startScene();
    const { docent, server, channel, kim } = scene;
    await scene.start();
    server.controls.slash(kim, channel, ["usage"]);
    await server.until(() => server.requests.filter((line) => line.includes("/callback →")).length === 2);
    await reply();
    expect(docent.commands).toHaveLength(1);
  });

  it("tells the problem of a team document to whoever added it, in private, as long as that is possible", async () => {
    scene = await startScene();
    const { docent, server, channel, kim } = scene;
    server.controls.slash(kim, channel, ["knowledge", "add"], { file: PDF });
    await reply();
    const brings = docent.commands[0]?.brings;
    if (brings === undefined) throw new Error("Nothing was brought.");
    await docent.answer(brings, "That is a scan.", { kind: "notice" });
    expect(server.transcript(channel).at(-1)).toMatchObject({ text: "That is a scan.", onlyFor: "Kim" });
    server.advance(3600_000);
    scene.clock.advance(3600_000);
    await docent.answer(brings, "That is a scan, too.", { kind: "notice" });
    expect(server.transcript(channel).at(-1)).toMatchObject({ text: "That is a scan, too.", onlyFor: null });
  });
});
