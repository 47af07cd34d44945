import { afterEach, describe, expect, it } from "vitest";
import { sampleDocument } from "../../fakes/sample-data.ts";
import { startScene, type Scene } from "./scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const PDF = { name: "lease.pdf", bytes: "%PDF" };

describe("what is deleted on Discord", () => {
  it("is deleted in core: a message, and many at once", async () => {
    scene = await startScene();
    const { docent, server, channel, post } = scene;
    const messages = [1, 2, 3].map(() => post("a", { files: [PDF] }));
    await docent.nth(2);
    const [first, second, third] = messages;
    if (first === undefined || second === undefined || third === undefined) throw new Error("No messages.");
    server.people.remove(first);
    server.people.remove(second, third);
    await docent.until(() => docent.calls.length === 3);
    expect(docent.calls).toEqual(messages.map(({ id }) => `messageDeleted discord:${channel.id}:${id}`));
  });

  it("takes the file of a command with the message that shows its question", async () => {
    scene = await startScene();
    const { docent, server, channel, kim } = scene;
    const interaction = server.controls.slash(kim, channel, ["ask"], { question: "how long?", file: PDF });
    await docent.nth(0);
    await server.until(() => interaction.responseId !== null);
    await scene.until(() => [...scene.store.keys()].some((key) => key.startsWith("question:")));
    const shown = server.state.messages.get(interaction.responseId ?? "");
    if (shown === undefined) throw new Error("The question is not shown.");
    server.people.remove(shown);
    await docent.until(() => docent.calls.length === 1);
    expect(docent.calls).toEqual([`messageDeleted discord:interaction:${interaction.id}`]);
  });

  it("takes the team knowledge that a message’s files became, and leaves other knowledge", async () => {
    scene = await startScene();
    const { docent, server, guild, kim, post } = scene;
    const workspace = { kind: "workspace", key: `discord:${guild.id}` } as const;
    const messages = ["lease.pdf", "rules.pdf"].map((name) => post("", { files: [{ name, bytes: "%PDF" }] }));
    for (const [index, message] of messages.entries()) {
      server.controls.messageCommand(kim, message, "Add to team knowledge");
      const { brings } = await docent.until(() => docent.commands[index]);
      const [file] = brings?.attachments ?? [];
      if (file === undefined) throw new Error("No file was brought.");
      const document = { ...sampleDocument({ id: file.name, name: file.name }), scope: workspace };
      docent.documentsKept.set(document.id, { ...document, reference: file.reference });
    }
    const [lease] = messages;
    if (lease === undefined) throw new Error("No message.");
    server.people.remove(lease);
    await docent.until(() => docent.calls.includes("removeDocument lease.pdf"));
    expect([...docent.documentsKept.values()].map(({ name }) => name)).toContain("rules.pdf");
    expect(docent.calls).toContain(`messageDeleted discord:${lease.channelId}:${lease.id}`);
  });

  it("forgets a channel that was deleted", async () => {
    scene = await startScene();
    scene.server.people.removeChannel(scene.channel);
    await scene.docent.until(() => scene.docent.calls.length === 1);
    expect(scene.docent.calls).toEqual([`forget discord:${scene.channel.id}`]);
  });

  it("takes with a thread its own files and its own memory, and leaves the channel’s", async () => {
    scene = await startScene({ conversationPer: "thread" });
    const { docent, server, channel, kim, me, post } = scene;
    const thread = server.people.thread(kim, channel);
    post("", { files: [{ name: "channel.pdf", bytes: "%PDF" }] });
    post(`${me} this one`, { channel: thread, files: [{ name: "thread.pdf", bytes: "%PDF" }] });
    await docent.nth(1);
    server.people.removeChannel(thread);
    await docent.until(() => docent.calls.length === 2);
    expect(docent.calls).toEqual(["removeDocument thread.pdf", `startOver discord:${thread.id}`]);
    expect([...docent.documentsKept.values()].map(({ name }) => name)).toEqual(["channel.pdf"]);
  });

  it("is taken in the end when core could not store it at first: it used to be lost, as Discord does not tell it again", async () => {
    scene = await startScene();
    const { docent, server, channel, clock, kim, post } = scene;
    const thread = server.people.thread(kim, channel, { kind: "privateThread" });
    const messages = [1, 2, 3].map(() => post("a", { files: [PDF] }));
    await docent.nth(2);
    const [first, second, third] = messages;
    if (first === undefined || second === undefined || third === undefined) throw new Error("No messages.");
    let isAway = true;
    docent.onCall = () => {
      if (isAway) throw new Error("The database is away.");
    };
    server.people.remove(first);
    server.people.remove(second, third);
    server.people.removeChannel(thread);
    await scene.until(() =>
      ["taking a deletion", "forgetting a channel"].every((what) => scene.logged.some((line) => line.includes(what))),
    );
    expect(docent.calls).toEqual([]);
    isAway = false;
    clock.advance(1000);
    await docent.until(() => docent.calls.length === 4);
    expect(docent.calls.toSorted()).toEqual(
      [
        `forget discord:${thread.id}`,
        ...messages.map(({ id }) => `messageDeleted discord:${channel.id}:${id}`),
      ].toSorted(),
    );
  });

  it("forgets a private thread whole", async () => {
    scene = await startScene();
    const thread = scene.server.people.thread(scene.kim, scene.channel, { kind: "privateThread" });
    scene.server.people.removeChannel(thread);
    await scene.docent.until(() => scene.docent.calls.length === 1);
    expect(scene.docent.calls).toEqual([`forget discord:${thread.id}`]);
  });

  it("forgets a server that it was removed from, but not one that has an outage", async () => {
    scene = await startScene();
    const { docent, server, guild, post, me } = scene;
    server.people.outage(guild);
    post(`${me} still here`);
    await docent.nth(0);
    expect(docent.calls).toEqual([]);
    server.people.removeGuild(guild);
    await docent.until(() => docent.calls.length === 1);
    expect(docent.calls).toEqual([`forgetWorkspace discord:${guild.id}`]);
  });

  it("shows that a document was removed", async () => {
    scene = await startScene();
    const { docent, server, post } = scene;
    const message = post("", { files: [PDF] });
    await docent.nth(0);
    await server.until(() => message.reactions.has("📄"));
    for (const id of docent.documentsKept.keys()) await docent.removeDocument(id);
    await server.until(() => !message.reactions.has("📄"));
    expect(docent.calls).toEqual(["removeDocument lease.pdf"]);
  });
});
