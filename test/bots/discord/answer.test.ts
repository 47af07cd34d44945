import { afterEach, describe, expect, it } from "vitest";
import type { Incoming } from "../../../src/core/incoming.ts";
import { rateLimited } from "../../servers/discord/faults.ts";
import { startScene, type Scene, type SceneOptions } from "./scene.ts";

let scene: Scene;
afterEach(() => scene.close());

async function asked(options: SceneOptions = {}): Promise<{ scene: Scene; question: Incoming; messageId: string }> {
  scene = await startScene(options);
  const { id } = scene.post(`${scene.me} how long is the notice period?`);
  return { scene, question: await scene.docent.nth(0), messageId: id };
}

function said(): readonly { text: string }[] {
  return scene.server.transcript(scene.channel).filter(({ author }) => author === "Docent");
}

describe("answers on Discord", () => {
  it("replies to the question without notifying anybody, with buttons under the last part", async () => {
    const { question, messageId } = await asked();
    const { docent } = scene;
    await docent.answer(question, "part one", { part: 1, parts: 2 });
    await docent.answer(question, "@everyone <@123> part two", { part: 2, parts: 2 });
    expect(said()).toMatchObject([
      { text: "part one", replyTo: messageId, buttons: [], pinged: [] },
      { text: "@everyone <@123> part two", replyTo: null, buttons: ["Helpful", "Not helpful"], pinged: [] },
    ]);
    expect(scene.server.botMessages(scene.channel).every(({ flags }) => flags === 4)).toBe(true);
  });

  it("posts nothing twice: a repeat at once, one after a crash, and one so late that Discord has forgotten", async () => {
    const { question } = await asked();
    const { docent, server, clock } = scene;
    const again = { isRepeat: true };
    const id = await docent.answer(question, "Two months.");
    expect(await docent.answer(question, "Two months.", again)).toBe(id);
    await scene.bot.stop();
    await scene.start();
    expect(await docent.answer(question, "Two months.", again)).toBe(id);
    server.advance(3600_000);
    clock.advance(3600_000);
    scene.post("much later");
    expect(await docent.answer(question, "Two months.", again)).toBe(id);
    expect(said()).toHaveLength(1);
  });

  it("posts a late part that says the same as another answer’s: it used to be taken for that one", async () => {
    const { question } = await asked();
    const { docent, server, clock } = scene;
    scene.post(`${scene.me} how long is it, please?`);
    const other = await docent.nth(1);
    server.advance(180_000);
    clock.advance(180_000);
    for (const each of [question, other]) {
      await docent.answer(each, "Two months.", { part: 1, parts: 2 });
      await docent.answer(each, "See the lease.", { part: 2, parts: 2 });
    }
    const both = ["Two months.", "See the lease."];
    expect(said().map(({ text }) => text)).toEqual([...both, ...both]);
    // It did not even look: nothing can be there.
    expect(server.requests.filter((line) => line.startsWith("GET") && line.includes("/messages"))).toEqual([]);
  });

  it("posts nothing twice when the answer of the post was lost on the way", async () => {
    const { question } = await asked();
    const { docent, server } = scene;
    server.faults.add({ match: /POST .*\/messages$/, when: "after", reply: { status: 502 } });
    await docent.answer(question, "Two months.");
    expect(said()).toHaveLength(1);
    expect(server.requests.filter((line) => /POST .*\/messages →/.test(line))).toHaveLength(2);
  });

  it("keeps the order and loses nothing when every third call is refused", async () => {
    const { question } = await asked();
    const { docent, server } = scene;
    server.faults.add({ every: 3, times: 100, when: "before", reply: rateLimited(0.02) });
    for (let part = 1; part <= 6; part++) await docent.answer(question, `part ${part}`, { part, parts: 6 });
    expect(said().map(({ text }) => text)).toEqual([1, 2, 3, 4, 5, 6].map((part) => `part ${part}`));
  });

  it("answers without a reply when the question is gone, or when it may not read back", async () => {
    const { question, messageId } = await asked();
    const { docent, server, channel } = scene;
    const message = server.state.messages.get(messageId);
    if (message !== undefined) server.people.remove(message);
    await docent.answer(question, "Two months.");
    expect(said()).toMatchObject([{ text: "Two months.", replyTo: null }]);
    const second = scene.post(`${scene.me} and for small ones?`);
    channel.deniedToBot = 1n << 16n;
    await docent.answer(await docent.nth(1), "One month.");
    expect(said().at(-1)).toMatchObject({ text: "One month.", replyTo: null });
    expect(second.id).not.toBe("");
  });

  it.for([
    {
      label: "may not post",
      change: (): void => void (scene.channel.deniedToBot = 1n << 11n),
      code: "forbidden",
      what: "Send Messages",
    },
    {
      label: "cannot see the channel any more",
      change: (): void => void (scene.channel.deniedToBot = 1n << 10n),
      code: "forbidden",
      what: "View Channel",
    },
    {
      label: "finds the channel deleted",
      change: (): void => scene.server.people.removeChannel(scene.channel),
      code: "not_found",
      what: "deleted",
    },
  ])("says in the log what to do when it $label", async ({ change, code, what }) => {
    const { question } = await asked();
    change();
    await expect(scene.docent.answer(question, "Two months.")).rejects.toMatchObject({ code });
    expect(scene.logged.find((line) => line.startsWith("error"))).toContain(what);
  });

  it("says in the log that a thread is locked", async () => {
    scene = await startScene();
    const { server, docent, kim, channel, me, post } = scene;
    const thread = server.people.thread(kim, channel);
    post(`${me} how long?`, { channel: thread });
    const question = await docent.nth(0);
    thread.isLocked = true;
    await expect(docent.answer(question, "Two months.")).rejects.toMatchObject({ code: "forbidden" });
    expect(scene.logged.find((line) => line.startsWith("error"))).toContain("locked");
  });

  it("wakes an archived thread", async () => {
    scene = await startScene();
    const { server, docent, kim, channel, me, post } = scene;
    const thread = server.people.thread(kim, channel);
    post(`${me} how long?`, { channel: thread });
    const question = await docent.nth(0);
    thread.isArchived = true;
    await docent.answer(question, "Two months.");
    expect(thread.isArchived).toBe(false);
  });

  it("takes feedback, thanks in private, and knows when a turn is forgotten", async () => {
    const { question } = await asked();
    const { docent, server, channel, kim } = scene;
    const id = await docent.answer(question, "Two months.");
    const answer = server.state.messages.get(id);
    if (answer === undefined) throw new Error("No answer.");
    server.controls.press(kim, answer, "Helpful");
    await server.until(() =>
      server.transcript(channel).some(({ onlyFor, text }) => onlyFor === "Kim" && text.includes("Thanks")),
    );
    server.controls.press(kim, answer, "Not helpful", { locale: "ko" });
    await server.until(() => server.transcript(channel).some(({ text }) => text.includes("감사합니다")));
    docent.isKnown = false;
    server.controls.press(kim, answer, "Helpful");
    await server.until(() => server.transcript(channel).some(({ text }) => text.includes("over already")));
    const [turnId] = docent.calls[0]?.split(" ").slice(1) ?? [];
    expect(docent.calls).toEqual([
      `feedback ${turnId} ${kim.id} helpful`,
      `feedback ${turnId} ${kim.id} not-helpful`,
      `feedback ${turnId} ${kim.id} helpful`,
    ]);
  });

  it("tries a failed question again once, and takes the button away", async () => {
    const { question } = await asked();
    const { docent, server, channel, kim } = scene;
    const id = await docent.answer(question, "The model failed.", { kind: "error" });
    const failure = server.state.messages.get(id);
    if (failure === undefined) throw new Error("No message.");
    expect(server.transcript(channel).at(-1)?.buttons).toEqual(["Try again"]);
    server.controls.press(kim, failure, "Try again");
    await server.until(() => server.transcript(channel).at(-1)?.buttons.length === 0);
    expect(docent.calls).toHaveLength(1);
    expect(docent.calls[0]).toMatch(/^retry t_/);
  });

  it("puts no buttons under a notice", async () => {
    const { question } = await asked();
    await scene.docent.answer(question, "Stopped.", { kind: "notice" });
    expect(said()).toMatchObject([{ text: "Stopped.", buttons: [] }]);
  });
});
