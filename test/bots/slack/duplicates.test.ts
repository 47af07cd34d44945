import { afterEach, describe, expect, it } from "vitest";
import { only, startSlackBot, type SlackUnderTest } from "./slack-under-test.ts";

let under: SlackUnderTest;

afterEach(() => under.close());

const QUESTION = { user: "U1ANN", channel: "C1", text: "<@U0DOCENT> what is the rent?" };

describe("one mention, delivered in every known way", () => {
  it("is one question with one key", async () => {
    under = await startSlackBot();
    const { slack, docent } = under;
    slack.addChannel({ id: "C7", isExtShared: true, members: ["U1ANN"] });
    const posted = slack.people.post({ ...QUESTION, channel: "C7" });
    const repeats = [
      ...slack.people.repeat(posted, "retry", slack.sockets.only(0)),
      ...slack.people.repeat(posted, "retry", slack.sockets.only(1)),
      ...slack.people.repeat(posted, "fresh"),
      ...slack.people.repeat(posted, "connect"),
      ...slack.people.repeat(posted, "connect-new-ts"),
    ];
    await Promise.all([...posted.deliveries, ...repeats].map(({ done }) => done));
    expect(repeats).toHaveLength(10);
    // What is delivered again to the same process goes no further; a copy with another time stamp does.
    expect(docent.offers).toBe(2);
    expect(only(docent.accepted).key).toBe(`slack:T0TEAM:C7:${posted.ts}`);
  });

  it("is one question also when the copy comes after a restart", async () => {
    under = await startSlackBot();
    const { slack } = under;
    const posted = slack.people.post(QUESTION);
    const [first] = await under.accepted(1);
    await under.restart();
    const repeats = slack.people.repeat(posted, "connect-new-ts");
    await Promise.all(repeats.map(({ done }) => done));
    expect(under.docent.accepted).toEqual([]);
    expect(new Set(under.docent.repeated.map(({ key }) => key))).toEqual(new Set([first?.key]));
    expect(under.docent.repeated.length).toBeGreaterThan(1);
  });

  it("is a question also when Slack leaves out app_mention, as it does with some files", async () => {
    under = await startSlackBot();
    const files = [{ name: "lease.pdf", bytes: "%PDF-1.7" }];
    under.slack.people.post({ ...QUESTION, files, withoutMentionEvent: true });
    expect(only(await under.accepted(1))).toMatchObject({ kind: "question", attachments: [{ name: "lease.pdf" }] });
  });

  it("is answered by one message, whoever asks for it", async () => {
    under = await startSlackBot();
    const { slack, bot } = under;
    slack.people.post(QUESTION);
    const answer = under.answerTo(only(await under.accepted(1)));
    const ids = await Promise.all([bot.send(answer), bot.send(answer), bot.send(answer)]);
    expect(new Set(ids).size).toBe(1);
    expect(await bot.send(answer)).toBe(ids[0]);
    expect(slack.botMessages("C1")).toHaveLength(1);
    expect(slack.callsOf("chat.postMessage")).toHaveLength(1);
  });
});
