import { describe, expect, test } from "vitest";
import { isJson, type Item, contentParts } from "../../servers/openai/state.ts";
import { createPdf, LEASE, never, startTalk, toReadable, type Talk } from "./talk.ts";

const KEY = "test:general";

describe("a conversation", () => {
  test("is created once, also when two questions come at the same moment", async () => {
    const talk = await startTalk({ lockUntil: "short" });
    await Promise.all([talk.ask(), talk.ask()]);
    expect(talk.server.to("conversations.create")).toHaveLength(1);
    const record = await talk.stores.conversations.get(KEY);
    const [conversation] = talk.server.state.conversations.values();
    expect(record?.conversationId).toBe(conversation?.id);
    expect(conversation?.metadata).toEqual({ docent: KEY });
  });

  test("is its own for every conversation of ours", async () => {
    const talk = await startTalk();
    await talk.ask();
    await talk.ask({ conversation: "test:other", channel: "test:other" });
    expect(talk.server.state.conversations.size).toBe(2);
  });

  test("is gone on with after a restart", async () => {
    const talk = await startTalk();
    await talk.ask();
    await talk.ask({}, talk.restart());
    expect(talk.server.to("conversations.create")).toHaveLength(1);
    expect(messages(talk)).toHaveLength(4);
  });

  test("that OpenAI no longer knows is replaced by a fresh one, and the document given again", async () => {
    const talk = await startTalk();
    const lease = toReadable("lease.pdf", await createPdf(LEASE));
    await talk.ask({ attached: [lease] });
    talk.server.state.conversations.clear();
    const result = await talk.ask({ available: [lease] });
    expect(result.text).toContain("three months");
    expect(result.consulted).toEqual([lease.document.id]);
    expect(talk.server.to("files.create")).toHaveLength(1);
  });

  test("that costs too much goes on in a fresh one: its words stay, its files are searched from then on", async () => {
    const talk = await startTalk();
    const lease = toReadable("lease.md", `${LEASE.join("\n")}${" filler".repeat(30_000)}`, { tokens: 900 });
    await talk.ask({ attached: [lease] });
    const [before] = talk.server.state.conversations.keys();
    const result = await talk.ask({ available: [lease] });
    await talk.engine.stop();
    expect(result.text).toContain("three months");
    expect(result.sources[0]?.documentId).toBe(lease.document.id);
    expect(result.usage?.searches).toBe(1);
    expect([...talk.server.state.conversations.keys()]).not.toContain(before);
    expect(talk.server.state.orphanItems).toEqual([]);
    expect(messages(talk).map((item) => item["role"])).toEqual(["user", "assistant", "user", "assistant"]);
    expect(fileIds(talk)).toEqual([]);
  });

  test("loses the files that a question may no longer see", async () => {
    const talk = await startTalk();
    const lease = toReadable("lease.md", LEASE.join("\n"));
    await talk.ask({ attached: [lease] });
    const result = await talk.ask({ available: [] });
    expect(result.text).not.toContain("three months");
    expect(fileIds(talk)).toEqual([]);
  });

  test.for([
    { label: "and the server leaves its message behind", failedRunLeavesItems: true },
    { label: "and the server keeps nothing of it", failedRunLeavesItems: false },
  ])("after a run that failed $label holds no unanswered question", async ({ failedRunLeavesItems }) => {
    const talk = await startTalk({ failedRunLeavesItems });
    talk.server.faults.add("responses.create", { kind: "run-failed", code: "server_error" });
    const lease = toReadable("lease.md", LEASE.join("\n"));
    await expect(talk.ask({ attached: [lease] })).rejects.toMatchObject({ code: "run_failed" });
    const result = await talk.ask({ available: [lease] });
    expect(result.text).toContain("three months");
    expect(messages(talk).map((item) => item["role"])).toEqual(["user", "assistant"]);
    expect(talk.server.to("files.create")).toHaveLength(1);
  });
});

test.for([{ failedRunLeavesItems: true }, { failedRunLeavesItems: false }])(
  "a document whose answer was cut short is inside once ($failedRunLeavesItems)",
  async ({ failedRunLeavesItems }) => {
    const talk = await startTalk({ failedRunLeavesItems });
    talk.server.faults.add("responses.create", { kind: "run-incomplete", reason: "max_output_tokens", text: "The" });
    const lease = toReadable("lease.md", LEASE.join("\n"));
    await talk.ask({ attached: [lease] });
    expect(await talk.ask({ available: [lease] })).toMatchObject({ consulted: [lease.document.id] });
    expect(fileIds(talk)).toHaveLength(1);
  },
);

