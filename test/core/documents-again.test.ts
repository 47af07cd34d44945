import { describe, expect, it } from "vitest";
import { startCore } from "../fakes/core-under-test.ts";
import { sampleIncoming } from "../fakes/sample-data.ts";
import { createScriptedEngine } from "../fakes/scripted-engine.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";

describe("a document that could not be used at first", () => {
  it("is fetched when somebody shares it once more", async () => {
    const core = startCore();
    const attachments = [{ key: "test:f9", name: "lease.txt", sizeBytes: null, reference: null }];
    await core.docent.accept(sampleIncoming({ key: "test:m1", attachments }));
    await core.bot.posts(1);
    expect(core.bot.posted[0]?.text).toContain("I couldn’t fetch “lease.txt”");
    core.bot.files.set("test:f9", Buffer.from("Rent is due."));
    await core.docent.accept(sampleIncoming({ key: "test:m2", attachments }));
    await core.bot.posts(2);
    expect(core.engine.asked.map(({ attached }) => attached.map(({ document }) => document.name))).toEqual([
      ["lease.txt"],
    ]);
  });

  it("can be waited for by a question that somebody then stops", async () => {
    const core = startCore();
    core.bot.files.set("test:f9", Buffer.from("Rent is due."));
    const reading = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    core.engine.onAdd = () => {
      reading.resolve();
      return goOn.promise;
    };
    const attachments = [{ key: "test:f9", name: "lease.txt", sizeBytes: null, reference: null }];
    await core.docent.accept(sampleIncoming({ key: "test:m1", conversation: "c1", attachments }));
    await reading.promise;
    const { turn } = await core.docent.accept(sampleIncoming({ key: "test:m2", conversation: "c2" }));
    const stateOf = async (): Promise<string | undefined> => (await core.docent.turn(turn?.id ?? ""))?.state;
    await expect.poll(stateOf).toBe("reading");
    await core.docent.cancel(turn?.id ?? "");
    await expect.poll(stateOf).toBe("cancelled");
    goOn.resolve();
    await core.bot.posts(2);
    expect(core.engine.asked).toHaveLength(1);
  });

  it("is read when there is a model that can see it: a scan", async () => {
    const folder = temporaryFolder();
    const attachments = [{ key: "test:f9", name: "scan.pdf", sizeBytes: null, reference: null }];
    const local = {
      ...createScriptedEngine("local"),
      problemWith: () => ({ code: "file_scanned", details: {} }) as const,
    };
    const before = startCore({ folder, engines: [local] });
    before.bot.files.set("test:f9", Buffer.from("Rent is due."));
    await before.docent.accept(sampleIncoming({ key: "test:m1", attachments }));
    await before.bot.posts(1);
    expect(before.bot.posted[0]?.text).toContain("it looks like a scan");
    await before.stop();
    const core = startCore({ folder, engines: [createScriptedEngine("seeing"), createScriptedEngine("local")] });
    await expect
      .poll(async () => (await core.docent.documents({ kind: "channel", key: "test:general" }))[0]?.problem)
      .toBeNull();
    await core.docent.accept(sampleIncoming({ key: "test:m2", text: "What does it say?" }));
    await core.bot.posts(1);
    const [{ state } = { state: "none" }] = await core.docent.documents({ kind: "channel", key: "test:general" });
    expect(state).toBe("ready");
  });
});
