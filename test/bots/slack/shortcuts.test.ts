import { afterEach, describe, expect, it } from "vitest";
import { DocentError } from "../../../src/core/errors.ts";
import { CALLBACKS } from "../../../src/bots/slack/app-contract.ts";
import { readMessage } from "../../servers/slack/transcript.ts";
import { only, startSlackBot, type SlackUnderTest } from "./slack-under-test.ts";

const LEASE = { name: "lease.pdf", bytes: "%PDF-1.7" };
let under: SlackUnderTest;

afterEach(() => under.close());

async function openOn(post: { channel: string; text?: string; threadTs?: string; user?: string }): Promise<{
  ts: string;
  viewId: string;
}> {
  const { slack } = under;
  const { ts } = slack.people.post({ user: "U1ANN", text: "The lease &amp; its terms", files: [LEASE], ...post });
  const { channel } = post;
  const act = { user: post.user ?? "U1ANN", channel, ts, callbackId: CALLBACKS.askAbout };
  await slack.interactions.messageShortcut(act).done;
  const viewId = await slack.until(() => [...slack.world.views.keys()].at(-1));
  return { ts, viewId };
}

const submit = (viewId: string, question: string) =>
  under.slack.interactions.submit({
    user: "U1ANN",
    viewId,
    values: question === "" ? {} : { question },
  });

describe("“Ask Docent about this”", () => {
  it("asks about a message and its files; question and answer stand in its thread", async () => {
    under = await startSlackBot({ bot: { readUploads: "off" } });
    const { ts, viewId } = await openOn({ channel: "C1" });
    expect(await submit(viewId, "when does it end?").done).toMatchObject({ state: "acked", answer: null });
    const question = only(await under.accepted(1));
    expect(question).toMatchObject({
      kind: "question",
      text: "when does it end?",
      context: "The lease & its terms",
      attachments: [{ name: "lease.pdf", reference: { ts } }],
      replyTo: { channel: "C1", threadTs: ts },
    });
    await under.bot.send(under.answerTo(question, { text: "In May." }));
    expect(under.slack.transcript("C1")).toBe(
      [
        "Ann: The lease &amp; its terms [file lease.pdf]",
        "    Docent: **Ann** asks:",
        "      > when does it end?",
        "    Docent: In May.",
        "      [Helpful] [Not helpful]",
      ].join("\n"),
    );
    expect([...under.seen.keys()].some((key) => key.startsWith("target:"))).toBe(false);
  });

  it("without a question asks for a summary", async () => {
    under = await startSlackBot({ bot: { language: "ko" } });
    const { viewId } = await openOn({ channel: "C1" });
    await submit(viewId, "").done;
    expect(await under.accepted(2)).toMatchObject([{ kind: "note" }, { text: "이 내용을 요약해 주세요." }]);
  });

  it("on a message in a thread answers in that thread", async () => {
    under = await startSlackBot();
    const root = under.slack.people.post({ user: "U1ANN", channel: "C1", text: "root" });
    const { viewId } = await openOn({ channel: "C1", threadTs: root.ts });
    await submit(viewId, "when?").done;
    const [, question] = await under.accepted(2);
    expect(question?.replyTo).toMatchObject({ threadTs: root.ts });
  });

  it("in a channel that Docent is not in answers the person alone", async () => {
    under = await startSlackBot();
    under.slack.addChannel({ id: "G8", kind: "group", members: ["U1ANN"] }).members.delete("U0DOCENT");
    const { viewId } = await openOn({ channel: "G8" });
    await submit(viewId, "when does it end?").done;
    const question = only(await under.accepted(1));
    expect(question.channel).toMatchObject({ key: "slack:T0TEAM:D1ANN", isDirect: true });
    await under.bot.send(under.answerTo(question));
    expect(under.slack.botMessages("D1ANN")).toHaveLength(2);
    expect(under.slack.botMessages("G8")).toHaveLength(0);
  });

  it("that cannot be accepted says so in the modal, and keeps it open", async () => {
    under = await startSlackBot({ bot: { readUploads: "off" } });
    const { viewId } = await openOn({ channel: "C1" });
    under.docent.refuse(new DocentError("storage_full", "full"));
    expect(await submit(viewId, "when?").done).toMatchObject({
      answer: { response_action: "errors", errors: { question: expect.stringContaining("disk is full") } },
    });
    await submit(viewId, "when?").done;
    expect(under.docent.accepted).toHaveLength(1);
  });

  it("keeps nothing of the message when no question is asked", async () => {
    under = await startSlackBot({ bot: { readUploads: "off" } });
    const { viewId } = await openOn({ channel: "C1" });
    expect(JSON.stringify([...under.seen])).toContain("The lease");
    await under.slack.interactions.dismiss({ user: "U1ANN", viewId })?.done;
    expect(JSON.stringify([...under.seen])).not.toContain("The lease");
  });

  it("says so when Slack does not open the modal", async () => {
    under = await startSlackBot();
    const { ts } = under.slack.people.post({ user: "U1ANN", channel: "C1", text: "hello" });
    under.slack.world.faults.next("views.open", { kind: "error", error: "expired_trigger_id" });
    const act = { user: "U1ANN", channel: "C1", ts, callbackId: CALLBACKS.askAbout };
    await under.slack.interactions.messageShortcut(act).done;
    const whisper = await under.slack.until(() => under.slack.botMessages("C1")[0]);
    expect(readMessage(whisper)).toContain("once more");
  });
});

describe("“Add to team knowledge”", () => {
  const press = (ts: string) =>
    under.slack.interactions.messageShortcut({ user: "U1ANN", channel: "C1", ts, callbackId: CALLBACKS.addKnowledge });

  it("gives core the files and who wants it, and the person core's reply", async () => {
    under = await startSlackBot({ bot: { readUploads: "off" } });
    under.docent.reply = { text: "Reading 1 file.", isPrivate: true, actions: [] };
    const { ts } = under.slack.people.post({ user: "U2BEN", channel: "C1", files: [LEASE] });
    await press(ts).done;
    expect(readMessage(await under.slack.until(() => under.slack.botMessages("C1")[0]))).toBe("Reading 1 file.");
    expect(only(under.docent.commands)).toMatchObject({
      name: "knowledge",
      argument: "add",
      isAdmin: true,
      author: { id: "U1ANN", name: "Ann" },
      brings: {
        key: `slack:T0TEAM:C1:${ts}:knowledge`,
        kind: "knowledge",
        attachments: [{ name: "lease.pdf" }],
      },
    });
  });

  it("says so when there is no file", async () => {
    under = await startSlackBot();
    const { ts } = under.slack.people.post({ user: "U2BEN", channel: "C1", text: "no file" });
    await press(ts).done;
    const whisper = await under.slack.until(() => under.slack.botMessages("C1")[0]);
    expect(readMessage(whisper)).toContain("There is no file");
    expect(under.docent.commands).toHaveLength(0);
  });
});
