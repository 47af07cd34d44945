import { describe, expect, it } from "vitest";
import type { Command, CommandReply } from "../../src/core/ports/command.ts";
import { DocentError } from "../../src/core/errors.ts";
import { startCore, type CoreUnderTest } from "../fakes/core-under-test.ts";
import { sampleDocument, sampleIncoming } from "../fakes/sample-data.ts";
import { plainResult } from "../fakes/scripted-engine.ts";

const channel = sampleIncoming().channel;
let number = 0;
const team = { kind: "workspace", key: "test" } as const;

/** Runs a command and returns its reply, also when that follows. */
async function run(core: CoreUnderTest, line: string, change: Partial<Command> = {}): Promise<CommandReply> {
  const [name = "help", ...rest] = line.split(" ");
  const later = core.bot.nextReply();
  const reply = await core.docent.command({
    name: name as Command["name"],
    argument: rest.join(" "),
    channel,
    conversation: channel.key,
    author: { id: "u1", name: "Kim" },
    key: `command:${(number += 1)}`,
    bot: "test",
    replyTo: { there: 1 },
    isAdmin: false,
    locale: "en",
    confirmed: false,
    ...change,
  });
  return reply ?? (await later);
}

/** Presses the first button of a reply. */
function press(core: CoreUnderTest, reply: CommandReply, change: Partial<Command> = {}): Promise<CommandReply> {
  const action = reply.actions[0];
  if (action === undefined) throw new Error(`No button under: ${reply.text}`);
  return run(core, action.command.name, { ...action.command, ...change });
}

async function withDocuments(): Promise<CoreUnderTest> {
  const core = startCore();
  const { documents } = core.options;
  await documents.add(sampleDocument({ id: "d1", name: "lease.pdf", pages: 12 }));
  await documents.add(
    sampleDocument({
      id: "d2",
      name: "a_b*.pdf",
      postedBy: "u2",
      state: "failed",
      problem: { code: "file_scanned", details: { name: "a_b*.pdf" } },
    }),
  );
  await documents.add(sampleDocument({ id: "k1", name: "handbook.pdf", scope: team }));
  return core;
}

describe("docs", () => {
  it("lists the channel's documents with pages, state or problem, for the person alone", async () => {
    const core = await withDocuments();
    const reply = await run(core, "docs");
    expect(reply.isPrivate).toBe(true);
    expect(reply.text).toContain("2 documents in this channel:");
    expect(reply.text).toContain("1. **lease.pdf** · 12 pages · ready · Jan 1, 1970");
    expect(reply.text).toContain("2. **a\\_b\\*.pdf** · 1 page · “a_b*.pdf” has no text");
    expect(reply.text).not.toContain("handbook");
  });

  it("says what to do when there are none, in Korean too", async () => {
    expect((await run(startCore(), "docs", { locale: "ko" })).text).toContain("아직 문서가 없습니다");
  });

  it("removes one after asking, by button, name or number", async () => {
    for (const wanted of ["lease.pdf", "LEASE.pdf", "1", "d1"]) {
      const core = await withDocuments();
      const sure = await run(core, `docs remove ${wanted}`);
      expect(sure.text).toContain("Remove “lease.pdf” for good?");
      expect(await core.options.documents.get("d1")).toBeDefined();
      const done = await press(core, sure);
      expect(done).toMatchObject({ isPrivate: false, text: expect.stringContaining("I removed “lease.pdf”") });
      expect(await core.options.documents.get("d1")).toBeUndefined();
    }
  });

  it("lets only who posted it, or an admin, remove it, also when the button comes from somebody else", async () => {
    const core = await withDocuments();
    expect((await run(core, "docs remove 2")).text).toContain("Only the person who posted");
    const sure = await run(core, "docs remove 1");
    expect((await press(core, sure, { author: { id: "u9", name: null } })).text).toContain("Only the person");
    expect((await run(core, "docs remove 2", { isAdmin: true })).actions).toHaveLength(1);
    expect((await run(core, "docs remove 7")).text).toContain("I know no document “7”");
  });

  it("cannot remove the team's knowledge", async () => {
    const core = await withDocuments();
    expect((await run(core, "docs remove k1", { isAdmin: true, confirmed: true })).text).toContain(
      "I know no document",
    );
    expect(await core.options.documents.get("k1")).toBeDefined();
  });
});

