import { afterAll, describe, expect, it } from "vitest";
import type { Document } from "../../src/core/document.ts";
import type { Incoming } from "../../src/core/incoming.ts";
import { createReader } from "../../src/readers/create-reader.ts";
import { startCore, type CoreUnderTest } from "../fakes/core-under-test.ts";
import { sampleIncoming } from "../fakes/sample-data.ts";
import { makeWindowsProgram } from "../fixtures/make-windows-program.ts";
import { makeZip } from "../fixtures/make-zip.ts";

const SCOPE = { kind: "channel", key: "test:general" } as const;
const FILES = { "rules/leave.md": "# Leave\nFifteen days.", "rent.txt": "Rent is due on the third." };

const reader = createReader();
afterAll(() => reader.stop());

/** Core with the true reader, and an archive that the platform holds. */
function startWithArchive(bytes: Uint8Array): CoreUnderTest {
  const core = startCore({ reader });
  core.bot.files.set("test:f1", bytes);
  return core;
}

async function askWithArchive(core: CoreUnderTest): Promise<void> {
  await ask(core, {
    key: "test:m1",
    attachments: [{ key: "test:f1", name: "docs.zip", sizeBytes: null, reference: { at: 1 } }],
  });
}

/** Asks, and waits until there is one message more and nothing is under way. */
async function ask(core: CoreUnderTest, change: Partial<Incoming>): Promise<void> {
  const before = core.bot.posted.length;
  await core.docent.accept(sampleIncoming(change));
  await core.bot.posts(before + 1);
  await expect.poll(async () => (await core.options.inbox.openTurns()).length).toBe(0);
}

function namesOf(documents: readonly Pick<Document, "name">[]): string[] {
  return documents.map(({ name }) => name).toSorted();
}

describe("an archive", () => {
  it("becomes a document for each file in it, and engines are given those alone", async () => {
    const core = startWithArchive(makeZip(FILES));
    await askWithArchive(core);
    expect(namesOf(core.engine.asked[0]?.attached.map(({ document }) => document) ?? [])).toEqual([
      "docs.zip/rent.txt",
      "docs.zip/rules/leave.md",
    ]);
    expect(core.engine.log.filter((line) => line.startsWith("add"))).toHaveLength(2);
    const documents = await core.docent.documents(SCOPE);
    expect(documents.map(({ name, state }) => [name, state])).toEqual([
      ["docs.zip", "ready"],
      ["docs.zip/rules/leave.md", "ready"],
      ["docs.zip/rent.txt", "ready"],
    ]);
    const inner = documents.find(({ name }) => name.endsWith("leave.md"));
    expect(inner).toMatchObject({
      unit: "line",
      messageKey: "test:m1",
      reference: { at: 1 },
      type: { extension: "md" },
    });
    expect(await core.options.documents.pages(inner?.id ?? "")).toEqual([{ number: 1, text: FILES["rules/leave.md"] }]);
  });

  it("is unpacked once, and later questions have its files", async () => {
    const core = startWithArchive(makeZip(FILES));
    await askWithArchive(core);
    core.bot.files.clear();
    await ask(core, { key: "test:m2" });
    expect(namesOf(core.engine.asked[1]?.available.map(({ document }) => document) ?? [])).toEqual([
      "docs.zip/rent.txt",
      "docs.zip/rules/leave.md",
    ]);
  });

  it("is unpacked to its end after a crash in the middle", async () => {
    const core = startWithArchive(makeZip(FILES));
    const add = core.options.documents.add.bind(core.options.documents);
    let isDying = true;
    core.options.documents.add = async (document) => {
      if (document.name.endsWith("rent.txt") && isDying) {
        isDying = false;
        throw new Error("killed");
      }
      return await add(document);
    };
    await askWithArchive(core);
    expect(namesOf(await core.docent.documents(SCOPE))).toEqual(["docs.zip", "docs.zip/rules/leave.md"]);
    await ask(core, { key: "test:m2" });
    expect(namesOf(await core.docent.documents(SCOPE))).toEqual([
      "docs.zip",
      "docs.zip/rent.txt",
      "docs.zip/rules/leave.md",
    ]);
  });

  it("takes its files with it when it is removed", async () => {
    const core = startWithArchive(makeZip(FILES));
    await askWithArchive(core);
    const [archive] = await core.docent.documents(SCOPE);
    await (
      await core.docent.removeDocument(archive?.id ?? "")
    )?.done;
    expect(await core.docent.documents(SCOPE)).toEqual([]);
    expect([...core.engine.has]).toEqual([]);
    expect(await core.options.blobs.list(Date.now() + 60_000)).toEqual([]);
  });

  it("goes with all its files when its message is deleted", async () => {
    const core = startWithArchive(makeZip(FILES));
    await askWithArchive(core);
    await core.docent.messageDeleted("test:m1");
    await expect.poll(() => core.docent.documents(SCOPE)).toEqual([]);
    await expect.poll(() => [...core.engine.has]).toEqual([]);
  });

  it("leaves nothing behind when it is deleted while it is unpacked", async () => {
    const core = startWithArchive(makeZip(FILES));
    const add = core.options.documents.add.bind(core.options.documents);
    core.options.documents.add = async (document) => {
      const added = await add(document);
      if (document.containerId !== undefined) await core.options.documents.retire(document.containerId);
      return added;
    };
    await askWithArchive(core);
    expect(await core.docent.documents(SCOPE)).toEqual([]);
    expect(await core.options.blobs.list(Date.now() + 60_000)).toHaveLength(1);
  });

  it("keeps a file of it removed that somebody removed by itself", async () => {
    const core = startWithArchive(makeZip(FILES));
    await askWithArchive(core);
    const documents = await core.docent.documents(SCOPE);
    const rent = documents.find(({ name }) => name.endsWith("rent.txt"));
    await (
      await core.docent.removeDocument(rent?.id ?? "")
    )?.done;
    await core.options.documents.update(documents[0]?.id ?? "", { state: "noted" });
    await ask(core, { key: "test:m2" });
    expect(namesOf(await core.docent.documents(SCOPE))).toEqual(["docs.zip", "docs.zip/rules/leave.md"]);
  });

  it("says once which of its files are of types that nobody reads", async () => {
    const core = startWithArchive(makeZip({ ...FILES, "setup.exe": makeWindowsProgram() }));
    await askWithArchive(core);
    expect(core.bot.posted.map(({ text }) => text)).toEqual([
      expect.stringContaining("1 file in “docs.zip” is of a type I don’t read, so I left it out."),
    ]);
    await ask(core, { key: "test:m2" });
    expect(core.bot.posted[1]?.text).not.toContain("docs.zip");
  });

  it("is refused in a sentence when it holds too much, and nothing of it is kept", async () => {
    const files = Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`${index}.txt`, "x"]));
    const core = startWithArchive(makeZip(files));
    await askWithArchive(core);
    expect(core.bot.posted[0]?.text).toContain("“docs.zip” holds more than 200 files.");
    expect(await core.docent.documents(SCOPE)).toMatchObject([{ state: "failed" }]);
  });
});
