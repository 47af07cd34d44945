import { describe, expect, it } from "vitest";
import { DocentError } from "../../src/core/errors.ts";
import { toTurnId } from "../../src/core/ids.ts";
import type { Command } from "../../src/core/ports/command.ts";
import type { Engine } from "../../src/core/ports/engine.ts";
import { openDatabase } from "../../src/stores/sqlite/open-database.ts";
import { createSqliteDocuments } from "../../src/stores/sqlite/sqlite-documents.ts";
import { createSqliteJobs } from "../../src/stores/sqlite/sqlite-jobs.ts";
import { countTurns, startCore, type CoreUnderTest } from "../fakes/core-under-test.ts";
import { createManualClock } from "../fakes/manual-clock.ts";
import { sampleDocument, sampleIncoming } from "../fakes/sample-data.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { createScriptedEngine, hang, plainResult, type ScriptedEngine } from "../fakes/scripted-engine.ts";

const LEASE = { owner: "test", leaseMs: 30_000 };
const { channel } = sampleIncoming();

/** An engine that can delete only while `isUp`. */
function createFlakyEngine(): Engine & { isUp: boolean; readonly attempts: number; readonly log: readonly string[] } {
  const engine = createScriptedEngine();
  const flaky = {
    ...engine,
    isUp: false,
    attempts: 0,
    async removeDocument(document: Parameters<Engine["removeDocument"]>[0]) {
      flaky.attempts += 1;
      if (!flaky.isUp) throw new DocentError("engine_unreachable", "The network is down.");
      await engine.removeDocument(document);
    },
    async forgetConversation(conversation: string) {
      if (!flaky.isUp) throw new DocentError("engine_unreachable", "The network is down.");
      await engine.forgetConversation(conversation);
    },
  };
  return flaky;
}

async function give(core: CoreUnderTest, name: Command["name"], argument = ""): Promise<unknown> {
  return await core.docent.command({
    key: `${name} ${argument}`,
    name,
    argument,
    channel,
    conversation: channel.key,
    author: { id: "u1", name: "Kim" },
    bot: "test",
    replyTo: { there: 1 },
    isAdmin: true,
    locale: "en",
    confirmed: true,
  });
}

describe("a command that changes something", () => {
  it("is stored before it is acknowledged, and answered where it was given", async () => {
    const core = startCore();
    await core.options.documents.add(sampleDocument({ id: "d1" }));
    const reply = core.bot.nextReply();
    expect(await give(core, "docs", "remove d1")).toBeNull();
    expect((await reply).text).toContain("I removed “lease.pdf”");
    expect(core.bot.replies).toMatchObject([{ replyTo: { there: 1 } }]);
    await expect.poll(() => core.options.jobs.list()).toEqual([]);
  });

  it("hides a document at once, is told once what is in the way, and is repeated until it is done", async () => {
    const engine = createFlakyEngine();
    const clock = createManualClock();
    const core = startCore({ engines: [engine], clock });
    await core.options.documents.add(sampleDocument({ id: "d1" }));
    const delayed = core.bot.nextReply();
    await give(core, "docs", "remove d1");
    expect((await delayed).text).toContain("keep trying until it is done");
    expect(await core.docent.documents({ kind: "channel", key: channel.key })).toEqual([]);
    const attempts = (): number => {
      clock.advance(60_000);
      return engine.attempts;
    };
    await expect.poll(attempts).toBeGreaterThanOrEqual(3);
    engine.isUp = true;
    await expect.poll(() => attempts() && core.bot.replies.length).toBe(2);
    expect(core.bot.replies.at(-1)?.reply.text).toContain("I removed “lease.pdf”");
    expect(engine.log).toContain("remove lease.pdf");
  });

  it("is done by the next process when this one ends, and answered there", async () => {
    const before = startCore({ engines: [createFlakyEngine()] });
    await before.options.documents.add(sampleDocument({ id: "d1" }));
    const delayed = before.bot.nextReply();
    await give(before, "docs", "remove d1");
    await delayed;
    await before.stop();
    const after = startCore({ folder: before.folder });
    await expect
      .poll(() => after.bot.replies.map(({ reply }) => reply.text))
      .toEqual(["I removed “lease.pdf”, also at the model provider."]);
    expect(after.engine.log).toEqual(["remove lease.pdf"]);
    await expect.poll(() => after.options.jobs.list()).toEqual([]);
  });

  it("forgets with a channel what an earlier wish had begun to delete", async () => {
    const core = startCore();
    await core.options.documents.add(sampleDocument({ id: "d1", scope: { kind: "channel", key: channel.key } }));
    await core.options.documents.retire("d1");
    const { done } = await core.docent.forget(channel);
    expect(await done).toMatchObject({ documents: 1 });
    expect(core.engine.log).toContain("remove lease.pdf");
    expect(await core.options.documents.retired()).toEqual([]);
  });

  it("that was done when the process ended is only told by the next one", async () => {
    const core = startCore();
    const action = { kind: "start-over", conversation: channel.key } as const;
    const outcome = { messages: 0, documents: 0, conversations: 1 };
    const report = { bot: "test", replyTo: null, locale: "en" };
    await core.options.jobs.add({ id: "j1", action, requestedAt: 0, report, outcome }, LEASE);
    await core.stop();
    const after = startCore({ folder: core.folder });
    await expect.poll(() => after.bot.replies).toHaveLength(1);
    expect(after.engine.log).toEqual([]);
  });

  it("is refused in words when it cannot be stored", async () => {
    const core = startCore();
    await core.options.documents.add(sampleDocument({ id: "d1" }));
    await core.stop();
    expect(await give(core, "new")).toMatchObject({ isPrivate: true, text: expect.stringContaining("restarting") });
  });
});

