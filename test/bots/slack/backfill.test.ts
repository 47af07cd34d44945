import { afterEach, describe, expect, it } from "vitest";
import { DocentError } from "../../../src/core/errors.ts";
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

  it("is fetched a little later when Slack does not tell it at the start", async () => {
    await restartWithoutHistory();
    await under.clock.whenSleeping(2_000);
    under.clock.advance(2_000);
    expect((await under.accepted(1)).map(({ text }) => text)).toEqual(["missed?"]);
  });

  it("is fetched at the next start when this one never could: what came live used to pass the mark over it", async () => {
    await restartWithoutHistory({ attempts: 2 });
    await under.clock.whenSleeping(2_000);
    // More than what a start fetches before the mark in any case.
    under.clock.advance(120_000);
    await under.clock.whenSleeping(4_000);
    mention("live?");
    await under.accepted(1);
    await under.restart();
    // The recording core does not know the first one any more.
    expect((await under.accepted(2)).map(({ text }) => text)).toEqual(["first?", "missed?"]);
  });

  it("is taken in the end when it cannot be stored at first", async () => {
    under = await startSlackBot();
    mention("first?");
    await under.accepted(1);
    await under.bot.stop();
    for (const text of ["second?", "third?"]) mention(text);
    await under.restart((docent) => {
      docent.onAccept = ({ text }) => {
        if (text !== "third?" || docent.offers > 3) return Promise.resolve();
        return Promise.reject(new DocentError("storage_full", "The disk is full."));
      };
    });
    await under.clock.whenSleeping(2_000);
    expect(under.docent.accepted.map(({ text }) => text)).toEqual(["second?"]);
    under.clock.advance(2_000);
    expect((await under.accepted(2)).map(({ text }) => text)).toEqual(["second?", "third?"]);
  });
});

/** Stopped when one message was accepted, and back after another one, at a time when Slack's history fails. */
async function restartWithoutHistory({ attempts = 1 } = {}): Promise<void> {
  under = await startSlackBot();
  mention("first?");
  await under.accepted(1);
  await under.bot.stop();
  mention("missed?");
  // Each attempt makes three calls.
  const fault = { kind: "status", status: 503, when: "before" } as const;
  under.slack.world.faults.next("conversations.history", fault, 3 * attempts);
  await under.restart();
}
