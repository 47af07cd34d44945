import { describe, expect, it } from "vitest";
import { listDocuments } from "../../src/core/commands/list-documents.ts";
import type { Attachment, Incoming } from "../../src/core/incoming.ts";
import { createScriptedEngine } from "../fakes/scripted-engine.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { startCore, type CoreUnderTest } from "../fakes/core-under-test.ts";
import { sampleIncoming } from "../fakes/sample-data.ts";

const GENERAL = { kind: "channel", key: "test:general" } as const;

let number = 0;

function file(core: CoreUnderTest, key: string, name: string, content: string): Attachment {
  core.bot.files.set(key, Buffer.from(content));
  return { key, name, sizeBytes: content.length, reference: null };
}

/** Asks, and returns the names of what the engine was given: what came with the question, then the rest. */
async function ask(core: CoreUnderTest, change: Partial<Incoming> = {}) {
  number += 1;
  const post = core.bot.nextPost();
  await core.docent.accept(sampleIncoming({ key: `m${number}`, sentAt: number, text: `q${number}`, ...change }));
  await post;
  const asked = core.engine.asked.at(-1);
  return {
    attached: asked?.attached.map(({ document }) => document.name),
    available: asked?.available.map(({ document }) => document.name),
    conversation: asked?.conversation,
  };
}

async function withKnowledge(): Promise<CoreUnderTest> {
  const core = startCore();
  const attachments = [file(core, "k", "handbook.txt", "Salaries are paid on the 25th.")];
  await core.docent.accept(sampleIncoming({ key: "knowledge", kind: "knowledge", attachments }));
  await expect.poll(() => core.engine.has.size).toBe(1);
  return core;
}

describe("team knowledge", () => {
  const { channel } = sampleIncoming();
  it.each([
    ["a member in a channel of the team", {}, true],
    ["a guest", { author: { id: "g1", name: null, isGuest: true } }, false],
    ["a member in a channel shared with others", { channel: { ...channel, isShared: true } }, false],
  ] as const)("is seen by %s: %3$s", async (_, change, isSeen) => {
    const core = await withKnowledge();
    const { available, conversation } = await ask(core, change);
    expect(available).toEqual(isSeen ? ["handbook.txt"] : []);
    // What was quoted of it must not be in the memory of whoever may not see it.
    expect(conversation).toBe(isSeen ? "test:general" : "test:general|apart");
  });
});

describe("the same bytes", () => {
  it("posted again in a channel are given to no engine again, under whatever name", async () => {
    const core = startCore();
    await ask(core, { attachments: [file(core, "f1", "lease.txt", "Ninety days.")] });
    const { attached } = await ask(core, { attachments: [file(core, "f2", "copy of lease.txt", "Ninety days.")] });
    expect(attached).toEqual(["lease.txt"]);
    expect(core.engine.log.filter((line) => line.startsWith("add"))).toEqual(["add lease.txt"]);
    expect((await core.docent.documents(GENERAL)).map(({ state, tokens }) => [state, tokens])).toEqual([
      ["ready", 12],
      ["ready", 12],
    ]);
  });

  it("posted twice in one message are read once", async () => {
    const core = startCore();
    const attachments = [file(core, "f1", "a.txt", "Ninety days."), file(core, "f2", "b.txt", "Ninety days.")];
    expect((await ask(core, { attachments })).attached).toHaveLength(1);
    expect(core.engine.log.filter((line) => line.startsWith("add"))).toHaveLength(1);
  });

  it("of another channel are another document", async () => {
    const core = startCore();
    await ask(core, { attachments: [file(core, "f1", "lease.txt", "Ninety days.")] });
    const channel = { key: "test:other", workspace: "test", isDirect: false, isShared: false };
    const attachments = [file(core, "f2", "lease.txt", "Ninety days.")];
    await ask(core, { channel, conversation: "test:other", attachments });
    expect(core.engine.has.size).toBe(2);
  });

  it("as team knowledge and in the channel are one document, the channel's", async () => {
    const core = await withKnowledge();
    const posted = file(core, "f1", "salaries.txt", "Salaries are paid on the 25th.");
    expect(await ask(core, { attachments: [posted] })).toMatchObject({ attached: ["salaries.txt"], available: [] });
    expect(await ask(core)).toMatchObject({ attached: [], available: ["salaries.txt"] });
    const [own] = await core.docent.documents(GENERAL);
    await (
      await core.docent.removeDocument(own?.id ?? "")
    )?.done;
    expect(await ask(core)).toMatchObject({ available: ["handbook.txt"] });
  });

  it("stay usable when the one that was read is deleted", async () => {
    const core = startCore();
    await ask(core, { attachments: [file(core, "f1", "lease.txt", "Ninety days.")] });
    await ask(core, { attachments: [file(core, "f2", "copy.txt", "Ninety days.")] });
    const [first] = await core.docent.documents(GENERAL);
    await (
      await core.docent.removeDocument(first?.id ?? "")
    )?.done;
    expect(core.engine.has.size).toBe(0);
    expect((await ask(core)).available).toEqual(["copy.txt"]);
    expect(core.engine.log.filter((line) => line.startsWith("add"))).toEqual(["add lease.txt", "add copy.txt"]);
  });
});