describe("knowledge", () => {
  it("is listed for everybody and changed by admins and editors", async () => {
    const core = startCore({ knowledgeEditors: ["editor"] });
    await core.options.documents.add(sampleDocument({ id: "k1", name: "handbook.pdf", scope: team }));
    expect((await run(core, "knowledge")).text).toContain("handbook.pdf");
    expect((await run(core, "knowledge list")).actions).toEqual([]);
    expect((await run(core, "knowledge add")).text).toContain("Only admins and knowledge editors");
    expect((await run(core, "knowledge remove 1")).text).toContain("Only the person");
    const editor = { author: { id: "editor", name: null } };
    const sure = await run(core, "knowledge remove handbook.pdf", editor);
    await press(core, sure, editor);
    expect(await core.options.documents.get("k1")).toBeUndefined();
  });

  it("is added with the files that a command brings", async () => {
    const core = startCore();
    core.bot.files.set("test:h", Buffer.from("holidays"));
    const attachments = [{ key: "test:h", name: "handbook.txt", sizeBytes: 8, reference: null }];
    const brings = sampleIncoming({ key: "test:k:1", kind: "knowledge", attachments });
    expect((await run(core, "knowledge add", { brings })).text).toContain("Only admins");
    expect(await core.docent.documents(team)).toEqual([]);
    expect((await run(core, "knowledge add", { brings, isAdmin: true })).text).toContain("I am reading 1 document");
    expect((await core.docent.documents(team)).map(({ name }) => name)).toEqual(["handbook.txt"]);
  });

  it("that was removed is added again from the same message, once, and not by a redelivery", async () => {
    const core = startCore();
    core.bot.files.set("f1", Buffer.from("Text."));
    const attachments = [{ key: "f1", name: "handbook.txt", sizeBytes: null, reference: 1 }];
    const brings = sampleIncoming({ key: "test:k:1", kind: "knowledge", text: "", attachments });
    const list = async () => await core.docent.documents(team);
    const add = async (key: string): Promise<string> =>
      (await run(core, "knowledge add", { key, brings, isAdmin: true })).text;
    const removeFirst = async (): Promise<void> => {
      await expect.poll(async () => (await list()).map(({ state }) => state)).toEqual(["ready"]);
      const [first] = await list();
      await (
        await core.docent.removeDocument(first?.id ?? "")
      )?.done;
      expect(await list()).toEqual([]);
    };
    await add("c1");
    await removeFirst();
    expect(await add("c2")).toContain("I am reading 1 document");
    expect(await add("c2")).toContain("I am reading 1 document");
    expect(await add("c3")).toContain("I am reading 1 document");
    await removeFirst();
    await add("c2");
    await core.docent.accept(brings);
    expect(await list()).toEqual([]);
    await add("c4");
    await expect.poll(async () => (await list()).map(({ state }) => state)).toEqual(["ready"]);
    expect(core.engine.log.filter((line) => line.startsWith("add"))).toHaveLength(3);
    // What deletes the message still finds it.
    await core.docent.messageDeleted(brings.key);
    await expect.poll(list).toEqual([]);
  });

  it("stays hidden in a channel shared with others", async () => {
    const core = await withDocuments();
    const shared = { channel: { ...channel, isShared: true }, isAdmin: true };
    expect((await run(core, "knowledge", shared)).text).toContain("nor in channels shared");
  });
});

describe("the other commands", () => {
  it("new begins a fresh conversation and keeps documents", async () => {
    const core = await withDocuments();
    const reply = await run(core, "new");
    expect(reply).toMatchObject({ isPrivate: false, text: expect.stringContaining("A fresh conversation") });
    expect(core.engine.log.filter((line) => !line.endsWith("apart"))).toEqual([
      "leave test:general",
      "forget test:general",
    ]);
    expect(await core.options.documents.get("d1")).toBeDefined();
  });

  it("forget asks who manages the channel, then deletes", async () => {
    const core = await withDocuments();
    expect((await run(core, "forget")).text).toContain("Only people who manage");
    const sure = await run(core, "forget", { isAdmin: true });
    expect((await press(core, sure)).text).toContain("Only people who manage");
    const done = await press(core, sure, { isAdmin: true });
    expect(done.text).toBe("Forgotten: 2 documents, 0 conversations, 0 questions.");
    expect(await core.options.documents.get("k1")).toBeDefined();
  });

  it("usage tells tokens and cost of the channel", async () => {
    const core = startCore();
    const usage = {
      model: "m",
      inputTokens: 1200,
      cachedInputTokens: 0,
      outputTokens: 30,
      searches: 0,
      costUsd: 0.0125,
    };
    core.engine.answer = () => plainResult("Yes.", { usage });
    const next = core.bot.nextPost();
    await core.docent.accept(sampleIncoming());
    await next;
    expect((await run(core, "usage")).text).toContain("- today: 1 question, 1,200 tokens in, 30 tokens out, $0.013");
  });

  it("help names every command", async () => {
    const { text } = await run(startCore(), "help");
    for (const word of ["ask", "docs", "knowledge", "new", "forget", "usage", "help"])
      expect(text).toContain(`/docent ${word}`);
  });

  it("that fail say so in words", async () => {
    const core = await withDocuments();
    core.engine.removeDocument = () => Promise.reject(new DocentError("engine_unreachable", "refused"));
    const sure = await run(core, "docs remove 1");
    expect((await press(core, sure)).text).toContain("I can’t reach the model right now");
  });
});

describe("buttons", () => {
  it("store what a person thinks of an answer, the last word counts", async () => {
    const core = startCore();
    const next = core.bot.nextPost();
    await core.docent.accept(sampleIncoming());
    const { turnId } = await next;
    expect(await core.docent.feedback(turnId, "u1", "helpful")).toBe(true);
    expect(await core.docent.feedback(turnId, "u1", "not-helpful")).toBe(true);
    expect(await core.docent.feedback("t_unknown", "u1", "helpful")).toBe(false);
    expect(await core.options.feedback.counts()).toEqual({ "not-helpful": 1 });
  });

  it("ask a failed question again, once, however often they are pressed", async () => {
    const core = startCore();
    core.engine.answer = () => {
      throw new DocentError("run_failed", "server_error");
    };
    const failed = core.bot.nextState("failed");
    await core.docent.accept(sampleIncoming());
    const { id } = await failed;
    core.engine.answer = () => plainResult("Now it worked.");
    const next = core.bot.nextState("answered");
    expect(await core.docent.retry(id)).toBe(true);
    await core.docent.retry(id);
    await next;
    expect(core.bot.posted.map(({ text }) => text).at(-1)).toBe("Now it worked.");
    expect(core.engine.asked).toHaveLength(2);
    expect(await core.docent.retry("t_unknown")).toBe(false);
  });
});
