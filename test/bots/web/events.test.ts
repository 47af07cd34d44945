import { describe, expect, it, vi } from "vitest";
import { sampleDocument } from "../../fakes/sample-data.ts";
import { ask, readEvents, say, toForm } from "./requests.ts";
import { startWebBot } from "./web-bot-under-test.ts";
import { startWebServer } from "./web-server.ts";

const ID = "5f0c2b1e-0000-4000-8000-000000000001";
const TURN = `turn-web-general-${ID}`;

function parse(block: string): { event: string; data: unknown } {
  const [, event = "", data = ""] = /^event: (\w+)\ndata: (.+)$/.exec(block) ?? [];
  return { event, data: JSON.parse(data) as unknown };
}

describe("server-sent events", () => {
  it.each(["this replica", "another replica"])("at %s tell of the channel, and of no other", async (place) => {
    const { bot, docent, restart } = await startWebBot();
    const listener = place === "this replica" ? bot : await restart();
    docent.bot = bot;
    const response = await ask(listener, "/api/channels/general/events");
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("x-accel-buffering")).toBe("no");
    const events = readEvents(response);
    expect(await events.next()).toBe("retry: 1000\n: connected");

    await say(bot, "other", toForm({ text: "Not here" }));
    await say(bot, "general", toForm({ text: "Here?", id: ID }, { "a.txt": "x" }));
    expect(parse(await events.next())).toMatchObject({
      event: "message",
      data: { id: ID, author: "you", text: "Here?" },
    });

    await docent.show(TURN, { state: "reading", detail: "Reading a.txt", position: null });
    expect(parse(await events.next())).toEqual({
      event: "turn",
      data: { id: TURN, state: "reading", detail: "Reading a.txt", position: null },
    });

    const [document] = docent.documentsOf(TURN);
    await docent.changeDocument(document?.id ?? "", { state: "ready", tokens: 3 });
    expect(parse(await events.next())).toMatchObject({
      event: "document",
      data: { id: document?.id, state: "ready", tokens: 3, removed: false },
    });

    await docent.answer(TURN, { text: "Yes." });
    expect(parse(await events.next())).toMatchObject({ event: "turn", data: { state: "answered" } });
    expect(parse(await events.next())).toMatchObject({
      event: "message",
      data: { author: "docent", text: "Yes.", turn: { id: TURN, state: "answered" } },
    });

    await ask(bot, "/api/channels/general", { method: "DELETE" });
    expect(parse(await events.next())).toMatchObject({ event: "document", data: { id: document?.id, removed: true } });
    expect(parse(await events.next())).toEqual({ event: "forgotten", data: { channel: "general" } });
    await events.cancel();
  });

  it("tell every channel that quotes of a deleted document are gone", async () => {
    const { bot, docent } = await startWebBot();
    await say(bot, "general", toForm({ text: "Here?", id: ID }, { "a.txt": "x" }));
    const [document] = docent.documentsOf(TURN);
    const events = readEvents(await ask(bot, "/api/channels/other/events"));
    await events.next();
    await bot.forgetDocument({ ...sampleDocument(), ...document });
    expect(parse(await events.next())).toEqual({ event: "forgotten", data: { channel: null } });
    await events.cancel();
  });

  it("do not repeat a message that is posted again with the same id", async () => {
    const { bot, docent } = await startWebBot();
    const events = readEvents(await ask(bot, "/api/channels/general/events"));
    await events.next();
    for (let n = 0; n < 2; n++) await say(bot, "general", toForm({ text: "Once", id: ID }));
    await docent.show(TURN, { state: "running" });
    expect(parse(await events.next()).event).toBe("message");
    expect(parse(await events.next()).event).toBe("turn");
    await events.cancel();
  });

  it("tell of team knowledge in every channel, in the listener's language", async () => {
    const { bot, docent } = await startWebBot();
    await ask(bot, "/api/knowledge", { method: "POST", body: toForm({ id: ID }, { "handbook.txt": "x" }) });
    const headers = { "accept-language": "ko" };
    const korean = readEvents(await ask(bot, "/api/channels/one/events", { headers }));
    const english = readEvents(await ask(bot, "/api/channels/two/events"));
    for (const events of [korean, english]) await events.next();
    const [document] = await docent.documents({ kind: "workspace", key: "web" });
    const problem = { code: "file_empty", details: { name: "handbook.txt" } } as const;
    await docent.changeDocument(document?.id ?? "", { state: "failed", problem });
    expect(await korean.next()).toContain("비어 있습니다");
    expect(await english.next()).toContain("is empty");
    for (const events of [korean, english]) await events.cancel();
  });

  it("send a comment every 15 seconds, and no timer runs when nobody listens", async () => {
    const { bot, clock } = await startWebBot();
    expect(clock.sleepers).toBe(0);
    const events = readEvents(await ask(bot, "/api/channels/general/events"));
    await events.next();
    clock.advance(14_999);
    clock.advance(1);
    expect(await events.next()).toBe(": still here");
    await events.cancel();
    clock.advance(15_000);
    await bot.check();
    expect(clock.sleepers).toBe(0);
  });

  it("end when the bot stops", async () => {
    const { bot } = await startWebBot();
    const events = readEvents(await ask(bot, "/api/channels/general/events"));
    await events.next();
    await bot.stop();
    expect(await events.next()).toBe("");
  });

  it("cut off a listener that does not read, instead of keeping everything for it", async () => {
    const { bot, docent } = await startWebBot();
    await say(bot, "general", toForm({ text: "Long", id: ID }));
    const events = readEvents(await ask(bot, "/api/channels/general/events"));
    for (let n = 0; n < 600; n++) await docent.show(TURN, { state: "running", detail: String(n) });
    let count = 0;
    while ((await events.next()) !== "") count += 1;
    expect(count).toBe(500);
  });

  it("forget a listener whose connection broke", async () => {
    const { bot, docent, clock } = await startWebBot();
    await say(bot, "general", toForm({ text: "Hi", id: ID }));
    const server = await startWebServer(bot);
    const abort = new AbortController();
    const response = await fetch(`${server.origin}/api/channels/general/events`, { signal: abort.signal });
    await readEvents(response).next();
    abort.abort();
    await server.close();
    await docent.show(TURN, { state: "running" });
    // Nobody is left to beat for: the first beat after the server has heard of it is the last.
    await vi.waitFor(async () => {
      clock.advance(15_000);
      // Time for the beat to begin its next sleep, if there were somebody.
      await bot.check();
      await bot.check();
      expect(clock.sleepers).toBe(0);
    });
  });
});
