import { describe, expect, it } from "vitest";
import { DocentError } from "../../src/core/errors.ts";
import { toTurnId } from "../../src/core/ids.ts";
import type { Attachment } from "../../src/core/incoming.ts";
import { startCore, type CoreUnderTest } from "../fakes/core-under-test.ts";
import { sampleIncoming } from "../fakes/sample-data.ts";
import { createScriptedEngine, plainResult, type ScriptedEngine } from "../fakes/scripted-engine.ts";

/** A model that can be out of reach, and an engine behind it that quotes whatever it was given. */
function setUp(change: Parameters<typeof startCore>[0] = {}): { core: CoreUnderTest; model: ScriptedEngine } {
  const model = createScriptedEngine("model");
  const standIn = createScriptedEngine("stand-in");
  standIn.answer = ({ attached, available }) =>
    plainResult("> ninety days", {
      sources: [...attached, ...available].map(({ document }) => ({
        documentId: document.id,
        at: null,
        page: 1,
        passage: null,
      })),
    });
  return { core: startCore({ engines: [model, standIn], ...change }), model };
}

function goAway(model: ScriptedEngine): void {
  model.onAdd = () => {
    throw new DocentError("engine_unreachable", "Nobody there.");
  };
}

function fileOf(core: CoreUnderTest, name: string): Attachment {
  core.bot.files.set(`test:${name}`, Buffer.from("The notice period is ninety days."));
  return { key: `test:${name}`, name, sizeBytes: null, reference: null };
}

describe("a document that is posted while the model is out of reach", () => {
  it("is quoted at once, and given to the model with the next question, without being posted again", async () => {
    const { core, model } = setUp();
    goAway(model);
    const posted = core.bot.nextPost();
    const attachments = [fileOf(core, "lease.txt")];
    await core.docent.accept(sampleIncoming({ key: "test:general:1", text: "How long?", attachments }));
    const error = await posted;
    expect(error).toMatchObject({ kind: "error", canRetry: true });
    expect(error.text).toContain("these passages from the documents look relevant:\n\n> ninety days");
    expect(error.citations.map(({ document }) => document)).toEqual(["lease.txt"]);

    model.onAdd = () => undefined;
    const again = core.bot.nextPost();
    expect(await core.docent.retry(error.turnId)).toBe(true);
    expect((await again).kind).toBe("answer");
    expect(model.has.size).toBe(1);
    expect(model.asked[0]?.available.map(({ document }) => document.name)).toEqual(["lease.txt"]);
  });

  it("was announced as an error in channels where files are read at once: now it waits for the next question", async () => {
    const { core, model } = setUp({ readUploads: "at-once" });
    goAway(model);
    const attachments = [fileOf(core, "lease.txt")];
    await core.docent.accept(sampleIncoming({ key: "test:general:1", kind: "note", text: "", attachments }));
    // The next one of the conversation is only begun when the note is over.
    const posted = core.bot.nextPost();
    await core.docent.accept(sampleIncoming({ key: "test:general:2", text: "How long?" }));
    expect((await posted).text).toContain("ninety days");
    const note = await core.options.inbox.get(toTurnId("test:general:1"));
    expect(note).toMatchObject({ state: "answered", error: null });
    expect(core.bot.posted).toHaveLength(1);

    model.onAdd = () => undefined;
    const answered = core.bot.nextPost();
    await core.docent.accept(sampleIncoming({ key: "test:general:3", text: "How long?" }));
    expect((await answered).kind).toBe("answer");
    expect(model.has.size).toBe(1);
  });

  it("stayed as being read on the page: now it is shown as noted", async () => {
    const { core, model } = setUp();
    goAway(model);
    const states: string[] = [];
    core.bot.showDocument = ({ state }) => {
      states.push(state);
      return Promise.resolve();
    };
    const posted = core.bot.nextPost();
    const attachments = [fileOf(core, "lease.txt")];
    await core.docent.accept(sampleIncoming({ key: "test:general:1", text: "How long?", attachments }));
    await posted;
    expect(states.at(-1)).toBe("noted");
  });
});
