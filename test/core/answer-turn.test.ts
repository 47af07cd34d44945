import { utimes } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { DocentError } from "../../src/core/errors.ts";
import type { Attachment, Incoming } from "../../src/core/incoming.ts";
import type { OutgoingMessage } from "../../src/core/ports/bot.ts";
import { countTurns, startCore, type CoreUnderTest } from "../fakes/core-under-test.ts";
import { sampleIncoming, sampleTurn } from "../fakes/sample-data.ts";
import { createScriptedEngine, hang, plainResult } from "../fakes/scripted-engine.ts";

let number = 0;

function ask(text: string, change: Partial<Incoming> = {}): Incoming {
  number += 1;
  return sampleIncoming({ key: `test:general:${number}`, text, ...change });
}

function fileOf(core: CoreUnderTest, name: string, content: string, change: Partial<Attachment> = {}): Attachment {
  core.bot.files.set(`test:${name}`, Buffer.from(content));
  return { key: `test:${name}`, name, sizeBytes: content.length, reference: null, ...change };
}

async function answerTo(core: CoreUnderTest, incoming: Incoming): Promise<OutgoingMessage> {
  const next = core.bot.nextPost();
  await core.docent.accept(incoming);
  return await next;
}

describe("a question", () => {
  it("is answered once, however often it is delivered", async () => {
    const core = startCore();
    const incoming = ask("What is it?");
    const answered = core.bot.nextState("answered");
    expect((await core.docent.accept(incoming)).isNew).toBe(true);
    await answered;
    expect((await core.docent.accept(incoming)).isNew).toBe(false);
    expect(core.bot.posted.map(({ text }) => text)).toEqual(["Answer to: What is it?"]);
    expect(core.engine.asked).toHaveLength(1);
  });

  it("is answered from the file that came with it, with the page found for a source", async () => {
    const core = startCore();
    core.engine.answer = ({ attached }) => {
      const documentId = attached[0]?.document.id ?? "";
      const passage = "The notice   period is ninety days after receipt";
      return plainResult("It is ninety days.", { sources: [{ documentId, at: 17, page: null, passage }] });
    };
    const lease = fileOf(core, "lease.txt", "Parties and terms\fThe notice period is ninety days after receipt.");
    const answer = await answerTo(core, ask("How long?", { attachments: [lease] }));
    expect(answer.text).toBe("It is ninety days [1].");
    expect(answer.citations).toEqual([
      {
        documentId: expect.stringMatching(/^d_/),
        document: "lease.txt",
        place: { unit: "page", number: 2 },
        quote: "The notice period is ninety days after receipt.",
      },
    ]);
  });

  it("is answered from a file that was posted earlier without a word, read only now and only once", async () => {
    const core = startCore();
    const note = ask("", { kind: "note", attachments: [fileOf(core, "lease.txt", "ninety days")] });
    const accepted = await core.docent.accept(note);
    expect(accepted.documents.map(({ state }) => state)).toEqual(["noted"]);
    await answerTo(core, ask("How long?"));
    await answerTo(core, ask("And then?"));
    expect(core.engine.log.filter((line) => line.startsWith("add"))).toEqual(["add lease.txt"]);
    expect(core.engine.asked.map(({ available }) => available.map(({ document }) => document.name))).toEqual([
      ["lease.txt"],
      ["lease.txt"],
    ]);
  });

  it("is told what is wrong with each of its files, and answered all the same", async () => {
    const core = startCore();
    const attachments = [
      fileOf(core, "good.txt", "fine"),
      fileOf(core, "bad.pdf", "!file_broken"),
      fileOf(core, "big.txt", "x".repeat(1024 * 1024 + 1)),
      fileOf(core, "refused.exe", "", {
        problem: { code: "file_unsupported", details: { name: "refused.exe", type: "EXE" } },
      }),
      { key: "test:gone", name: "gone.pdf", sizeBytes: null, reference: null },
    ];
    const answer = await answerTo(core, ask("What do they say?", { attachments }));
    expect(answer.kind).toBe("answer");
    for (const expected of [
      "“bad.pdf”",
      "“big.txt” is larger than 1 MB",
      "“refused.exe”",
      "“gone.pdf”",
      "Answer to:",
    ]) {
      expect(answer.text).toContain(expected);
    }
    expect(core.engine.asked[0]?.attached.map(({ document }) => document.name)).toEqual(["good.txt"]);
    const next = await answerTo(core, ask("And now?"));
    expect(next.text).toBe("Answer to: And now?");
  });

  it("is not answered from other documents when none of its own files can be used", async () => {
    const core = startCore();
    await core.docent.accept(ask("", { kind: "note", attachments: [fileOf(core, "other.txt", "ninety days")] }));
    const attachments = [fileOf(core, "bad.pdf", "!file_broken"), fileOf(core, "locked.pdf", "!file_encrypted")];
    const answer = await answerTo(core, ask("And this one?", { attachments }));
    expect(answer.text).toMatch(/“bad\.pdf”[^]*“locked\.pdf”[^]*I have not answered from other documents/);
    expect([answer.kind, answer.citations]).toEqual(["notice", []]);
    expect(core.engine.asked).toEqual([]);
    expect((await answerTo(core, ask("And the other?"))).text).toBe("Answer to: And the other?");
  });

  it("is answered when its file is the same as one that is here already", async () => {
    const core = startCore();
    await answerTo(core, ask("1", { attachments: [fileOf(core, "lease.txt", "ninety days")] }));
    await answerTo(core, ask("2", { attachments: [fileOf(core, "copy.txt", "ninety days")] }));
    expect(core.engine.asked).toHaveLength(2);
  });

  it.for([
    ["Korean in an English browser", "보증금은 얼마인가요?", "en-US", "ko"],
    ["Korean with English names", "OpenAI API key는 어디에 있나요?", "en-US", "ko"],
    ["Japanese in an English browser", "敷金はいくらですか?", "en-US", "ja"],
    ["English about a Korean word in an English browser", "What does 보증금 mean here?", "en-US", "en-US"],
    ["English in a Korean browser", "How long?", "ko-KR", "ko-KR"],
    ["Chinese, which could be Japanese", "押金多少", "en-US", "en-US"],
  ] as const)("has our sentences in its own language: %s", async ([, text, locale, expected]) => {
    const core = startCore();
    await answerTo(core, ask(text, { locale }));
    expect(core.engine.asked.map((question) => question.locale)).toEqual([expected]);
  });

  it("has our sentences in the language that is set", async () => {
    const core = startCore({ language: "en" });
    await answerTo(core, ask("보증금은 얼마인가요?", { locale: "ko-KR" }));
    expect(core.engine.asked.map((question) => question.locale)).toEqual(["en"]);
  });

  it("does not see documents of another channel, and sees the team's only where that is allowed", async () => {
    const core = startCore();
    const channel = (key: string, isShared = false) => ({ key, workspace: "w", isDirect: false, isShared });
    const at = (key: string, isShared = false) => ({ channel: channel(key, isShared), conversation: key });
    await answerTo(core, ask("1", { ...at("a"), attachments: [fileOf(core, "secret.txt", "a")] }));
    await core.docent.accept(
      ask("", { ...at("k"), kind: "knowledge", attachments: [fileOf(core, "handbook.txt", "h")] }),
    );
    await answerTo(core, ask("2", at("b")));
    await answerTo(core, ask("3", at("c", true)));
    const seen = core.engine.asked.map(({ attached, available }) =>
      [...attached, ...available].map(({ document }) => document.name),
    );
    expect(seen).toEqual([["secret.txt"], ["handbook.txt"], []]);
  });

  it("gets its turns in order within a conversation, while another conversation goes on", async () => {
    const core = startCore();
    const release = Promise.withResolvers<void>();
    core.engine.answer = async (question) => {
      if (question.text === "slow") await release.promise;
      return plainResult(question.text);
    };
    const other = { key: "test:other", workspace: "test", isDirect: false, isShared: false };
    await core.docent.accept(ask("slow"));
    const queued = await core.docent.accept(ask("behind"));
    expect(queued.turn).toMatchObject({ state: "queued", position: 1, detail: "Waiting: 1 question before yours" });
    await answerTo(core, ask("elsewhere", { channel: other, conversation: other.key }));
    expect(core.bot.posted.map(({ text }) => text)).toEqual(["elsewhere"]);
    release.resolve();
    await core.bot.posts(3);
    expect(core.bot.posted.map(({ text }) => text)).toEqual(["elsewhere", "slow", "behind"]);
  });

  it("that fails ends in one message that says what to do, in the asker's language", async () => {
    const core = startCore();
    core.engine.answer = () => {
      throw new DocentError("out_of_credit", "429 credit_balance_exhausted");
    };
    const answer = await answerTo(core, ask("얼마?", { locale: "ko-KR" }));
    expect(answer).toMatchObject({ kind: "error", text: expect.stringContaining("잔액이 없습니다") });
  });

  it("shows passages of the engine that stands in when the model is out of reach", async () => {
    const standIn = createScriptedEngine("stand-in");
    standIn.answer = ({ available }) =>
      plainResult("> ninety days", {
        sources: [{ documentId: available[0]?.document.id ?? "", at: 13, page: 1, passage: "ninety days" }],
      });
    const engine = createScriptedEngine();
    engine.answer = () => {
      throw new DocentError("engine_unreachable", "connection refused");
    };
    const core = startCore({ engines: [engine, standIn] });
    await core.docent.accept(ask("", { kind: "note", attachments: [fileOf(core, "lease.txt", "ninety days")] }));
    const answer = await answerTo(core, ask("How long?"));
    expect(answer.text).toContain("I can’t reach the model right now.");
    expect(answer.text).toContain("these passages from the documents look relevant:\n\n> ninety days [1]");
    expect(answer.citations[0]?.place).toEqual({ unit: "page", number: 1 });
  });

  it("whose file the engine cannot take right now can be asked again with success", async () => {
    const core = startCore();
    core.engine.onAdd = () => {
      core.engine.onAdd = () => undefined;
      throw new DocentError("engine_unreachable", "connection refused");
    };
    const first = await answerTo(core, ask("How long?", { attachments: [fileOf(core, "lease.txt", "ninety")] }));
    expect(first.kind).toBe("error");
    await answerTo(core, ask("How long?"));
    expect(core.engine.asked.at(-1)?.available.map(({ document }) => document.name)).toEqual(["lease.txt"]);
  });

  it("is stopped when somebody presses stop: its run is cancelled and that is said", async () => {
    const core = startCore();
    core.engine.answer = (_question, signal) => hang(signal);
    const running = core.bot.nextState("running");
    await core.docent.accept(ask("Long one?"));
    const { id } = await running;
    const next = core.bot.nextPost();
    const over = core.bot.nextState("cancelled");
    expect(await core.docent.cancel(id)).toBe(true);
    expect(await next).toMatchObject({ kind: "notice", text: "Stopped." });
    await over;
    expect(core.engine.log.at(-1)).toBe("cancel run-1");
    expect(await core.docent.cancel(id)).toBe(false);
  });

  it("that waits in the queue can be stopped as well, and is never asked of the engine", async () => {
    const core = startCore();
    core.engine.answer = (_question, signal) => hang(signal);
    const running = core.bot.nextState("running");
    await core.docent.accept(ask("first"));
    const first = await running;
    const { turn } = await core.docent.accept(ask("second"));
    await core.docent.cancel(turn?.id ?? "");
    expect((await core.docent.turn(turn?.id ?? ""))?.state).toBe("cancelled");
    const both = core.bot.nextState("cancelled").then(() => core.bot.nextState("cancelled"));
    await core.docent.cancel(first.id);
    await both;
    expect(core.engine.asked.map(({ text }) => text)).toEqual(["first"]);
  });

  it("says that it was stopped also when the process died before it could (the message was lost)", async () => {
    const core = startCore();
    const incoming = ask("Long one?");
    const next = core.bot.nextPost();
    const over = core.bot.nextState("cancelled");
    await core.options.inbox.add({
      ...sampleTurn(incoming),
      state: "running",
      cancelRequested: true,
      answer: { kind: "notice", text: "Stopped.", citations: [], usage: null },
      error: { code: "cancelled", details: {} },
    });
    expect(await next).toMatchObject({ kind: "notice", text: "Stopped." });
    expect((await over).id).toBe(sampleTurn(incoming).id);
  });

  it("goes on with its saved run after a restart, and is not asked twice", async () => {
    const before = startCore();
    before.engine.answer = (_question, signal) => hang(signal);
    const waiting = before.bot.nextState("running");
    await before.docent.accept(ask("Long one?"));
    await waiting;
    while (before.engine.asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await before.stop();
    expect(before.bot.posted).toEqual([]);

    const after = startCore({ folder: before.folder });
    expect(await after.bot.nextPost()).toMatchObject({ text: "Answer to: Long one?" });
    expect(after.engine.log).toEqual(["wait for run-1"]);
  });

  it("makes the engine look first when a crash came between asking for a run and saving its id", async () => {
    const before = startCore();
    before.engine.onStart = (_question, signal) => hang(signal);
    const waiting = before.bot.nextState("running");
    await before.docent.accept(ask("Long one?"));
    const { id } = await waiting;
    // As a crash leaves it: a second process opens a copy of the file as it is now.
    const turn = await before.options.inbox.get(id);
    const after = startCore();
    if (turn === undefined) throw new Error("The turn was not saved.");
    await after.options.inbox.add(turn);
    await after.bot.nextPost();
    expect(after.engine.log).toEqual(["look for a run", "wait for run-1"]);
  });

  it("is posted again with the same id when the platform failed, until it is there", async () => {
    let tries = 0;
    const core = startCore({
      clock: {
        now: () => 1_000,
        steady: () => 1_000,
        sleep: (ms) => (ms < 5_000 ? Promise.resolve() : new Promise(() => undefined)),
      },
    });
    core.bot.onSend = () => {
      tries += 1;
      if (tries < 3) throw new Error("502");
    };
    const answer = await answerTo(core, ask("What?"));
    expect(tries).toBe(3);
    expect(answer.text).toBe("Answer to: What?");
  });
});

describe("a long answer", () => {
  it("is posted in parts that fit, each once, and goes on behind the last one after a crash", async () => {
    const paragraph = (count: number): string => `Paragraph ${count} ${"word ".repeat(30).trim()}.`;
    const text = [1, 2, 3].map(paragraph).join("\n\n");
    const before = startCore();
    before.bot.maxMessageCharacters = 200;
    before.engine.answer = () => plainResult(text);
    before.bot.onSend = ({ part }) => {
      if (part === 2) void before.docent.stop();
      if (part === 2) throw new Error("The process ended here.");
    };
    await before.docent.accept(ask("long"));
    await before.bot.posts(1);
    await before.stop();
    expect(before.bot.posted.map((message) => message.text)).toEqual([paragraph(1)]);

    const after = startCore({ folder: before.folder, bots: new Map([["test", before.bot]]) });
    before.bot.onSend = () => undefined;
    await before.bot.posts(3);
    expect(before.bot.posted.map(({ text: posted, part, parts }) => [posted, part, parts])).toEqual([
      [paragraph(1), 1, 3],
      [paragraph(2), 2, 3],
      [paragraph(3), 3, 3],
    ]);
    expect(after.engine.asked).toEqual([]);
  });
});

describe("files without a question", () => {
  it("are checked at once where their bytes are here, and what is wrong is said", async () => {
    const core = startCore();
    await core.options.blobs.write("b1", blobOf("!file_encrypted"), { maxBytes: 99 });
    const file = fileOf(core, "locked.pdf", "", { blobId: "b1" });
    const notice = await answerTo(core, ask("", { kind: "note", attachments: [file] }));
    expect(notice).toMatchObject({
      kind: "notice",
      text: expect.stringContaining("“locked.pdf” is protected with a password"),
    });
  });

  it("that the bot refused itself are named as well", async () => {
    const core = startCore();
    const problem = { code: "too_many_files", details: { name: "51.txt", max: 50 } } as const;
    const file = fileOf(core, "51.txt", "", { problem });
    const notice = await answerTo(core, ask("", { kind: "note", attachments: [file] }));
    expect(notice.text).toContain("more than 50 files at once, so I left “51.txt” out");
  });

  it("become known with their pages and cost nothing until somebody asks", async () => {
    const core = startCore();
    await core.options.blobs.write("b1", blobOf("one\ftwo"), { maxBytes: 99 });
    const note = ask("", { kind: "note", attachments: [fileOf(core, "ok.txt", "", { blobId: "b1" })] });
    await core.docent.accept(note);
    await answerTo(core, ask("next", { attachments: [] }));
    const [document] = await core.docent.documents({ kind: "channel", key: "test:general" });
    expect(document).toMatchObject({ pages: 2, state: "ready" });
    expect(core.bot.posted.map(({ text }) => text)).toEqual(["Answer to: next"]);
  });

  it("are read at once when READ_UPLOADS says so, and refused when it is off", async () => {
    const atOnce = startCore({ readUploads: "at-once" });
    const added = new Promise<void>((resolve) => (atOnce.engine.onAdd = () => resolve()));
    await atOnce.docent.accept(ask("", { kind: "note", attachments: [fileOf(atOnce, "a.txt", "a")] }));
    await added;
    const off = startCore({ readUploads: "off" });
    const note = ask("", { kind: "note", attachments: [fileOf(off, "a.txt", "a")] });
    await expect(off.docent.accept(note)).rejects.toMatchObject({ code: "uploads_off" });
  });
});

describe("what cannot be accepted", () => {
  it.for([
    ["an empty question", { text: "  " }, "question_empty"],
    ["an endless question", { text: "x".repeat(50_000) }, "question_too_long"],
  ] as const)("%s is refused with its reason", async ([, change, code]) => {
    const core = startCore();
    await expect(core.docent.accept(ask("", change))).rejects.toMatchObject({ code });
  });

  it("is everything, once Docent stops", async () => {
    const core = startCore();
    await core.stop();
    await expect(core.docent.accept(ask("late"))).rejects.toMatchObject({ code: "stopping" });
  });
});

describe("deleting", () => {
  it("a document removes it from engine, text and bytes, and later answers do not use it", async () => {
    const core = startCore();
    await answerTo(core, ask("1", { attachments: [fileOf(core, "a.txt", "secret")] }));
    const [document] = await core.docent.documents({ kind: "channel", key: "test:general" });
    const id = document?.id ?? "";
    await (
      await core.docent.removeDocument(id)
    )?.done;
    expect(await core.docent.removeDocument(id)).toBeUndefined();
    expect(core.engine.has.size).toBe(0);
    expect(await core.options.documents.pages(id)).toEqual([]);
    expect(await core.options.blobs.has(id)).toBe(false);
    await answerTo(core, ask("2"));
    expect(core.engine.asked.at(-1)?.available).toEqual([]);
  });

  it("a message takes its documents with it and stops its turn", async () => {
    const core = startCore();
    core.engine.answer = (_question, signal) => hang(signal);
    const running = core.bot.nextState("running");
    const incoming = ask("1", { attachments: [fileOf(core, "a.txt", "secret")] });
    await core.docent.accept(incoming);
    await running;
    const stopped = core.bot.nextState("cancelled");
    await core.docent.messageDeleted(incoming.key);
    await stopped;
    await expect.poll(() => core.docent.documents({ kind: "channel", key: "test:general" })).toEqual([]);
    await expect.poll(() => core.engine.has.size).toBe(0);
  });

  it("a channel forgets turns, documents and conversations, also what is open", async () => {
    const core = startCore();
    await answerTo(core, ask("1", { attachments: [fileOf(core, "a.txt", "secret")] }));
    core.engine.answer = (_question, signal) => hang(signal);
    const running = core.bot.nextState("running");
    const hanging = ask("2");
    await core.docent.accept(hanging);
    await running;
    await core.docent.accept(ask("3"));
    const { done } = await core.docent.forget(hanging.channel);
    expect(await done).toEqual({ messages: 3, documents: 1, conversations: 1 });
    expect(core.engine.log).toContain("forget test:general");
    expect(countTurns(core)).toEqual({});
  });
});

describe("starting", () => {
  it("removes uploads that a crash cut off, and keeps the files of documents", async () => {
    const before = startCore();
    await before.options.blobs.write("kept", blobOf("one"), { maxBytes: 99 });
    await before.options.blobs.write("cut-off", blobOf("two"), { maxBytes: 99 });
    await before.docent.accept(
      ask("", { kind: "note", attachments: [fileOf(before, "a.txt", "", { blobId: "kept" })] }),
    );
    await before.stop();
    for (const id of ["kept", "cut-off"]) await utimes(path.join(before.folder, "files", id), 1, 1);
    const after = startCore({ folder: before.folder });
    while (await after.options.blobs.has("cut-off")) await new Promise((resolve) => setImmediate(resolve));
    expect(await after.options.blobs.has("kept")).toBe(true);
  });
});

async function* blobOf(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}
