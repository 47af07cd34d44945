import { afterEach, describe, expect, it } from "vitest";
import { startSlackBot, type SlackUnderTest } from "./slack-under-test.ts";

let under: SlackUnderTest;
afterEach(() => under.close());

function post(text: string): void {
  under.slack.people.post({ user: "U1ANN", channel: "C1", text });
}

const mention = (text: string): void => post(`<@${under.slack.world.botUserId}> ${text}`);

describe("what was written while the process was down", () => {
  it("is taken at the next start, in order and before anything live", async () => {
    under = await startSlackBot();
    mention("first?");
    await under.accepted(1);
    await under.bot.stop();
    mention("second?");
    post("small talk");
    mention("third?");
    await under.restart();
    mention("fourth?");
    // Slack gave up on the second and the third: nobody was there for its retries.
    const accepted = await under.accepted(3);
    expect(accepted.map(({ text }) => text)).toEqual(["second?", "third?", "fourth?"]);
    // What came just before the last that was seen may have been lost with another replica.
    expect(under.docent.repeated.map(({ text }) => text)).toEqual(["first?"]);
  });

  it("is not looked for in a channel where Docent was never asked", async () => {
    under = await startSlackBot();
    await under.restart();
    expect(under.slack.callsOf("conversations.history")).toEqual([]);
  });

  it("does not keep the bot from starting when it cannot be fetched", async () => {
    under = await startSlackBot();
    mention("first?");
    await under.accepted(1);
    await under.bot.stop();
    under.slack.world.faults.next("conversations.history", { kind: "error", error: "channel_not_found" });
    await under.restart();
    mention("second?");
    expect((await under.accepted(1)).at(-1)?.text).toBe("second?");
    expect(under.log.some(({ message }) => message.includes("missed messages could not be fetched"))).toBe(true);
  });
});
