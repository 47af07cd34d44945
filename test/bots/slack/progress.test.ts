import { toTurnId } from "../../../src/core/ids.ts";
import { afterEach, describe, expect, it } from "vitest";
import type { Incoming } from "../../../src/core/incoming.ts";
import type { TurnState } from "../../../src/core/turn.ts";
import { createManualClock } from "../../fakes/manual-clock.ts";
import { readMessage } from "../../servers/slack/transcript.ts";
import { readManifest } from "../../servers/slack/world.ts";
import { only, startSlackBot, type SlackUnderTest } from "./slack-under-test.ts";

let under: SlackUnderTest;

afterEach(() => under.close());

async function ask(options: Parameters<typeof startSlackBot>[0] = {}): Promise<Incoming> {
  under = await startSlackBot(options);
  under.slack.people.post({ user: "U1ANN", channel: "C1", text: "<@U0DOCENT> what is the rent?" });
  return only(await under.accepted(1));
}

const show = (question: Incoming, state: TurnState): Promise<void> =>
  under.bot.showTurn({ ...under.docent.turnOf(question), state });
const question = () => only(under.slack.world.messages.filter(({ text }) => text.includes("rent")));
const hourglass = (): boolean => question().reactions.has("hourglass_flowing_sand");
const history = (): readonly string[] => [...under.slack.world.sessions.values()].flatMap((session) => session.history);

describe("a turn under way", () => {
  it("is the status of an agent's session, from the question on until after the answer", async () => {
    const incoming = await ask();
    await under.slack.until(() => history().length === 1);
    await show(incoming, "reading");
    await show(incoming, "running");
    await under.bot.send(under.answerTo(incoming));
    await show(incoming, "answered");
    await under.slack.until(() => history().length === 2);
    expect(history()).toEqual(["processing", "active"]);
    expect(hourglass()).toBe(false);
  });

  it("is not shown of an answer that comes at once, and nothing is written or asked for it", async () => {
    // Half a second does not pass here before the clock is turned.
    const clock = createManualClock();
    const incoming = await ask({ bot: { clock } });
    await show(incoming, "running");
    await under.bot.send(under.answerTo(incoming));
    await show(incoming, "answered");
    clock.advance(10_000);
    await under.bot.stop();
    expect(history()).toEqual([]);
    expect(hourglass()).toBe(false);
    expect([...under.seen.keys()].filter((key) => key.startsWith("shown"))).toEqual([]);
  });

  it("goes without a sign when Slack takes no more of them, and is answered all the same", async () => {
    under = await startSlackBot({ server: { isAgent: false } });
    const ids = Array.from({ length: 40 }, (_, index) => `C4${index}`);
    for (const channel of ids) {
      under.slack.addChannel({ id: channel, members: ["U1ANN"] });
      under.slack.people.post({ user: "U1ANN", channel, text: "<@U0DOCENT> what is the rent?" });
    }
    const questions = await under.accepted(40);
    const signs = () => under.slack.callsOf("reactions.add").length;
    // Until Slack has said that this is no agent, each costs two; half seconds that pass let the allowance grow.
    await expect.poll(signs).toBeGreaterThanOrEqual(10);
    await Promise.all(questions.map((each) => under.bot.send(under.answerTo(each))));
    for (const each of questions) await show(each, "answered");
    await under.slack.until(() => under.slack.world.messages.every(({ reactions }) => reactions.size === 0));
    expect(signs()).toBeLessThan(40);
    expect(under.slack.callsOf("reactions.remove")).toHaveLength(signs());
  });

  it("goes without a sign when Slack asks to wait with it, and nothing is taken away then", async () => {
    under = await startSlackBot();
    const limit = { kind: "rate-limit", retryAfterSeconds: 30 } as const;
    under.slack.world.faults.next("agents.sessions.setStatus", limit);
    const calls = () => under.slack.callsOf("agents.sessions.setStatus").length;
    under.slack.people.post({ user: "U1ANN", channel: "C1", text: "<@U0DOCENT> what is the rent?" });
    const [first] = await under.accepted(1);
    await under.slack.until(() => calls() === 1);
    // Nobody asks for the next one while Slack wants to be left alone.
    const later = under.slack.people.post({ user: "U2BEN", channel: "C1", text: "<@U0DOCENT> and the deposit?" });
    const [, second] = await under.accepted(2);
    await Promise.all(later.deliveries.map(({ done }) => done));
    if (first === undefined || second === undefined) throw new Error("There are not two questions.");
    for (const each of [first, second]) {
      await under.bot.send(under.answerTo(each));
      await show(each, "answered");
    }
    await expect
      .poll(() => under.seen.get([...under.seen.keys()].find((key) => key.startsWith("shown:")) ?? ""))
      .toEqual([]);
    await under.bot.stop();
    expect([calls(), history()]).toEqual([1, []]);
    expect(under.slack.botMessages("C1")).toHaveLength(2);
  });

  it("is a reaction where the app is no agent", async () => {
    const incoming = await ask({ server: { isAgent: false } });
    await under.slack.until(hourglass);
    await show(incoming, "running");
    await show(incoming, "failed");
    await under.slack.until(() => !hourglass());
    expect(under.slack.callsOf("agents.sessions.setStatus")).toHaveLength(1);
  });

  it("is a reaction on a direct message that has no thread", async () => {
    under = await startSlackBot();
    const direct = under.slack.people.directOf("U1ANN");
    under.slack.people.post({ user: "U1ANN", channel: direct.id, text: "what is the rent?" });
    const incoming = only(await under.accepted(1));
    await under.slack.until(hourglass);
    await show(incoming, "cancelled");
    await under.slack.until(() => !hourglass());
    expect(history()).toEqual([]);
  });

  it("that another process began is ended all the same", async () => {
    const incoming = await ask({ server: { isAgent: false } });
    await under.slack.until(hourglass);
    await under.restart();
    await show(incoming, "answered");
    await under.slack.until(() => !hourglass());
    expect(question().reactions.size).toBe(0);
  });

  it("that ended in a crash, before it was shown as over, is so after the next start", async () => {
    await ask();
    await under.slack.until(() => history().length === 1);
    await under.restart();
    await under.slack.until(() => history().length === 2);
    expect(history()).toEqual(["processing", "active"]);
    await under.restart();
    expect(history()).toHaveLength(2);
  });

  it("never fails a turn, whatever Slack says", async () => {
    const incoming = await ask();
    under.slack.world.faults.every("*", 1, { kind: "status", status: 500, when: "before" });
    await show(incoming, "running");
    await show(incoming, "answered");
    await expect(under.bot.showTurn({ ...under.docent.turnOf(incoming), replyTo: "odd" })).resolves.toBeUndefined();
    under.slack.world.faults.clear();
  });

  it("says in the log when people have no stop button", async () => {
    const manifest = readManifest();
    const { settings } = manifest;
    const events = settings.event_subscriptions.bot_events.filter((name) => name !== "agent_session_stopped");
    const without = { ...manifest, settings: { ...settings, event_subscriptions: { bot_events: events } } };
    await ask({ server: { manifest: without } });
    await under.slack.until(() => history().length === 1 || undefined);
    const warning = await under.slack.until(
      () => under.log.find(({ message }) => message.includes("agent_session_stopped")) ?? nudge(),
    );
    expect(warning.level).toBe("warn");
  });
});

