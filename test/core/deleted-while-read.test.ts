import { stat } from "node:fs/promises";
import { afterAll, expect, describe, it } from "vitest";
import type { DocentOptions } from "../../src/core/docent.ts";
import type { Reader } from "../../src/core/ports/reader.ts";
import { createReader } from "../../src/readers/create-reader.ts";
import { startCore, type CoreUnderTest } from "../fakes/core-under-test.ts";
import { sampleIncoming } from "../fakes/sample-data.ts";
import { makePdf } from "../fixtures/make-pdf.ts";

const SCOPE = { kind: "channel", key: "test:general" } as const;
const ATTACHED = [{ key: "test:f1", name: "lease.pdf", sizeBytes: null, reference: { at: 1 } }];
const REMOVED = /^> ⚠️ “lease\.pdf” was deleted before I had read it/;

const reader = createReader();
afterAll(() => reader.stop());

/** Core whose documents somebody deletes just before the true reader opens them. */
async function startWithDeletion(change: Partial<DocentOptions> = {}): Promise<CoreUnderTest> {
  const core: CoreUnderTest = startCore({
    ...change,
    reader: {
      async read(...request: Parameters<Reader["read"]>) {
        await removeAll(core);
        await untilGone(request[0].path);
        return await reader.read(...request);
      },
      stop: () => Promise.resolve(),
    },
  });
  core.bot.files.set("test:f1", await makePdf(["Rent is due on the third."]));
  return core;
}

async function removeAll({ docent }: CoreUnderTest): Promise<void> {
  for (const { id } of await docent.documents(SCOPE)) await docent.removeDocument(id);
}

async function untilGone(path: string): Promise<void> {
  await expect.poll(() => stat(path).catch(() => null)).toBeNull();
}

async function settled({ docent, options }: CoreUnderTest): Promise<void> {
  await expect.poll(async () => (await options.inbox.openTurns()).length).toBe(0);
  await expect.poll(() => docent.documents(SCOPE)).toEqual([]);
  await expect.poll(() => options.documents.retired()).toEqual([]);
}

async function expectAnswerWithout(core: CoreUnderTest): Promise<void> {
  await core.docent.accept(sampleIncoming({ text: "When is rent due?", attachments: ATTACHED }));
  await core.bot.posts(1);
  const [answer] = core.bot.posted;
  expect(answer?.text).toMatch(REMOVED);
  expect(answer?.text).toContain("Answer to: When is rent due?");
  await settled(core);
}

describe("a file that somebody deletes while it is read", () => {
  it("lets its question be answered without it, and says so: the file is not called damaged", async () => {
    const core = await startWithDeletion();
    await expectAnswerWithout(core);
    expect(core.engine.asked.map(({ attached }) => attached)).toEqual([[]]);
    expect([...core.engine.has]).toEqual([]);
  });

  it.each(["asked", "at-once"] as const)(
    "is passed over in silence where nobody asked about it (%s)",
    async (readUploads) => {
      const core = await startWithDeletion({ readUploads });
      await core.docent.accept(sampleIncoming({ kind: "note", text: "", attachments: ATTACHED }));
      await core.docent.accept(sampleIncoming({ key: "test:m2", text: "Hello?" }));
      await core.bot.posts(1);
      await settled(core);
      expect(core.bot.posted.map(({ text }) => text)).toEqual(["Answer to: Hello?"]);
    },
  );

  it("does not make the question fail when it is the engine that finds it gone", async () => {
    const core = startCore();
    core.bot.files.set("test:f1", Buffer.from("Rent is due on the third."));
    core.engine.onAdd = async () => {
      await removeAll(core);
      throw new Error("ENOENT: no such file");
    };
    await expectAnswerWithout(core);
    expect(core.engine.asked).toHaveLength(1);
  });
});
