import { afterEach, describe, expect, it } from "vitest";
import { only, startSlackBot, type SlackUnderTest } from "./slack-under-test.ts";

const BOT = "<@U0DOCENT>";
let under: SlackUnderTest;
const start = async (options: Parameters<typeof startSlackBot>[0] = {}): Promise<SlackUnderTest> =>
  (under = await startSlackBot(options));

afterEach(() => under.close());

describe("a mention in a channel", () => {
  it("is one question, in the channel's conversation, answered in its own thread", async () => {
    const { slack, docent } = await start();
    const posted = slack.people.post({ user: "U2BEN", channel: "C1", text: `${BOT} what is the rent?` });
    await Promise.all(posted.deliveries.map(({ done }) => done));
    expect(posted.deliveries).toHaveLength(2);
    expect(only(docent.accepted)).toEqual({
      key: `slack:T0TEAM:C1:${posted.ts}`,
      bot: "slack",
      kind: "question",
      channel: { key: "slack:T0TEAM:C1", workspace: "slack:T0TEAM", isDirect: false, isShared: false },
      conversation: "slack:T0TEAM:C1",
      author: { id: "U2BEN", name: "Ben", isGuest: false },
      text: "what is the rent?",
      context: null,
      attachments: [],
      locale: "ko-KR",
      replyTo: { channel: "C1", threadTs: posted.ts, messageTs: posted.ts, user: "U2BEN", pending: null },
      sentAt: Math.round(Number(posted.ts) * 1000),
    });
  });

  it.for([
    ["the bot's mention anywhere", `hey ${BOT}, what is it?`, "hey, what is it?"],
    ["a colon behind the mention", `${BOT}: what is it?`, "what is it?"],
    ["other people by name", `${BOT} what did <@U1ANN> sign?`, "what did @Ann sign?"],
    ["channels by name", `${BOT} see <#C1> and <#C1|general>`, "see #general and #general"],
    [
      "links",
      `${BOT} <https://a.example/x|the lease> <https://b.example>`,
      "[the lease](https://a.example/x) https://b.example",
    ],
    ["addresses", `${BOT} mail <mailto:a@b.example|a@b.example>`, "mail a@b.example"],
    ["groups and everyone", `${BOT} for <!subteam^S1|@legal> and <!here>`, "for @legal and @here"],
    ["dates", `${BOT} by <!date^1392734382^{date}|Feb 18>`, "by Feb 18"],
    ["entities", `${BOT} is 1 &lt; 2 &amp;&amp; 3 &gt; 2?`, "is 1 < 2 && 3 > 2?"],
    ["code and lines as they are", `${BOT} \`a  b\`\n• one`, "`a b`\n• one"],
  ] as const)("gives core %s", async ([, raw, text]) => {
    const { slack } = await start();
    slack.people.post({ user: "U1ANN", channel: "C1", text: raw });
    const [incoming] = await under.accepted(1);
    expect(incoming?.text).toBe(text);
  });

  it("takes what was written in a shared channel for shared, whatever else is known", async () => {
    const { slack } = await start();
    slack.addChannel({ id: "C7", isExtShared: true, members: ["U1ANN"] });
    slack.people.post({ user: "U1ANN", channel: "C7", text: `${BOT} hello?` });
    expect(only(await under.accepted(1)).channel.isShared).toBe(true);
  });

  it("keeps a conversation for each thread where that is configured", async () => {
    const { slack } = await start({ bot: { conversationPer: "thread" } });
    const { ts } = slack.people.post({ user: "U1ANN", channel: "C1", text: `${BOT} one?` });
    await under.accepted(1);
    slack.people.post({ user: "U1ANN", channel: "C1", threadTs: ts, text: "and two?" });
    const [one, two] = await under.accepted(2);
    expect(one?.conversation).toBe(`slack:T0TEAM:C1:${ts}`);
    expect(two?.conversation).toBe(one?.conversation);
  });

  it("without a question says so to the person alone", async () => {
    const { slack, docent } = await start();
    const { DocentError } = await import("../../../src/core/errors.ts");
    docent.refuse(new DocentError("question_empty", "empty"), 2);
    const posted = slack.people.post({ user: "U2BEN", channel: "C1", text: BOT });
    const whisper = await slack.until(() => slack.botMessages("C1").find(({ ephemeralTo }) => ephemeralTo === "U2BEN"));
    expect(whisper.text).toContain("메시지에 질문이 없습니다");
    await Promise.all(posted.deliveries.map(({ done }) => done));
    expect(posted.deliveries.map(({ state }) => state)).toEqual(["acked", "acked"]);
  });
});

