import { afterEach, describe, expect, it } from "vitest";
import { toTurnId } from "../../../src/core/ids.ts";
import type { Incoming } from "../../../src/core/incoming.ts";
import { startScene, type Scene } from "./scene.ts";

let scene: Scene;
afterEach(() => scene.close());

async function asked(): Promise<Incoming> {
  scene = await startScene();
  scene.post(`${scene.me} how long?`);
  return await scene.docent.nth(0);
}

async function later(ms: number): Promise<void> {
  await scene.clock.whenSleeping(ms);
  scene.clock.advance(ms);
}

function shown(): string | undefined {
  return scene.server.transcript(scene.channel).find(({ text }) => text.startsWith("⏳"))?.text;
}

/** The message's id is stored, so that a later process finds it. */
function isKept(): boolean {
  return [...scene.store.keys()].some((key) => key.startsWith("progress:"));
}

describe("progress on Discord", () => {
  it("types from half a second on and keeps typing until the answer is there", async () => {
    const question = await asked();
    const { server, channel, docent } = scene;
    await later(500);
    await server.until(() => channel.typings === 1);
    expect(server.isTyping(channel)).toBe(true);
    await later(8000);
    await server.until(() => channel.typings === 2);
    await docent.answer(question, "Two months.");
    expect(server.isTyping(channel)).toBe(false);
    // What core still shows of the turn comes too late.
    await docent.show(question, { state: "running", detail: "Writing" });
    await docent.answer(question, "More.", { part: 2, parts: 2 });
    expect(channel.typings).toBe(2);
  });

  it("shows nothing of an answer that comes at once", async () => {
    const question = await asked();
    const { server, channel, docent, clock } = scene;
    await clock.whenSleeping(500);
    await docent.show(question, { state: "running", detail: "Thinking" });
    await docent.answer(question, "Two months.");
    clock.advance(20_000);
    await docent.answer(question, "More.", { part: 2, parts: 2 });
    expect(server.transcript(channel).map(({ text }) => text)).toEqual([expect.anything(), "Two months.", "More."]);
    expect(channel.typings).toBe(0);
  });

  it("types once for all questions of a channel", async () => {
    await asked();
    const { server, channel, docent, me, post } = scene;
    post(`${me} two`);
    post(`${me} three`);
    await docent.nth(2);
    await later(500);
    await server.until(() => channel.typings === 1);
    await scene.clock.whenSleeping(8000);
    expect(channel.typings).toBe(1);
  });

  it("says after a while what it is doing, follows it, and takes that away with the answer", async () => {
    const question = await asked();
    const { server, docent } = scene;
    await docent.show(question, { state: "reading", detail: "Reading 3 documents" });
    await later(5000);
    await server.until(() => shown() === "⏳ Reading 3 documents…");
    await docent.show(question, { state: "reading", detail: "Reading lease.pdf: page 3 of 412" });
    await docent.show(question, { state: "reading", detail: "Reading lease.pdf: page 4 of 412" });
    await scene.until(isKept);
    await later(5000);
    await server.until(() => shown() === "⏳ Reading lease.pdf: page 4 of 412…");
    await docent.answer(question, "Two months.");
    await server.until(() => shown() === undefined);
    await scene.until(() => !isKept());
    expect(
      server
        .transcript(scene.channel)
        .map(({ text }) => text)
        .slice(1),
    ).toEqual(["Two months."]);
  });

  it("is not misled by what was seen of a turn when it was accepted, told after the work has begun", async () => {
    const question = await asked();
    const { server, docent, bot } = scene;
    const before = await docent.turn(toTurnId(question.key));
    if (before === undefined) throw new Error("No turn.");
    await docent.show(question, { state: "reading", detail: "Reading 3 documents" });
    await bot.showTurn(before);
    await later(5000);
    await server.until(shown);
    expect(shown()).toBe("⏳ Reading 3 documents…");
  });

  it("shows nothing but typing for an answer that comes soon", async () => {
    const question = await asked();
    await scene.docent.answer(question, "Two months.");
    scene.clock.advance(60_000);
    expect(
      scene.server
        .transcript(scene.channel)
        .map(({ text }) => text)
        .slice(1),
    ).toEqual(["Two months."]);
  });

  it("stops a turn by its button", async () => {
    const question = await asked();
    const { server, docent, kim, channel } = scene;
    await later(5000);
    await server.until(shown);
    const [progress] = server.botMessages(channel);
    if (progress === undefined) throw new Error("No progress.");
    expect(server.transcript(channel).at(-1)?.buttons).toEqual(["Stop"]);
    server.controls.press(kim, progress, "Stop");
    expect(await docent.until(() => docent.calls[0])).toMatch(/^cancel t_/);
    await server.until(() => progress.components.length === 0);
    await docent.show(question, { state: "cancelled" });
    await server.until(() => shown() === undefined);
  });

  it("takes away what another process left before it crashed", async () => {
    const question = await asked();
    const { server, docent } = scene;
    await later(5000);
    await server.until(shown);
    await scene.until(isKept);
    await scene.bot.stop();
    await scene.start();
    await docent.answer(question, "Two months.");
    await server.until(() => shown() === undefined);
    expect(server.transcript(scene.channel)).toHaveLength(2);
  });

  it("loses no turn when nothing can be shown", async () => {
    scene = await startScene();
    const { server, docent, me, post, channel } = scene;
    server.faults.add({
      match: /typing/,
      times: 100,
      when: "before",
      reply: { status: 403, json: { code: 50013, message: "no" } },
    });
    post(`${me} how long?`);
    await docent.answer(await docent.nth(0), "Two months.");
    expect(server.transcript(channel).at(-1)?.text).toBe("Two months.");
  });
});
