import { describe, expect, it } from "vitest";
import { DocentError } from "../../../src/core/errors.ts";
import { ask, json, say, toForm } from "./requests.ts";
import { startWebBot } from "./web-bot-under-test.ts";

const ID = "5f0c2b1e-0000-4000-8000-000000000001";

describe("posting a message", () => {
  it("accepts a question and answers with the message and its turn", async () => {
    const { bot, docent } = await startWebBot();
    const response = await say(bot, "general", toForm({ text: " How long may I borrow it? ", id: ID }));
    expect(response.status).toBe(202);
    const { message, turn } = await json(response);
    expect(turn).toEqual({ id: `turn-web-general-${ID}`, state: "queued" });
    expect(message).toMatchObject({
      id: ID,
      author: "you",
      text: "How long may I borrow it?",
      citations: [],
      turn: { id: `turn-web-general-${ID}`, state: "queued" },
      usage: null,
    });
    expect(docent.accepted).toMatchObject([
      {
        key: `web:general:${ID}`,
        bot: "web",
        kind: "question",
        channel: { key: "web:general", workspace: "web", isDirect: false, isShared: false },
        conversation: "web:general",
        attachments: [],
      },
    ]);
  });

  it("notes files that come without a question", async () => {
    const { bot, docent, blobs } = await startWebBot();
    const response = await say(bot, "general", toForm({ id: ID }, { "policy.txt": "Fourteen days." }));
    expect(await json(response)).toMatchObject({
      turn: null,
      message: { kind: "note", files: [{ name: "policy.txt" }] },
    });
    const [incoming] = docent.accepted;
    expect(incoming).toMatchObject({ kind: "note", attachments: [{ key: `web:general:${ID}:0`, sizeBytes: 14 }] });
    expect([...blobs.held.values()].map(String)).toEqual(["Fourteen days."]);
    expect([...blobs.held.keys()]).toEqual([incoming?.attachments[0]?.blobId]);
  });

  it("accepts JSON for a question without files", async () => {
    const { bot, docent } = await startWebBot();
    const body = JSON.stringify({ text: "Hello?", id: ID });
    const headers = { "content-type": "application/json" };
    const response = await ask(bot, "/api/channels/general/messages", { method: "POST", body, headers });
    expect(response.status).toBe(202);
    expect(docent.accepted).toMatchObject([{ key: `web:general:${ID}`, text: "Hello?" }]);
  });

  it("takes a repeat with the same id for the same message, and keeps the files of the first", async () => {
    const { bot, docent, blobs, messages } = await startWebBot();
    const form = (): FormData => toForm({ text: "And now?", id: ID }, { "a.txt": "one" });
    const first = await json(say(bot, "general", form()));
    const second = await json(say(bot, "general", form()));
    expect(second).toEqual(first);
    expect(docent.accepted).toHaveLength(1);
    expect(messages.all).toHaveLength(1);
    expect([...blobs.held.keys()]).toEqual([docent.accepted[0]?.attachments[0]?.blobId]);
  });

  it("keeps messages with the same id in two channels apart", async () => {
    const { bot, messages } = await startWebBot();
    await say(bot, "one", toForm({ text: "Hello", id: ID }));
    await say(bot, "two", toForm({ text: "Hello", id: ID }));
    expect(messages.all.map(({ channel }) => channel)).toEqual(["web:one", "web:two"]);
  });

  it.for([
    ["nothing at all", toForm({}), "question_empty", 400],
    ["only spaces", toForm({ text: "  \n " }), "question_empty", 400],
    ["an id that is none", toForm({ text: "Hi", id: "../1" }), "bad_request", 400],
  ] as const)("refuses a message with %s", async ([, form, code, status]) => {
    const { bot, docent } = await startWebBot();
    const response = await say(bot, "general", form);
    expect(response.status).toBe(status);
    expect(await json(response)).toMatchObject({ error: { code } });
    expect(docent.accepted).toEqual([]);
  });

  it.for([
    ["not a form", "hello", "text/plain"],
    ["a form without a boundary", "hello", "multipart/form-data"],
    [
      "a form that breaks off",
      '--x\r\ncontent-disposition: form-data; name="files"; filename="a"\r\n\r\nabc',
      "multipart/form-data; boundary=x",
    ],
    ["JSON without text", "{}", "application/json"],
    ["JSON that breaks off", '{"text":', "application/json"],
  ] as const)("refuses a body that is %s, and keeps nothing of it", async ([, body, type]) => {
    const { bot, blobs } = await startWebBot();
    const headers = { "content-type": type };
    const response = await ask(bot, "/api/channels/general/messages", { method: "POST", body, headers });
    expect(response.status).toBe(400);
    expect(await json(response)).toMatchObject({ error: { code: "bad_request" } });
    expect(blobs.held.size).toBe(0);
  });

  it("removes uploaded bytes when core refuses the message", async () => {
    const { bot, docent, blobs, messages } = await startWebBot();
    docent.refuseWith = new DocentError("question_too_long", "Too long.", { details: { length: 9, max: 8 } });
    const response = await say(bot, "general", toForm({ text: "Long" }, { "a.txt": "one" }));
    expect(response.status).toBe(400);
    expect(blobs.held.size).toBe(0);
    expect(messages.all).toEqual([]);
  });

  it("says that the disk is full", async () => {
    const { bot, blobs } = await startWebBot();
    blobs.failWith = new DocentError("storage_full", "Full.");
    const response = await say(bot, "general", toForm({ text: "Hi" }, { "a.txt": "one", "b.txt": "two" }));
    expect(response.status).toBe(507);
    expect(await json(response)).toMatchObject({ error: { code: "storage_full" } });
  });

  it.for([
    ["letters of any script", "경영-지원팀.2026_a", 202],
    ["80 characters", "a".repeat(80), 202],
    ["81 characters", "a".repeat(81), 400],
    ["a slash", "a/b", 400],
    ["a space", "a b", 400],
    ["the place of team knowledge", "@knowledge", 400],
    ["markup", "<img>", 400],
  ] as const)("looks at channel names: %s", async ([, name, status]) => {
    const { bot } = await startWebBot();
    expect((await say(bot, name, toForm({ text: "Hi" }))).status).toBe(status);
  });

  it("answers in the requester's language", async () => {
    const { bot } = await startWebBot();
    const headers = { "accept-language": "fr;q=0.9, ko-KR;q=0.8, en;q=0.1" };
    const response = await ask(bot, "/api/turns/none", { headers });
    expect(response.status).toBe(404);
    expect(await json(response)).toEqual({
      error: { code: "not_found", message: "존재하지 않거나 이미 삭제되었습니다." },
    });
  });
});
