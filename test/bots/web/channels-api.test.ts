import { describe, expect, it } from "vitest";
import { ask, json, say, toForm } from "./requests.ts";
import { startWebBot } from "./web-bot-under-test.ts";

const ID = "5f0c2b1e-0000-4000-8000-000000000001";

describe("reading a channel", () => {
  it("does not list the place where team knowledge is posted, which is no channel", async () => {
    const { bot, messages } = await startWebBot();
    await say(bot, "general", toForm({ text: "When?", id: ID }));
    const said = messages.all.map((message) => ({ ...message, id: "notice", channel: "web:@knowledge" }));
    for (const message of said) await messages.append(message);
    expect(await json(ask(bot, "/api/channels"))).toMatchObject({ channels: [{ name: "general" }] });
  });

  it("lists what was said, oldest first, with live turns, citations and usage", async () => {
    const { bot, docent, clock } = await startWebBot();
    const { turn } = (await json(say(bot, "general", toForm({ text: "When?", id: ID })))) as { turn: { id: string } };
    clock.advance(1000);
    await docent.answer(turn.id, {
      text: "On **Monday** [1].",
      citations: [
        { documentId: "d1", document: "plan.pdf", place: { unit: "page", number: 12 }, quote: "on Monday" },
        { documentId: "d2", document: "notes.md", place: { unit: "line", number: 40 }, quote: null },
      ],
      usage: { model: "m", inputTokens: 10, cachedInputTokens: 0, outputTokens: 2, searches: 0, costUsd: 0.01 },
    });
    const { messages } = await json(ask(bot, "/api/channels/general/messages"));
    const at = Date.UTC(2026, 10, 23, 9, 30);
    expect(messages).toMatchObject([
      { id: ID, author: "you", text: "When?", turn: { id: turn.id, state: "answered" }, createdAt: at },
      {
        id: `${turn.id}-1`,
        author: "docent",
        text: "On **Monday** [1].",
        citations: [
          { documentId: "d1", document: "plan.pdf", page: 12, quote: "on Monday", line: null },
          { documentId: "d2", document: "notes.md", page: null, quote: null, line: 40 },
        ],
        turn: { id: turn.id, state: "answered" },
        usage: { inputTokens: 10, outputTokens: 2, costUsd: 0.01 },
        createdAt: at + 1000,
      },
    ]);
    expect(await json(ask(bot, "/api/channels"))).toEqual({
      channels: [{ name: "general", lastAt: at + 1000, messages: 2 }],
    });
  });

  it("shows the question before its answer when the process died before the question was logged", async () => {
    const { bot, docent, messages } = await startWebBot();
    const append = messages.append.bind(messages);
    messages.append = () => Promise.reject(new Error("killed"));
    expect((await say(bot, "general", toForm({ text: "Lost?", id: ID }, { "a.txt": "x" }))).status).toBe(500);
    messages.append = append;
    await docent.answer(`turn-web-general-${ID}`, { text: "No." });
    const repeated = await say(bot, "general", toForm({ text: "Lost?", id: ID }, { "a.txt": "x" }));
    expect(repeated.status).toBe(202);
    const listed = await json(ask(bot, "/api/channels/general/messages"));
    expect(listed).toMatchObject({
      messages: [{ id: ID, text: "Lost?", files: [{ name: "a.txt" }] }, { text: "No." }],
    });
  });

  it("tells of a turn, also how many are before it", async () => {
    const { bot, docent } = await startWebBot();
    await say(bot, "general", toForm({ text: "When?", id: ID }));
    const id = `turn-web-general-${ID}`;
    await docent.show(id, { position: 2, detail: "Waiting" });
    const expected = { id, state: "queued", detail: "Waiting", position: 2 };
    expect(await json(ask(bot, `/api/turns/${id}`))).toEqual(expected);
  });

  it("stops a turn", async () => {
    const { bot, docent } = await startWebBot();
    await say(bot, "general", toForm({ text: "When?", id: ID }));
    const id = `turn-web-general-${ID}`;
    const response = await ask(bot, `/api/turns/${id}/cancel`, { method: "POST" });
    expect(response.status).toBe(202);
    expect(await json(response)).toMatchObject({ id, state: "cancelled" });
    expect(docent.turns.get(id)?.state).toBe("cancelled");
    expect((await ask(bot, "/api/turns/other/cancel", { method: "POST" })).status).toBe(404);
  });

  it("posts an answer once, however often it is sent", async () => {
    const { bot, docent, messages } = await startWebBot();
    await say(bot, "general", toForm({ text: "When?", id: ID }));
    const id = `turn-web-general-${ID}`;
    await docent.answer(id, { text: "Now." });
    await docent.answer(id, { text: "Now." });
    expect(messages.all.map(({ text }) => text)).toEqual(["When?", "Now."]);
  });

  it("forgets a channel and reports what was deleted", async () => {
    const { bot, docent, blobs, messages } = await startWebBot();
    await say(bot, "general", toForm({ text: "When?", id: ID }, { "a.txt": "x" }));
    await say(bot, "other", toForm({ text: "Elsewhere" }));
    await docent.answer(`turn-web-general-${ID}`, { text: "Now." });
    const response = await ask(bot, "/api/channels/general", { method: "DELETE" });
    expect(response.status).toBe(200);
    expect(await json(response)).toEqual({ deleted: { messages: 2, documents: 1, conversations: 1 } });
    expect(messages.all.map(({ channel }) => channel)).toEqual(["web:other"]);
    expect(blobs.held.size).toBe(0);
  });

  it("keeps an answer that comes while the program stops", async () => {
    const { bot, docent, messages } = await startWebBot();
    await say(bot, "general", toForm({ text: "When?", id: ID }));
    await bot.stop();
    await docent.answer(`turn-web-general-${ID}`, { text: "Now." });
    expect(messages.all.map(({ text }) => text)).toEqual(["When?", "Now."]);
  });

  it("says that it is restarting before it was started and after it was stopped", async () => {
    const { bot } = await startWebBot();
    await bot.stop();
    const response = await ask(bot, "/api/channels/general/messages");
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("2");
    expect(await bot.check()).toMatchObject({ ready: false });
  });

  it("tells the page what it needs to know", async () => {
    const { bot } = await startWebBot({ engineName: "local", maxFilesPerMessage: 7 });
    expect(await json(ask(bot, "/api/me", { headers: { "accept-language": "ko" } }))).toEqual({
      engine: "local",
      canSetUp: false,
      language: "ko",
      maxFileMb: 1,
      maxFilesPerMessage: 7,
      canSignOut: false,
      storagePrice: { usdPerGbDay: 0.1, freeGb: 1 },
    });
  });
});
