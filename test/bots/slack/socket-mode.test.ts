import { afterEach, describe, expect, it } from "vitest";
import { DocentError } from "../../../src/core/errors.ts";
import { only, startSlackBot, type SlackUnderTest } from "./slack-under-test.ts";

let under: SlackUnderTest;
const ask = (text = "what is the rent?") =>
  under.slack.people.post({
    user: "U1ANN",
    channel: "C1",
    text: `<@U0DOCENT> ${text}`,
    withoutMentionEvent: true,
  });

afterEach(() => under.close());

describe("an acknowledgement", () => {
  it.each(["thread", "turns", "message"])(
    "waits for what is noted under %s too, which the next delivery adds",
    async (note) => {
      const stored = new Map<string, unknown>();
      let failures = 1;
      under = await startSlackBot({
        bot: {
          seen: {
            get: (key) => Promise.resolve(stored.get(key)),
            set(key, value) {
              if (key.startsWith(`${note}:`) && failures-- > 0) return Promise.reject(new Error("disk full"));
              return Promise.resolve(void stored.set(key, value));
            },
            delete: (key) => Promise.resolve(stored.delete(key)),
          },
        },
      });
      const delivery = only(ask().deliveries);
      await delivery.done;
      expect(delivery.attempts.map(({ isAcked }) => isAcked)).toEqual([false, true]);
      expect([under.docent.accepted.length, under.docent.offers]).toEqual([1, 2]);
      const kinds = new Set([...stored.keys()].map((key) => key.split(":")[0]));
      expect(["thread", "turns", "message"].filter((kind) => !kinds.has(kind))).toEqual([]);
    },
  );

  it("goes out only after core has the message", async () => {
    under = await startSlackBot();
    const { docent } = under;
    const { promise: written, resolve } = Promise.withResolvers<void>();
    const { promise: offered, resolve: noteOffer } = Promise.withResolvers<void>();
    docent.onAccept = () => {
      noteOffer();
      return written;
    };
    const delivery = only(ask().deliveries);
    await offered;
    expect(delivery.state).toBe("under-way");
    resolve();
    await delivery.done;
    expect(delivery).toMatchObject({ state: "acked", attempts: [{ isAcked: true }] });
  });

  it.for([
    ["the disk is full", new DocentError("storage_full", "full")],
    ["something unexpected fails", new DocentError("internal", "broken")],
  ] as const)("is withheld while %s, so that Slack delivers again", async ([, error]) => {
    under = await startSlackBot({ server: { ackTimeoutMs: 60 } });
    under.docent.refuse(error, 2);
    const delivery = only(ask().deliveries);
    await delivery.done;
    expect(delivery.attempts.map(({ isAcked }) => isAcked)).toEqual([false, false, true]);
    expect(under.docent.accepted).toHaveLength(1);
    expect(under.log.filter(({ level }) => level === "error")).toHaveLength(2);
    // Whoever asked is told, once.
    const { slack } = under;
    await slack.until(() => slack.botMessages("C1").length > 0);
    expect(slack.botMessages("C1").map(({ ephemeralTo }) => ephemeralTo)).toEqual(["U1ANN"]);
  });

  it("takes no slash command past three seconds: it goes out before the command runs", async () => {
    under = await startSlackBot();
    const { promise: never } = Promise.withResolvers<never>();
    under.docent.command = () => never;
    const delivery = under.slack.interactions.command({ user: "U1ANN", channel: "C1", text: "docs" });
    expect(await delivery.done).toMatchObject({ state: "acked", attempts: [{ number: 0 }] });
    under.docent.command = () => Promise.resolve(under.docent.reply);
    // What hangs must not hold up the end of the test.
    under.bot.stop = () => Promise.resolve();
    await under.slack.until(() => under.slack.sockets.connections.length === 2);
  });

  it("is one for each of two hundred questions at once", async () => {
    under = await startSlackBot({ server: { ackTimeoutMs: 3_000 } });
    const { slack, docent } = under;
    for (let channel = 0; channel < 50; channel += 1) slack.addChannel({ id: `C5${channel}`, members: ["U1ANN"] });
    const deliveries = Array.from({ length: 200 }, (_, index) =>
      only(
        slack.people.post({
          user: "U1ANN",
          channel: `C5${index % 50}`,
          text: `<@U0DOCENT> question ${index}?`,
          withoutMentionEvent: true,
        }).deliveries,
      ),
    );
    await Promise.all(deliveries.map(({ done }) => done));
    expect(deliveries.map(({ attempts }) => attempts.length)).toEqual(deliveries.map(() => 1));
    expect(docent.accepted).toHaveLength(200);
  });
});