describe("forgetting a conversation", () => {
  test("deletes its items one by one, then the conversation, and leaves nothing at OpenAI", async () => {
    const talk = await startTalk();
    for (let turn = 0; turn < 3; turn += 1) await talk.ask();
    await talk.engine.forgetConversation(KEY);
    expect(talk.server.state.conversations.size).toBe(0);
    expect(talk.server.state.orphanItems).toEqual([]);
    expect(talk.server.to("conversations.items.delete")).toHaveLength(6);
    expect(await talk.stores.conversations.get(KEY)).toBeUndefined();
  });

  test("that was let go of leaves alone the one that took its place", async () => {
    const talk = await startTalk();
    await talk.ask();
    await talk.engine.leaveConversation(KEY);
    await talk.ask();
    const fresh = (await talk.stores.conversations.get(KEY))?.conversationId;
    await talk.engine.forgetConversation(KEY, { keepsPresent: true });
    expect((await talk.stores.conversations.get(KEY))?.conversationId).toBe(fresh);
    expect([...talk.server.state.conversations.keys()]).toEqual([fresh]);
    expect(talk.server.state.orphanItems).toEqual([]);
  });

  test("reaches items beyond the first page", async () => {
    const talk = await startTalk();
    for (let turn = 0; turn < 52; turn += 1) await talk.ask();
    await talk.engine.forgetConversation(KEY);
    expect(talk.server.state.orphanItems).toEqual([]);
  });

  test("is safe to repeat, also when it is gone already or was never there", async () => {
    const talk = await startTalk();
    await talk.ask();
    talk.server.state.conversations.clear();
    await talk.engine.forgetConversation(KEY);
    await talk.engine.forgetConversation(KEY);
    await talk.engine.forgetConversation("test:never");
    expect(await talk.stores.conversations.get(KEY)).toBeUndefined();
  });

  test("that broke in the middle is finished by the next call", async () => {
    const talk = await startTalk();
    await talk.ask();
    talk.server.faults.add("conversations.items.delete", { kind: "error", code: "invalid_api_key" }, { skip: 1 });
    await expect(talk.engine.forgetConversation(KEY)).rejects.toMatchObject({ code: "invalid_key" });
    expect(await talk.stores.forgotten.get(KEY)).toHaveLength(1);
    await talk.engine.forgetConversation(KEY);
    expect(await talk.stores.forgotten.get(KEY)).toBeUndefined();
    expect(talk.server.state.orphanItems).toEqual([]);
    expect(talk.server.state.conversations.size).toBe(0);
  });

  test("lets whoever asks next begin afresh, also while OpenAI cannot delete", async () => {
    const talk = await startTalk();
    await talk.ask({ text: "My name is Kim." });
    talk.server.faults.add("conversations.items.list", { kind: "error", code: "server_error" }, { times: 4 });
    await expect(talk.engine.forgetConversation(KEY)).rejects.toMatchObject({ code: "engine_unreachable" });
    await talk.ask({ text: "What is my name?" });
    expect(talk.server.state.conversations.size).toBe(2);
    await talk.engine.forgetConversation(KEY);
    // Both: the second call is about everything up to now.
    expect(talk.server.state.conversations.size).toBe(0);
    expect(talk.server.state.orphanItems).toEqual([]);
  });

  test("waits for a run that still holds the conversation", async () => {
    const talk = await startTalk();
    await talk.ask();
    talk.server.hold();
    const question = talk.question();
    const run = await talk.engine.startRun(question, { mayExist: false, signal: never() });
    const forgotten = talk.engine.forgetConversation(KEY);
    await talk.server.whenRequested("conversations.items.delete");
    await talk.engine.cancelRun(run);
    await forgotten;
    expect(talk.server.state.conversations.size).toBe(0);
    expect(talk.server.state.orphanItems).toEqual([]);
  });
});

function messages(talk: Talk): Item[] {
  return [...talk.server.state.conversations.values()].flatMap(({ items }) =>
    items.filter((item) => item.type === "message"),
  );
}

function fileIds(talk: Talk): unknown[] {
  return messages(talk)
    .filter(isJson)
    .flatMap(contentParts)
    .flatMap((part) => (part["file_id"] === undefined ? [] : [part["file_id"]]));
}