describe("a thread", () => {
  it("that Docent takes part in needs no mention, also after a restart", async () => {
    const { slack } = await start();
    const { ts } = slack.people.post({ user: "U1ANN", channel: "C1", text: `${BOT} what is the rent?` });
    await under.accepted(1);
    await under.restart();
    slack.people.post({ user: "U2BEN", channel: "C1", threadTs: ts, text: "and the deposit?" });
    const followUp = only(await under.accepted(1));
    expect(followUp).toMatchObject({ text: "and the deposit?", context: null, replyTo: { threadTs: ts } });
  });

  it("lets people speak to each other", async () => {
    const { slack, docent } = await start();
    const { ts } = slack.people.post({ user: "U1ANN", channel: "C1", text: `${BOT} what is the rent?` });
    await under.accepted(1);
    const aside = slack.people.post({ user: "U1ANN", channel: "C1", threadTs: ts, text: "<@U2BEN> is that right?" });
    await Promise.all(aside.deliveries.map(({ done }) => done));
    expect(docent.accepted).toHaveLength(1);
  });

  it("that others began gives its first message and its files along", async () => {
    const { slack } = await start({ bot: { readUploads: "off" } });
    const lease = { name: "lease.pdf", bytes: "%PDF-1.7" };
    const parent = slack.people.post({
      user: "U1ANN",
      channel: "C1",
      text: "The new lease &amp; terms",
      files: [lease],
    });
    slack.people.post({ user: "U2BEN", channel: "C1", threadTs: parent.ts, text: `${BOT} when does it end?` });
    const question = only(await under.accepted(1));
    expect(question).toMatchObject({ text: "when does it end?", context: "The new lease & terms" });
    expect(only(question.attachments)).toMatchObject({
      key: `slack:T0TEAM:${parent.message.files[0]}`,
      name: "lease.pdf",
      reference: {
        ts: parent.ts,
        permalink: `https://team.slack.com/archives/C1/p${parent.ts.replace(".", "")}`,
      },
    });
  });

  it("with a bare mention is summarised, in the asker's language", async () => {
    const { slack } = await start();
    const parent = slack.people.post({ user: "U1ANN", channel: "C1", text: "A long story." });
    slack.people.post({ user: "U2BEN", channel: "C1", threadTs: parent.ts, text: BOT });
    expect(only(await under.accepted(1))).toMatchObject({
      text: "이 내용을 요약해 주세요.",
      context: "A long story.",
    });
  });
});

describe("a direct message", () => {
  it("is a question without a mention, answered where it stands", async () => {
    const { slack } = await start();
    const direct = slack.people.directOf("U1ANN");
    const { ts } = slack.people.post({ user: "U1ANN", channel: direct.id, text: "what is the rent?" });
    expect(only(await under.accepted(1))).toMatchObject({
      channel: { key: `slack:T0TEAM:${direct.id}`, isDirect: true, isShared: false },
      replyTo: { channel: direct.id, threadTs: null, messageTs: ts },
    });
  });

  it("of the agent view stays in its thread", async () => {
    const { slack } = await start({ bot: { conversationPer: "thread" } });
    const direct = slack.people.directOf("U1ANN");
    const first = slack.people.post({ user: "U1ANN", channel: direct.id, text: "hello?" });
    await under.accepted(1);
    slack.people.post({ user: "U1ANN", channel: direct.id, threadTs: first.ts, text: "what is the rent?" });
    const [, second] = await under.accepted(2);
    expect(second).toMatchObject({
      conversation: `slack:T0TEAM:${direct.id}:${first.ts}`,
      replyTo: { threadTs: first.ts },
    });
  });
});

describe("a forwarded message", () => {
  it("belongs to the question that it came with", async () => {
    const { slack } = await start();
    const direct = slack.people.directOf("U1ANN");
    const forwarded = { text: "Rent goes up &gt; 5 %", files: [{ name: "letter.pdf", bytes: "%PDF-1.7" }] };
    slack.people.post({ user: "U1ANN", channel: direct.id, text: "may they?", forwarded });
    await under.accepted(1);
    slack.people.post({ user: "U1ANN", channel: direct.id, forwarded });
    const [asked, bare] = await under.accepted(2);
    expect(asked).toMatchObject({
      text: "may they?",
      context: "Rent goes up > 5 %",
      attachments: [{ name: "letter.pdf" }],
    });
    expect(bare).toMatchObject({ kind: "question", text: "Please summarise this.", context: "Rent goes up > 5 %" });
  });
});

describe("what is not meant for Docent", () => {
  it.for([
    ["plain talk", { text: "lunch?" }],
    ["another bot's mention", { text: `${BOT} hi`, botId: "B0OTHER" }],
    ["a join", { text: `<@U1ANN> has joined ${BOT}`, subtype: "channel_join" }],
    ["a changed topic", { text: BOT, subtype: "channel_topic" }],
  ] as const)("is left alone: %s", async ([, post]) => {
    const { slack, docent } = await start();
    const { deliveries } = slack.people.post({ user: "U1ANN", channel: "C1", ...post });
    await Promise.all(deliveries.map(({ done }) => done));
    expect(deliveries.every(({ state }) => state === "acked")).toBe(true);
    expect(docent.offers).toBe(0);
  });

  it("includes edits and its own messages", async () => {
    const { slack, docent, bot } = await start();
    slack.people.post({ user: "U1ANN", channel: "C1", text: `${BOT} one?` });
    const question = only(await under.accepted(1));
    const { ts } = slack.people.post({ user: "U1ANN", channel: "C1", text: "just talk" });
    await slack.people.edit("C1", ts, `${BOT} is it?`)?.done;
    await bot.send(under.answerTo(question, { text: "Ask <@U0DOCENT> again" }));
    await slack.until(() => slack.deliveries.every(({ state }) => state === "acked"));
    expect(docent.accepted).toHaveLength(1);
  });
});
