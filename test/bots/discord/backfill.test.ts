import { afterEach, describe, expect, it } from "vitest";
import { DocentError } from "../../../src/core/errors.ts";
import { openScene, startScene, type Scene } from "./scene.ts";

let scene: Scene;
afterEach(() => scene.close());

describe("what was said on Discord while Docent was down", () => {
  it("answers after a start, in order, what was asked while it was down: channels, threads, direct messages", async () => {
    scene = await startScene();
    const { docent, post, me, server, kim, guild, channel, bot, logged } = scene;
    const direct = server.people.direct(kim);
    const quiet = server.people.channel(guild, "quiet");
    post(`${me} before`);
    post("hello", { channel: direct });
    await docent.nth(1);
    await bot.stop();
    for (let count = 1; count <= 130; count++) post(count % 50 === 0 ? `${me} number ${count}` : `chatter ${count}`);
    post("and in private?", { channel: direct });
    post(`${me} in a channel that was never used`, { channel: quiet });
    const thread = server.people.thread(kim, channel);
    post(`${me} in a thread that began meanwhile`, { channel: thread });
    const file = post("", { files: [{ name: "lease.pdf", bytes: "%PDF" }] });
    await scene.start();
    post(`${me} after`);
    await docent.until(() => docent.accepted.some(({ text }) => text === "after") && docent.accepted.length === 9);
    const inChannel = docent.accepted.filter(({ key }) => key.startsWith(`discord:${channel.id}:`));
    expect(inChannel.map(({ text, kind }) => text || kind)).toEqual([
      "before",
      "number 50",
      "number 100",
      "note",
      "after",
    ]);
    const elsewhere = docent.accepted.filter(({ key }) => !key.startsWith(`discord:${channel.id}:`));
    expect(elsewhere.map(({ text }) => text).toSorted()).toEqual([
      "and in private?",
      "hello",
      "in a channel that was never used",
      "in a thread that began meanwhile",
    ]);
    await server.until(() => file.reactions.size > 0);
    expect(logged.filter((line) => line.startsWith("error"))).toEqual([]);
  });

  it("fetches again what was received and not accepted when the process ended", async () => {
    scene = await startScene();
    const { docent, post, me, bot } = scene;
    post(`${me} one`);
    await docent.nth(0);
    const { onAccept } = docent;
    const stopping = Promise.withResolvers<void>();
    docent.onAccept = () => {
      stopping.resolve();
      throw new DocentError("stopping", "Docent is stopping.");
    };
    post(`${me} two`);
    await stopping.promise;
    await bot.stop();
    expect(scene.server.botMessages(scene.channel)).toEqual([]);
    docent.onAccept = onAccept;
    await scene.start();
    expect(await docent.nth(1)).toMatchObject({ text: "two" });
  });

  it("answers nothing of the time before its first start", async () => {
    scene = await openScene();
    const { docent, post, me, server } = scene;
    post(`${me} long ago`);
    scene.clock.advance(10 * 60_000);
    server.advance(10 * 60_000);
    await scene.start();
    post(`${me} now`);
    expect(await docent.nth(0)).toMatchObject({ text: "now" });
    expect(docent.deliveries).toHaveLength(1);
  });

  it("fetches missed messages again when that failed, and keeps the order with new ones", async () => {
    scene = await startScene();
    const { docent, post, me, server, clock, bot } = scene;
    post(`${me} one`);
    await docent.nth(0);
    await bot.stop();
    post(`${me} two`);
    server.faults.add({ match: /GET .*\/messages$/, times: 4, when: "before", reply: { status: 503 } });
    await scene.start();
    await clock.whenSleeping(1000);
    post(`${me} three`);
    clock.advance(1000);
    await docent.nth(2);
    expect(docent.accepted.map(({ text }) => text)).toEqual(["one", "two", "three"]);
  });

  it("keeps what could not be fetched for the next start, whatever came in elsewhere", async () => {
    scene = await startScene();
    const { docent, post, me, server, guild, bot, clock } = scene;
    const other = server.people.channel(guild, "other");
    post(`${me} one`);
    await docent.nth(0);
    await bot.stop();
    post(`${me} two`);
    server.faults.add({ match: /GET .*\/messages$/, times: 1000, when: "before", reply: { status: 503 } });
    await scene.start();
    await clock.whenSleeping(1000);
    server.advance(3600_000);
    post(`${me} three`, { channel: other });
    await docent.nth(1);
    // Stopping does not wait for the next attempt.
    await scene.bot.stop();
    server.faults.clear();
    await scene.start();
    await docent.nth(2);
    expect(docent.accepted.map(({ text }) => text)).toEqual(["one", "three", "two"]);
  });
});
