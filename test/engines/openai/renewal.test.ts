import { afterEach, describe, expect, test } from "vitest";
import { onCrashPoint, type CrashPoint } from "../../../src/core/crash-point.ts";
import type { Usage } from "../../../src/core/turn.ts";
import type { Fetch } from "../../../src/engines/openai/openai-client.ts";
import { createRememberingBrain } from "../../servers/openai/remembering-brain.ts";
import { contentParts, isJson, textOf, type Item } from "../../servers/openai/state.ts";
import { LEASE, never, startTalk, toReadable, type Talk } from "./talk.ts";

const KEY = "test:general";
/** With the end of this one notes are due. */
const DUE = 13;

const brain = { answer: createRememberingBrain() };

afterEach(() => onCrashPoint(() => undefined));

/** Asks until notes are due, with a fact in the first turn. */
async function fill(talk: Talk, turns = DUE): Promise<void> {
  for (let turn = 1; turn <= turns; turn += 1) {
    const said = turn === 1 ? "The door code of the cellar is 7729." : `The kiln number ${turn} stands in Porto.`;
    await talk.ask({ text: `${said} What is new?` });
  }
}

/** Lets a request for notes wait at the door. */
function createGate(): { fetch: Fetch; reached: Promise<void>; open: () => void } {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  return {
    reached: reached.promise,
    open: opened.resolve,
    async fetch(input, init) {
      if (typeof init?.body === "string" && init.body.includes("You keep the notes")) {
        reached.resolve();
        await opened.promise;
      }
      return await fetch(input, init);
    },
  };
}

function texts(talk: Talk): string[] {
  return items(talk).map((item) =>
    contentParts(item)
      .map((part) => textOf(part["text"]))
      .join("\n"),
  );
}

function items(talk: Talk): Item[] {
  return [...talk.server.state.conversations.values()].flatMap((conversation) => conversation.items);
}

function notesRequests(talk: Talk): readonly unknown[] {
  return talk.server.to("responses.create").filter(({ body }) => body?.["conversation"] === undefined);
}

