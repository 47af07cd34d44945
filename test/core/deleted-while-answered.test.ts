import { describe, expect, it } from "vitest";
import { toTurnId } from "../../src/core/ids.ts";
import { createSqliteMessages } from "../../src/stores/sqlite/sqlite-messages.ts";
import { startCore, type CoreUnderTest } from "../fakes/core-under-test.ts";
import { createManualClock, type ManualClock } from "../fakes/manual-clock.ts";
import { DocentError } from "../../src/core/errors.ts";
import { sampleIncoming } from "../fakes/sample-data.ts";
import { plainResult } from "../fakes/scripted-engine.ts";

const WORD = "The access word is KINGFISHER.";
const ATTACHED = [{ key: "f2", name: "words.txt", sizeBytes: null, reference: { at: 1 } }];
const QUESTION = sampleIncoming({ key: "k1", text: "What is the access word?" });

async function startWithDocument(): Promise<{ core: CoreUnderTest; clock: ManualClock; documentId: string }> {
  const clock = createManualClock();
  const core = startCore({ clock });
  for (const key of ["f1", "f2"]) core.bot.files.set(key, Buffer.from(`${WORD} ${key}`));
  const attachments = [{ key: "f1", name: "words.txt", sizeBytes: null, reference: { at: 1 } }];
  await core.docent.accept(sampleIncoming({ key: "k0", text: "Read it.", attachments }));
  await core.bot.posts(1);
  const [{ id: documentId } = { id: "" }] = await core.docent.documents({ kind: "channel", key: "test:general" });
  return { core, clock, documentId };
}

async function remove({ docent }: CoreUnderTest, documentId: string): Promise<void> {
  await (
    await docent.removeDocument(documentId)
  )?.done;
}

function quoting(documentId: string) {
  return plainResult(WORD, { sources: [{ documentId, at: 30, page: null, passage: WORD }] });
}

async function expectNothingKept(core: CoreUnderTest): Promise<void> {
  await expect
    .poll(() => core.options.inbox.get(toTurnId(QUESTION.key)))
    .toMatchObject({ state: "answered", answer: null });
  const rows = [
    ...core.db.prepare("SELECT body FROM turns").all(),
    ...core.db.prepare("SELECT body FROM messages").all(),
  ];
  expect(JSON.stringify(rows)).not.toContain("KINGFISHER");
}

describe("an answer whose source is deleted", () => {
  it.for([
    { label: "cited", question: QUESTION, result: quoting },
    {
      label: "in the prompt of its own question and not named",
      question: { ...QUESTION, attachments: ATTACHED },
      result: (id: string) => plainResult(WORD, { consulted: [id] }),
    },
  ])("while the model works, $label, is not posted: a notice says why", async ({ question, result }) => {
    const { core, documentId } = await startWithDocument();
    core.engine.answer = async ({ attached }) => {
      const id = attached[0]?.document.id ?? documentId;
      await remove(core, id);
      return result(id);
    };
    await core.docent.accept(question);
    await core.bot.posts(2);
    expect(core.bot.posted[1]).toMatchObject({ kind: "notice", citations: [] });
    expect(core.bot.posted[1]?.text).toBe(
      "“words.txt” was deleted while I was answering. The answer may quote it, so I do not post it. Please ask again.",
    );
    await expectNothingKept(core);
  });

  it("is posted when it is of something else that the conversation held", async () => {
    const { core, documentId } = await startWithDocument();
    core.engine.answer = async () => {
      await remove(core, documentId);
      return plainResult("It is Friday.", { consulted: [documentId] });
    };
    await core.docent.accept(QUESTION);
    await core.bot.posts(2);
    expect(core.bot.posted[1]).toMatchObject({ kind: "answer", text: "It is Friday." });
  });

  it("while it waits for its platform is not posted when that is back", async () => {
    const { core, clock, documentId } = await startWithDocument();
    core.engine.answer = () => quoting(documentId);
    let tries = 0;
    core.bot.onSend = () => {
      tries += 1;
      throw new DocentError("platform_unreachable", "The platform is down.");
    };
    await core.docent.accept(QUESTION);
    // After the second one it is put off.
    await expect.poll(() => (clock.advance(1_000), tries)).toBeGreaterThanOrEqual(2);
    await remove(core, documentId);
    core.bot.onSend = () => undefined;
    await expect.poll(() => (clock.advance(5_000), core.bot.posted.length)).toBe(2);
    expect(core.bot.posted[1]).toMatchObject({
      kind: "notice",
      text: expect.stringContaining("was deleted while I was answering"),
    });
    await expectNothingKept(core);
  });

  it("while it is being posted is taken out of what the bot keeps, though the deletion looked there before", async () => {
    const { core, documentId } = await startWithDocument();
    core.engine.answer = () => quoting(documentId);
    const messages = createSqliteMessages(core.db);
    core.bot.forgetDocument = ({ id, name }) => messages.redact(id, `“${name}” was deleted.`);
    const send: typeof core.bot.send = core.bot.send.bind(core.bot);
    core.bot.send = async (message) => {
      await remove(core, documentId);
      const { id, turnId, kind, text, citations, usage } = message;
      const of = { channel: message.channel.key, author: "docent", files: [], createdAt: 1 } as const;
      await messages.append({ ...of, id, turnId, kind, text, citations, usage });
      return await send(message);
    };
    await core.docent.accept(QUESTION);
    await core.bot.posts(2);
    await expectNothingKept(core);
    expect(await messages.list("test:general")).toMatchObject([{ text: "“words.txt” was deleted." }]);
  });
});