describe("a removed document", () => {
  const IDS = ["d1", "d2", "d3", "d4", "d5"];
  const LAST = sampleDocument({ id: "d5", name: "d5.pdf", engines: ["scripted"] });

  /** An engine that deletes nothing until `free`: no more jobs are done side by side than hang there. */
  function createSlowEngine(): { readonly engine: ScriptedEngine; readonly free: () => void } {
    const { promise, resolve } = Promise.withResolvers<void>();
    return { engine: { ...createScriptedEngine(), removeDocument: () => promise }, free: resolve };
  }

  async function usedLater(core: CoreUnderTest, engine: ScriptedEngine): Promise<string[] | undefined> {
    await core.docent.accept(sampleIncoming({ key: "later" }));
    await core.bot.posts(1);
    return engine.asked[0]?.available.map(({ document }) => document.name);
  }

  it("is used in no later answer, also while its job waits for others", async () => {
    const { engine, free } = createSlowEngine();
    const core = startCore({ engines: [engine] });
    for (const id of IDS) await core.options.documents.add({ ...LAST, id, name: `${id}.pdf` });
    for (const id of IDS) await core.docent.removeDocument(id);
    expect(await usedLater(core, engine)).toEqual([]);
    free();
  });

  it("is used in no answer of the next process, when this one ended as the wish was stored", async () => {
    const folder = temporaryFolder();
    const database = openDatabase(folder);
    const documents = createSqliteDocuments(database.db);
    const jobs = createSqliteJobs(database.db);
    for (const id of IDS) {
      const document = { ...LAST, id, name: `${id}.pdf` };
      await documents.add(document);
      const action = { kind: "remove-document", document } as const;
      await jobs.add({ id: `remove ${id}`, action, requestedAt: 0, report: null, outcome: null }, LEASE);
    }
    database.close();
    const { engine, free } = createSlowEngine();
    expect(await usedLater(startCore({ folder, engines: [engine] }), engine)).toEqual([]);
    free();
  });
});

describe("a deleted message", () => {
  it("takes its documents from the engines in the end, though they are out of our lists at once", async () => {
    const engine = createFlakyEngine();
    const clock = createManualClock();
    const core = startCore({ engines: [engine], clock });
    const archive = sampleDocument({
      id: "d1",
      type: { kind: "archive", mimeType: "application/zip", extension: "zip" },
    });
    await core.options.documents.add(archive);
    await core.options.documents.add(sampleDocument({ id: "d2", name: "a.zip/lease.pdf", containerId: "d1" }));
    await core.docent.messageDeleted(archive.messageKey);
    await expect.poll(() => core.docent.documents({ kind: "channel", key: channel.key })).toEqual([]);
    expect((await core.options.documents.retired()).map(({ id }) => id)).toEqual(["d1", "d2"]);
    await expect.poll(() => engine.attempts).toBeGreaterThanOrEqual(2);
    engine.isUp = true;
    await expect.poll(() => (clock.advance(60_000), engine.log.length)).toBe(2);
    await expect.poll(() => core.options.documents.retired()).toEqual([]);
  });
});