describe("stopping a turn", () => {
  it("by Slack's own button cancels it, also after a restart", async () => {
    const incoming = await ask();
    const { ts } = question();
    await under.slack.until(() => history().length === 1);
    await under.restart();
    await under.slack.people.stopSession("C1", ts, "U1ANN")?.done;
    expect(under.docent.cancelled).toEqual([toTurnId(incoming.key)]);
  });

  it("is offered to the asker alone where Slack has no button, once it takes long", async () => {
    const incoming = await ask({ server: { isAgent: false } });
    await under.clock.whenSleeping(10_000);
    under.clock.advance(10_000);
    const offer = await under.slack.until(() => under.slack.botMessages("C1").find(({ ephemeralTo }) => ephemeralTo));
    expect(offer.ephemeralTo).toBe("U1ANN");
    expect(readMessage(offer)).toBe("I’m working on your question.\n[Stop]");
    await under.slack.interactions.press({ user: "U1ANN", message: offer, label: "Stop" }).done;
    expect(under.docent.cancelled).toEqual([toTurnId(incoming.key)]);
  });

  it("comes with what is being done, also where the app is an agent", async () => {
    const incoming = await ask();
    await under.clock.whenSleeping(10_000);
    const { channel, replyTo } = incoming;
    const detail = "Reading lease.pdf: page 40 of 412";
    const turn = {
      id: toTurnId(incoming.key),
      state: "reading",
      detail,
      position: null,
      channel: channel.key,
      replyTo,
    } as const;
    await under.bot.showTurn(turn);
    under.clock.advance(10_000);
    const offer = await under.slack.until(() => under.slack.botMessages("C1").find(({ ephemeralTo }) => ephemeralTo));
    expect(readMessage(offer)).toBe(`I’m working on your question.\n${detail}\n[Stop]`);
  });

  it("is not offered again where another replica has offered it", async () => {
    const incoming = await ask({ server: { isAgent: false } });
    await under.clock.whenSleeping(10_000);
    under.seen.set(`offer:${toTurnId(incoming.key)}`, true);
    under.clock.advance(10_000);
    // A second question takes longer than the offer would have.
    const second = under.slack.people.post({ user: "U1ANN", channel: "C1", text: "<@U0DOCENT> and the deposit?" });
    await under.slack.until(() => second.message.reactions.has("hourglass_flowing_sand"));
    expect(under.slack.callsOf("chat.postEphemeral")).toHaveLength(0);
  });

  it("is not offered for what is over by then", async () => {
    const incoming = await ask({ server: { isAgent: false } });
    await under.clock.whenSleeping(10_000);
    await show(incoming, "answered");
    await under.slack.until(() => !hourglass());
    under.clock.advance(10_000);
    expect(under.slack.callsOf("chat.postEphemeral")).toHaveLength(0);
  });
});

/** Has `until` look again: the log is not a part of the server. */
function nudge(): false {
  setImmediate(() => under.slack.world.changed());
  return false;
}