describe("the same bytes once more", () => {
  it("are read when the first are deleted between being found and being referred to", async () => {
    const core = startCore();
    const { documents } = core.options;
    await ask(core, { attachments: [file(core, "f1", "lease.txt", "Ninety days.")] });
    const [first] = await core.docent.documents(GENERAL);
    const update = documents.update.bind(documents);
    documents.update = async (id, change) => {
      if (change.sameAs === first?.id) {
        documents.update = update;
        await (
          await core.docent.removeDocument(first?.id ?? "")
        )?.done;
      }
      return await update(id, change);
    };
    const { attached } = await ask(core, { attachments: [file(core, "f2", "copy.txt", "Ninety days.")] });
    expect(attached).toEqual(["copy.txt"]);
    expect((await ask(core)).available).toEqual(["copy.txt"]);
  });

  it("are given to an engine that was set up since", async () => {
    const folder = temporaryFolder();
    const before = startCore({ folder });
    await ask(before, { attachments: [file(before, "f1", "lease.txt", "Ninety days.")] });
    await before.stop();
    const core = startCore({ folder, engines: [createScriptedEngine("newer"), createScriptedEngine()] });
    core.bot.files.set("f2", Buffer.from("Ninety days."));
    const key = `m${++number}`;
    const attachments = [{ key: "f2", name: "lease.txt", sizeBytes: null, reference: null }];
    await core.docent.accept(sampleIncoming({ key, sentAt: number, attachments }));
    await core.bot.posts(1);
    const [copy] = (await core.docent.documents(GENERAL)).filter(({ messageKey }) => messageKey === key);
    expect(copy).toMatchObject({ state: "ready", engines: ["scripted", "newer"] });
    expect(copy?.sameAs).toBeUndefined();
  });
});

describe("a file of the same name with other content", () => {
  it("replaces the older one in answers; both are listed, and the older one counts again when the newer is gone", async () => {
    const core = startCore();
    await ask(core, { attachments: [file(core, "f1", "Prices.txt", "One euro.")] });
    expect((await ask(core, { attachments: [file(core, "f2", "prices.txt", "Two euros.")] })).attached).toEqual([
      "prices.txt",
    ]);
    expect((await ask(core)).available).toEqual(["prices.txt"]);
    const documents = await core.docent.documents(GENERAL);
    const listed = listDocuments(documents, "en").split("\n");
    expect(listed[0]).toMatch(/Prices\.txt\*\* · 1 page · ready · replaced by a newer one · .* · Kim$/);
    expect(listed[1]).toMatch(/prices\.txt\*\* · 1 page · ready · Jan 1, 1970 · Kim$/);
    await (
      await core.docent.removeDocument(documents[1]?.id ?? "")
    )?.done;
    expect((await ask(core)).available).toEqual(["Prices.txt"]);
  });

  it("replaces nothing when it cannot be read", async () => {
    const core = startCore();
    await ask(core, { attachments: [file(core, "f1", "prices.txt", "One euro.")] });
    await ask(core, { attachments: [file(core, "f2", "prices.txt", "!file_broken")] });
    expect((await ask(core)).available).toEqual(["prices.txt"]);
  });
});