describe("a conversation with many turns", () => {
  test("goes on in a fresh one: notes of the older turns, and the newest ones word by word", async () => {
    const spent: Usage[] = [];
    const talk = await startTalk(brain, { onUsage: (_, usage) => spent.push(usage) });
    await fill(talk);
    await talk.engine.idle();
    const [notes, ...others] = texts(talk);
    expect(notes).toMatch(/^\[notes of the chat system/u);
    expect(notes).toContain("7729");
    expect(others).toHaveLength(12);
    expect(others[0]).toMatch(/^\[message t_8 from Kim\]\nThe kiln number 8/u);
    expect(talk.server.state.conversations.size).toBe(1);
    expect(talk.server.state.orphanItems).toEqual([]);
    expect(spent).toMatchObject([{ model: "gpt-6-luna", searches: 0 }]);
    const request = talk.server.to("responses.create").find(({ body }) => body?.["conversation"] === undefined);
    expect(request?.body).toMatchObject({ store: false, reasoning: { effort: "low" } });
    expect(request?.body).not.toHaveProperty("tools");
  });

  test("still knows at turn 60 what was said in turn 1, and holds no more than at turn 20", async () => {
    const talk = await startTalk(brain);
    await fill(talk, 20);
    await talk.engine.idle();
    const before = items(talk).length;
    for (let turn = 21; turn <= 60; turn += 1) {
      await talk.ask({ text: `The lathe number ${turn} stands in Ghent. What is new?` });
      await talk.engine.idle();
    }
    expect(items(talk).length).toBeLessThanOrEqual(before + 12);
    const result = await talk.ask({ text: "What is the door code of the cellar?" });
    expect(result.text).toContain("7729");
  });

  test("keeps everything when no notes can be made, and makes them after the next answer", async () => {
    const talk = await startTalk(brain);
    await fill(talk, DUE - 1);
    talk.server.faults.add("responses.create", { kind: "error", code: "server_error" }, { skip: 1, times: 2 });
    await talk.ask({ text: "What is new?" });
    await talk.engine.idle();
    expect(texts(talk)).toHaveLength(2 * DUE);
    await talk.ask({ text: "And now?" });
    await talk.engine.idle();
    expect(texts(talk)[0]).toContain("7729");
  });

  test("brings its notes along when OpenAI has lost it", async () => {
    const talk = await startTalk(brain);
    await fill(talk);
    await talk.engine.idle();
    talk.server.state.conversations.clear();
    const result = await talk.ask({ text: "What is the door code of the cellar?" });
    await talk.ask({ text: "What else?" });
    expect(result.text).toContain("7729");
    expect(texts(talk).filter((text) => text.startsWith("[notes"))).toHaveLength(1);
  });
});

describe("a conversation with a document and search results in it", () => {
  test("goes on without them, and the document is searched", async () => {
    const talk = await startTalk({}, { inlineMaxTokens: 60_000 });
    const lease = toReadable("lease.md", LEASE.join("\n"), { tokens: 20_000 });
    await talk.ask({ attached: [lease] });
    await talk.engine.idle();
    expect(
      items(talk)
        .flatMap(contentParts)
        .filter((part) => part["type"] === "input_file"),
    ).toEqual([]);
    expect(talk.server.state.vectorStores.size).toBe(1);
    const result = await talk.ask({ available: [lease], text: "And how high is the deposit?" });
    expect(result.text).toContain("2,400");
    expect(result.usage?.searches).toBe(1);
    expect(notesRequests(talk)).toEqual([]);
  });

  test("keeps a table, which cannot be searched, with its turn", async () => {
    const talk = await startTalk({}, { inlineMaxTokens: 60_000 });
    const lease = toReadable("lease.md", LEASE.join("\n"), { tokens: 20_000 });
    const table = toReadable("sales.csv", "year,sales\n2025,12\n");
    await talk.ask({ attached: [lease, table] });
    await talk.engine.idle();
    const files = items(talk)
      .flatMap(contentParts)
      .filter((part) => part["type"] === "input_file");
    expect(files.map((part) => part["filename"])).toEqual(["sales.csv"]);
    const result = await talk.ask({ available: [lease, table], text: "sales 2025?" });
    expect(result.consulted).toEqual([table.document.id]);
  });

  test("keeps a short one, which costs less inside than a search for it", async () => {
    const talk = await startTalk();
    await talk.ask({ attached: [toReadable("lease.md", LEASE.join("\n"))] });
    await talk.engine.idle();
    expect(talk.server.to("conversations.create")).toHaveLength(1);
  });
});

describe("a question that comes while notes are being made", () => {
  test.for([{ replica: "this process" }, { replica: "another process" }])(
    "keeps its conversation, in $replica, and the notes are used later",
    async ({ replica }) => {
      const gate = createGate();
      const talk = await startTalk(brain, { fetch: gate.fetch });
      await fill(talk);
      await gate.reached;
      const by = replica === "this process" ? talk.engine : talk.restart();
      const question = talk.question({ text: "The tent costs 12 euros. What is new?" });
      const run = await by.startRun(question, { mayExist: false, signal: never() });
      gate.open();
      await talk.engine.idle();
      const before = await talk.stores.conversations.get(KEY);
      const result = await by.waitForRun(run, question, { signal: never(), onProgress: () => undefined });
      await result.noted;
      await by.idle();
      const record = await talk.stores.conversations.get(KEY);
      expect(before?.draft?.turns).toContain("t_1");
      expect(record?.conversationId).not.toBe(before?.conversationId);
      expect(texts(talk)[0]).toContain("7729");
      expect(texts(talk).some((text) => text.includes("The tent costs 12 euros."))).toBe(true);
      expect(notesRequests(talk)).toHaveLength(1);
      expect(talk.server.state.conversations.size).toBe(1);
    },
  );
});

describe("a crash", () => {
  test.for<{ point: CrashPoint }>([
    { point: "renewal: notes made" },
    { point: "renewal: conversation noted" },
    { point: "renewal: filled, not swapped" },
  ])("at “$point” is made good by the next turn, and nothing is left behind", async ({ point }) => {
    const talk = await startTalk(brain);
    let crashes = 0;
    onCrashPoint((reached) => {
      if (reached !== point || crashes > 0) return;
      crashes += 1;
      throw new Error("The process dies.");
    });
    await fill(talk);
    await talk.engine.idle();
    expect(crashes).toBe(1);
    const next = talk.restart();
    await talk.ask({ text: "What is new?" }, next);
    await next.idle();
    expect(texts(talk)[0]).toContain("7729");
    expect(talk.server.state.conversations.size).toBe(1);
    expect(talk.server.state.orphanItems).toEqual([]);
    expect(notesRequests(talk)).toHaveLength(1);
  });

  test("in the middle of a renewal is cleaned up when the channel is forgotten", async () => {
    const talk = await startTalk(brain);
    onCrashPoint((reached) => {
      if (reached === "renewal: filled, not swapped") throw new Error("The process dies.");
    });
    await fill(talk);
    await talk.engine.idle();
    expect(talk.server.state.conversations.size).toBe(2);
    await talk.restart().forgetConversation(KEY);
    expect(talk.server.state.conversations.size).toBe(0);
    expect(talk.server.state.orphanItems).toEqual([]);
  });
});

describe("what is deleted", () => {
  test("goes from the notes with the turn that said it", async () => {
    const talk = await startTalk(brain);
    await fill(talk);
    await talk.engine.idle();
    await talk.engine.forgetTurn(KEY, "t_1");
    expect(texts(talk).join("\n")).not.toContain("7729");
    expect(JSON.stringify(await talk.stores.conversations.get(KEY))).not.toContain("7729");
    const result = await talk.ask({ text: "What is the door code of the cellar?" });
    expect(result.text).not.toContain("7729");
  });

  test("leaves the notes of other turns, which the next question brings", async () => {
    const talk = await startTalk(brain);
    await fill(talk, 2 * DUE);
    await talk.engine.idle();
    const chapters = (await talk.stores.conversations.get(KEY))?.notes ?? [];
    expect(chapters.length).toBeGreaterThan(1);
    await talk.engine.forgetTurn(KEY, chapters[1]?.turns[0] ?? "");
    const result = await talk.ask({ text: "What is the door code of the cellar?" });
    expect(result.text).toContain("7729");
  });

  test("while notes are being made of it is not in them", async () => {
    const gate = createGate();
    const talk = await startTalk(brain, { fetch: gate.fetch });
    await fill(talk);
    await gate.reached;
    await talk.engine.forgetTurn(KEY, "t_1");
    gate.open();
    await talk.engine.idle();
    await talk.ask({ text: "What is new?" });
    await talk.engine.idle();
    expect(texts(talk).join("\n")).not.toContain("7729");
    expect(JSON.stringify(await talk.stores.conversations.get(KEY))).not.toContain("7729");
  });

  test("takes the answers from a document with it, also where only their words are left", async () => {
    const talk = await startTalk();
    const lease = toReadable("lease.md", LEASE.join("\n"), { tokens: 50_000 });
    for (let turn = 1; turn <= DUE; turn += 1) await talk.ask({ available: [lease] });
    await talk.engine.idle();
    expect(texts(talk).join("\n")).toContain("three months");
    await talk.engine.removeDocument(lease.document);
    expect(texts(talk).join("\n")).not.toContain("three months");
    const record = await talk.stores.conversations.get(KEY);
    expect(record?.notes).toEqual([]);
    expect(talk.server.state.files.size).toBe(0);
  });

  test.for([
    { label: "a document", isCited: true },
    { label: "no document", isCited: false },
  ])("leaves answers that cite another one; this time the answers cite $label", async ({ isCited }) => {
    const talk = await startTalk({
      answer: (_, { hits }) => ({
        text: "Three months.",
        annotations: isCited
          ? hits
              .filter(({ filename }) => filename === "lease.md")
              .map(({ fileId, filename }) => ({ fileId, filename, index: 5 }))
          : [],
      }),
    });
    const lease = toReadable("lease.md", LEASE.join("\n"), { tokens: 50_000 });
    const other = toReadable("other.md", "The notice period of the garage is one day.", { tokens: 50_000 });
    const text = "The spare key is yellow. How long is the notice period?";
    for (let turn = 1; turn <= DUE; turn += 1) await talk.ask({ text, available: [lease, other] });
    await talk.engine.idle();
    await talk.engine.removeDocument(other.document);
    const record = await talk.stores.conversations.get(KEY);
    expect(record?.notes).toHaveLength(isCited ? 1 : 0);
    expect(texts(talk).filter((each) => each.includes("spare key")).length > 0).toBe(isCited);
  });

  test("with its channel while a fresh conversation is being made leaves nothing at OpenAI", async () => {
    const gate = createGate();
    const talk = await startTalk(brain, { fetch: gate.fetch });
    await fill(talk);
    await gate.reached;
    const forgotten = talk.engine.forgetConversation(KEY);
    gate.open();
    await forgotten;
    await talk.engine.idle();
    expect(talk.server.state.conversations.size).toBe(0);
    expect(talk.server.state.orphanItems).toEqual([]);
    expect(await talk.stores.conversations.get(KEY)).toBeUndefined();
  });
});

test("the notes come before the questions, and are no instruction", async () => {
  const talk = await startTalk(brain);
  await fill(talk);
  await talk.engine.idle();
  const [notes] = items(talk);
  expect(isJson(notes) ? notes["role"] : undefined).toBe("user");
});
