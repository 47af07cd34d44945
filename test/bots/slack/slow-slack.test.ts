import { afterEach, describe, expect, it } from "vitest";
import { only, startSlackBot, type SlackUnderTest } from "./slack-under-test.ts";

const BOT = "<@U0DOCENT>";
let under: SlackUnderTest;
const start = async (): Promise<SlackUnderTest> => (under = await startSlackBot());

afterEach(() => under.close());

describe("Slack being slow", () => {
  const silence = (...methods: string[]): void => {
    const fault = { kind: "silent", when: "before" } as const;
    for (const method of methods) under.slack.world.faults.next(method, fault, 10);
  };

  it("does not hold back the acknowledgement: what cannot be looked up in time is left out", async () => {
    const { slack, clock } = await start();
    silence("users.info");
    slack.people.post({ user: "U2BEN", channel: "C1", text: `${BOT} what is the rent?`, withoutMentionEvent: true });
    await slack.until(() => slack.callsOf("users.info").length > 0);
    await clock.whenSleeping(1_200);
    clock.advance(1_200);
    expect(only(await under.accepted(1))).toMatchObject({
      author: { id: "U2BEN", name: null },
      locale: null,
      channel: { isShared: false },
    });
    expect(slack.callsOf("conversations.info")).toHaveLength(0);
  });

  it("is waited for once, however many people a message names", async () => {
    const { slack, clock } = await start();
    slack.people.post({ user: "U1ANN", channel: "C1", text: `${BOT} zero?` });
    await under.accepted(1);
    silence("users.info");
    const named = ["U2BEN", "U3CAT", "U4DAN"];
    const text = `${BOT} who of ${named.map((id) => `<@${id}>`).join(" ")} pays, or is it <@U2BEN> alone?`;
    slack.people.post({ user: "U1ANN", channel: "C1", text, withoutMentionEvent: true });
    await slack.until(() => slack.callsOf("users.info").length === 1 + named.length);
    await clock.whenSleeping(1_200);
    clock.advance(1_200);
    const [, second] = await under.accepted(2);
    expect(second?.text).toBe("who of @U2BEN @U3CAT @U4DAN pays, or is it @U2BEN alone?");
  });

  it("does not change the order of what was asked in a channel", async () => {
    const { slack, clock } = await start();
    slack.people.post({ user: "U1ANN", channel: "C1", text: `${BOT} zero?` });
    await under.accepted(1);
    silence("users.info");
    slack.people.post({ user: "U2BEN", channel: "C1", text: `${BOT} one?`, withoutMentionEvent: true });
    await slack.until(() => slack.callsOf("users.info").length === 2);
    const second = slack.people.post({ user: "U1ANN", channel: "C1", text: `${BOT} two?`, withoutMentionEvent: true });
    const other = slack.people.post({ user: "U1ANN", channel: slack.people.directOf("U1ANN").id, text: "elsewhere?" });
    await Promise.all(other.deliveries.map(({ done }) => done));
    expect(second.deliveries.map(({ state }) => state)).toEqual(["under-way"]);
    await clock.whenSleeping(1_200);
    clock.advance(1_200);
    const texts = (await under.accepted(4)).map(({ text }) => text);
    expect(texts).toEqual(["zero?", "elsewhere?", "one?", "two?"]);
  });

  it("makes a channel of which nothing is known one that others may read", async () => {
    const { slack, clock } = await start();
    silence("conversations.info");
    void slack.interactions.command({ user: "U2BEN", channel: "C1", text: "ask what is the rent?" });
    await slack.until(() => slack.callsOf("conversations.info").length > 0);
    await clock.whenSleeping(1_200);
    clock.advance(1_200);
    expect(only(await under.accepted(1)).channel.isShared).toBe(true);
  });
});