describe("a deleted message whose question was tried again", () => {
  it.for([1, 3])("takes each try with it (%i times)", async (times) => {
    const core = startCore();
    const { inbox } = core.options;
    const question = sampleIncoming({ text: "my secret" });
    const ids = Array.from({ length: times + 1 }, (_, index) => toTurnId(`${question.key}${"~again".repeat(index)}`));
    core.engine.answer = (asked) => {
      if (asked.turnId === ids.at(-1)) return plainResult("Answered at last.");
      throw new DocentError("engine_unreachable", "The network is down.");
    };
    await core.docent.accept(question);
    for (const [index, id] of ids.entries()) {
      await core.bot.posts(index + 1);
      await expect.poll(async () => (await inbox.openTurns()).length).toBe(0);
      expect(await core.docent.retry(id)).toBe(index < times);
    }
    await core.docent.messageDeleted(question.key);
    await expect.poll(() => core.options.jobs.list()).toEqual([]);
    expect(countTurns(core)).toEqual({});
    for (const id of ids) expect(core.engine.log).toContain(`forget ${id} in test:general`);
  });

  it("stops the try that is under way", async () => {
    const core = startCore();
    const question = sampleIncoming();
    core.engine.answer = () => {
      throw new DocentError("engine_unreachable", "The network is down.");
    };
    await core.docent.accept(question);
    await core.bot.posts(1);
    await expect.poll(async () => (await core.options.inbox.openTurns()).length).toBe(0);
    core.engine.answer = (_question, signal) => hang(signal);
    await core.docent.retry(toTurnId(question.key));
    await expect.poll(() => core.engine.log).toContain("wait for run-2");
    await core.docent.messageDeleted(question.key);
    await expect.poll(() => core.options.jobs.list()).toEqual([]);
    expect(core.engine.log).toContain("cancel run-2");
    expect(countTurns(core)).toEqual({});
  });
});

describe("a fresh conversation", () => {
  it("begins behind what was asked before, and before what is asked after", async () => {
    const core = startCore();
    const { promise: free, resolve } = Promise.withResolvers<void>();
    core.engine.answer = async ({ text }) => {
      if (text === "before") await free;
      return plainResult(text);
    };
    await core.docent.accept(sampleIncoming({ key: "k1", text: "before" }));
    expect(await give(core, "new")).toBeNull();
    await core.docent.accept(sampleIncoming({ key: "k2", text: "after" }));
    expect(core.engine.log).not.toContain("leave test:general");
    const reply = core.bot.nextReply();
    resolve();
    await core.bot.posts(2);
    expect((await reply).text).toContain("A fresh conversation");
    const steps = core.engine.log.filter((line) => !line.startsWith("forget"));
    expect(steps).toEqual(["start a run", "wait for run-1", "leave test:general", "start a run", "wait for run-2"]);
    await expect.poll(() => core.engine.log).toContain("forget test:general");
  });

  it("of a channel with guests begins in each of its two memories behind what was asked in that one", async () => {
    const core = startCore();
    const guest = { id: "u2", name: "Guest", isGuest: true };
    const asked = Promise.withResolvers<void>();
    const { promise: free, resolve } = Promise.withResolvers<void>();
    core.engine.answer = async ({ text }) => {
      asked.resolve();
      await free;
      return plainResult(text);
    };
    await core.docent.accept(sampleIncoming({ key: "k1", author: guest }));
    await asked.promise;
    const reply = core.bot.nextReply();
    expect(await give(core, "new")).toBeNull();
    await reply;
    expect(core.engine.log.filter((line) => line.startsWith("leave"))).toEqual(["leave test:general"]);
    resolve();
    await expect.poll(() => core.engine.log).toContain("forget test:general|apart");
    expect(core.engine.log).toContain("leave test:general|apart");
    expect(core.bot.replies).toHaveLength(1);
  });
});

describe("forgetting a channel", () => {
  it("takes what was there when it was asked for, and nothing that came later", async () => {
    const engine = createFlakyEngine();
    const clock = createManualClock();
    const core = startCore({ engines: [engine], clock });
    const old = sampleDocument({ id: "d_old" });
    await core.options.documents.add(old);
    const delayed = core.bot.nextReply();
    await give(core, "forget");
    await delayed;
    clock.advance(1);
    await core.options.documents.add(sampleDocument({ id: "d_new", name: "new.pdf" }));
    const post = core.bot.nextPost();
    await core.docent.accept(sampleIncoming({ key: "later" }));
    await post;
    engine.isUp = true;
    const done = core.bot.nextReply();
    clock.advance(60_000);
    expect((await done).text).toContain("1 document");
    expect((await core.docent.documents({ kind: "channel", key: channel.key })).map(({ id }) => id)).toEqual(["d_new"]);
    expect(countTurns(core)).toEqual({ answered: 1 });
  });

  it("stops what is under way, and does not bring it back when it is delivered again", async () => {
    const core = startCore();
    core.engine.answer = (_question, signal) => hang(signal);
    const running = core.bot.nextState("running");
    await core.docent.accept(sampleIncoming({ key: "k1" }));
    await running;
    await (
      await core.docent.forget(channel)
    ).done;
    expect(core.engine.log).toContain("cancel run-1");
    expect(await core.docent.accept(sampleIncoming({ key: "k1" }))).toMatchObject({ isNew: false });
    expect(countTurns(core)).toEqual({});
  });
});