describe("a connection", () => {
  it("has a twin from the start", async () => {
    under = await startSlackBot();
    expect(under.slack.sockets.connections).toHaveLength(2);
    expect(await under.bot.check()).toEqual({ ready: true });
  });

  it("that Slack refreshes is replaced before it goes: there is never one less", async () => {
    under = await startSlackBot();
    const { slack } = under;
    const before = [...slack.sockets.connections];
    const fewest = watchConnections();
    slack.sockets.disconnect("refresh_requested", 0);
    await slack.until(() => before[0]?.isOpen === false && slack.sockets.connections.length === 2);
    expect(fewest()).toBe(2);
    expect(slack.sockets.connections).toContain(before[1]);
    ask();
    expect(await under.accepted(1)).toHaveLength(1);
  });

  it("that is refreshed in the middle of a delivery still acknowledges it", async () => {
    under = await startSlackBot();
    const { slack, docent } = under;
    const { promise: written, resolve } = Promise.withResolvers<void>();
    const { promise: offered, resolve: noteOffer } = Promise.withResolvers<void>();
    docent.onAccept = () => {
      noteOffer();
      return written;
    };
    const delivery = only(ask().deliveries);
    await offered;
    slack.sockets.disconnect("warning", 0);
    slack.sockets.disconnect("warning", 1);
    await slack.until(() => slack.sockets.connections.length === 4);
    resolve();
    await delivery.done;
    expect(delivery.attempts).toMatchObject([{ number: 0, isAcked: true }]);
    await slack.until(() => slack.sockets.connections.length === 2);
  });

  it("that is cut comes back, and what was not acknowledged comes again", async () => {
    under = await startSlackBot({ server: { retryDelaysMs: [50, 50, 50, 200] } });
    const { slack } = under;
    for (const socket of slack.sockets.connections.toReversed()) socket.terminate();
    const delivery = only(ask().deliveries);
    await slack.until(() => slack.sockets.connections.length === 2);
    await delivery.done;
    expect(delivery.state).toBe("acked");
    expect(under.docent.accepted).toHaveLength(1);
  });

  it("survives app_rate_limited, which ends the process with the SDK alone", async () => {
    under = await startSlackBot();
    const { slack, counts } = under;
    const limited = slack.tell({
      type: "app_rate_limited",
      team_id: "T0TEAM",
      minute_rate_limited: 1,
      api_app_id: "A",
    });
    expect(await limited.done).toMatchObject({ state: "acked" });
    expect(counts.get("slack_app_rate_limited_total")).toBe(1);
    ask();
    expect(await under.accepted(1)).toHaveLength(1);
  });

  it.for([
    ["no JSON", "nonsense"],
    ["an unknown type", { type: "poem" }],
    ["an envelope without payload", { type: "interactive", envelope_id: "x" }],
  ] as const)("survives a frame with %s", async ([, frame]) => {
    under = await startSlackBot();
    under.slack.sockets.connections[0]?.send(typeof frame === "string" ? frame : JSON.stringify(frame));
    ask();
    ask("again?");
    expect(await under.accepted(2)).toHaveLength(2);
  });

  it("that there are too many of waits, and one more is not asked for in a circle", async () => {
    under = await startSlackBot({ server: { maxConnections: 1 }, start: false });
    const { slack, bot, clock } = under;
    await bot.start(under.docent);
    // The second is a spare: it can wait for long.
    await clock.whenSleeping(10 * 60_000);
    expect(slack.sockets.connections).toHaveLength(1);
    expect(slack.sockets.opened).toBe(2);
    expect(await bot.check()).toEqual({ ready: true });
  });

  it("says why it is not there, and comes when the cause is mended", async () => {
    under = await startSlackBot({ start: false });
    const { slack, bot, clock } = under;
    slack.sockets.refuseOpen("invalid_auth");
    await bot.start(under.docent);
    expect(await bot.check()).toMatchObject({ ready: false, reason: expect.stringContaining("SLACK_APP_TOKEN") });
    expect(under.log.some(({ level, message }) => level === "error" && message.includes("App-Level Tokens"))).toBe(
      true,
    );
    slack.sockets.refuseOpen(null);
    await clock.whenSleeping(60_000);
    clock.advance(60_000);
    await slack.until(() => slack.sockets.connections.length > 0);
    expect(await bot.check()).toEqual({ ready: true });
  });

  it("that Slack refuses for a while is tried again after a second, then after longer", async () => {
    under = await startSlackBot({ start: false });
    const { slack, bot, clock } = under;
    slack.sockets.refuseOpen("internal_error");
    await bot.start(under.docent);
    await clock.whenSleeping(2_000);
    expect(clock.sleeps).toContain(1_000);
    slack.sockets.refuseOpen(null);
    clock.advance(2_000);
    await slack.until(() => slack.sockets.connections.length > 0);
  });
});

describe("stopping", () => {
  it("closes the connections and acknowledges nothing more", async () => {
    under = await startSlackBot();
    await under.bot.stop();
    await under.slack.until(() => under.slack.sockets.connections.length === 0);
    expect(await under.bot.check()).toMatchObject({ ready: false });
  });

  it("does not wait as long as Slack asks for before it takes away what it showed", async () => {
    under = await startSlackBot();
    ask();
    const incoming = only(await under.accepted(1));
    await under.slack.until(() => under.slack.world.sessions.size === 1);
    under.slack.world.faults.next("agents.sessions.setStatus", { kind: "rate-limit", retryAfterSeconds: 30 });
    await under.bot.showTurn({ ...under.docent.turnOf(incoming), state: "answered" });
    await under.clock.whenSleeping(30_000);
    await under.bot.stop();
    expect(under.log.filter(({ level }) => level === "warn" || level === "error")).toEqual([]);
  });
});

function watchConnections(): () => number {
  const { slack } = under;
  let fewest = slack.sockets.connections.length;
  slack.world.onChange(() => {
    fewest = Math.min(fewest, slack.sockets.connections.length);
  });
  return () => fewest;
}
