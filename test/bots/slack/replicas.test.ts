import { afterEach, describe, expect, it } from "vitest";
import { CALLBACKS } from "../../../src/bots/slack/app-contract.ts";
import type { Bulletin } from "../../../src/core/ports/system.ts";
import { hang, plainResult } from "../../fakes/scripted-engine.ts";
import { openSlackReplicas, type SlackReplicas } from "./slack-replicas.ts";

let replicas: SlackReplicas;
afterEach(() => replicas.close());

const silent: Bulletin = { publish: () => undefined, subscribe: () => () => undefined };

/** Each with two connections: 0 and 1 are the first replica's, 2 and 3 the second's. */
async function startTwo(options: Parameters<typeof openSlackReplicas>[0] = {}): Promise<void> {
  replicas = await openSlackReplicas(options);
  const { slack, start } = replicas;
  await start();
  await slack.until(() => slack.sockets.connections.length === 2);
  await start();
  await slack.until(() => slack.sockets.connections.length === 4);
}

/** Runs that do not end before the returned function is called. */
function holdAnswers(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  replicas.cores.engine.answer = async ({ text }, signal) => {
    await Promise.race([promise, hang(signal)]);
    return plainResult(`Answer to: ${text}`);
  };
  return resolve;
}

/** Turns that a replica would have to show as over if another were to start now. */
function stillListed(): number {
  return [...replicas.cores.kept]
    .filter(([key]) => key.startsWith("shown:"))
    .reduce((sum, [, turns]) => sum + (turns as readonly unknown[]).length, 0);
}

describe("two replicas between which Slack spreads its events", () => {
  it("take a mention that one is told as a message and the other as a mention for one question", async () => {
    await startTwo();
    const { slack, ask, said, underWay, cores } = replicas;
    slack.sockets.spreadOver([0, 2]);
    const posts = Array.from({ length: 10 }, (_, index) => {
      slack.addChannel({ id: `C5${index}`, members: ["U1ANN"] });
      return ask("what is the rent?", `C5${index}`);
    });
    const deliveries = posts.flatMap((posted) => posted.deliveries);
    await Promise.all(deliveries.map(({ done }) => done));
    expect(deliveries).toHaveLength(20);
    await slack.until(() => posts.every((_, index) => said(`C5${index}`).length === 1));
    await slack.until(() => underWay().length === 0 && stillListed() === 0);
    expect(cores.engine.asked).toHaveLength(10);
    expect(slack.callsOf("chat.postMessage")).toHaveLength(10);
  });

  it("take the copies of a message in Slack Connect for one question, though they come to both at once", async () => {
    await startTwo();
    const { slack, ask, cores, said } = replicas;
    slack.addChannel({ id: "C7", isExtShared: true, members: ["U1ANN"] });
    slack.sockets.spreadOver([0]);
    const posted = ask("what is the rent?", "C7");
    const copies = [
      ...slack.people.repeat(posted, "connect", slack.sockets.only(2)),
      ...slack.people.repeat(posted, "connect-new-ts", slack.sockets.only(2)),
    ];
    await Promise.all([...posted.deliveries, ...copies].map(({ done }) => done));
    await slack.until(() => said("C7").length === 1);
    expect(cores.engine.asked).toHaveLength(1);
  });

  it("post a command's question once, whoever answers it", async () => {
    await startTwo();
    const { slack, said, cores } = replicas;
    slack.sockets.spreadOver([0]);
    const channels = Array.from({ length: 8 }, (_, index) => `C6${index}`);
    for (const id of channels) slack.addChannel({ id, members: ["U1ANN"] });
    for (const channel of channels) {
      slack.interactions.command({ user: "U1ANN", channel, text: "ask what is the rent?" });
    }
    await slack.until(() => channels.every((channel) => said(channel).length === 2));
    expect(cores.engine.asked).toHaveLength(8);
    expect(slack.callsOf("chat.postMessage")).toHaveLength(16);
    for (const channel of channels) {
      const [question, answer] = slack.botMessages(channel);
      expect(answer?.threadTs).toBe(question?.ts);
    }
  });

  it("take a question whose form the other had opened", async () => {
    await startTwo();
    const { slack, said, cores } = replicas;
    const { ts } = slack.people.post({ user: "U1ANN", channel: "C1", text: "The deposit is two months' rent." });
    slack.sockets.spreadOver([0]);
    const act = { user: "U1ANN", channel: "C1", ts, callbackId: CALLBACKS.askAbout };
    await slack.interactions.messageShortcut(act).done;
    const viewId = await slack.until(() => [...slack.world.views.keys()].at(-1));
    slack.sockets.spreadOver([2]);
    await slack.interactions.submit({ user: "U1ANN", viewId, values: { question: "is that usual?" } }).done;
    await slack.until(() => said().some((text) => text.includes("Answer to: is that usual?")));
    expect(cores.engine.asked[0]?.context).toContain("two months");
  });

  it("know of each other's threads, also of one that has just begun", async () => {
    await startTwo({ skipUpTo: 0 });
    const { slack, ask, said, cores, clock } = replicas;
    slack.sockets.spreadOver([0]);
    const { ts } = ask("what is the rent?");
    slack.sockets.spreadOver([2]);
    slack.people.post({ user: "U1ANN", channel: "C1", threadTs: ts, text: "and the deposit?" });
    await clock.whenSleeping(500);
    await slack.until(() => cores.kept.has(`thread:C1:${ts}`));
    clock.advance(500);
    // One post in a second for each channel.
    await slack.until(() => said().length === 1);
    await clock.whenSleeping(1_000);
    clock.advance(1_000);
    await slack.until(() => said().length === 2);
    expect(cores.engine.asked.map(({ text }) => text).toSorted()).toEqual(["and the deposit?", "what is the rent?"]);
  });

  it("forget a deleted file in both channels, though it was shared through both at once", async () => {
    await startTwo();
    const { slack } = replicas;
    slack.addChannel({ id: "C8", members: ["U1ANN"] });
    slack.sockets.spreadOver([0]);
    const files = [{ name: "lease.pdf", bytes: "%PDF-1.7" }];
    const posted = slack.people.post({ user: "U1ANN", channel: "C1", text: "", files });
    const [delivery] = posted.deliveries;
    const file = posted.message.files[0] ?? "";
    const payload = structuredClone(delivery?.payload ?? {}) as { event: Record<string, unknown> };
    Object.assign(payload.event, { channel: "C8", ts: slack.world.nextTs() });
    const copy = slack.tell({ ...payload, event_id: "Ev-copy" }, slack.sockets.only(2));
    await Promise.all([delivery?.done, copy.done]);
    const scopes = ["C1", "C8"].map((id) => ({ kind: "channel" as const, key: `slack:T0TEAM:${id}` }));
    const { documents } = replicas.cores;
    const left = async (): Promise<number> =>
      (await Promise.all(scopes.map((scope) => documents.list({ scope })))).flat().length;
    expect(await left()).toBe(2);
    await slack.people.deleteFile(file)?.done;
    await expect.poll(left).toBe(0);
  });

  it.for([
    { label: "they hear of each other", bulletin: undefined },
    { label: "nothing is heard of the other", bulletin: silent },
  ])("offer once to stop what takes long, and leave no sign behind, though $label", async ({ bulletin }) => {
    await startTwo(bulletin === undefined ? {} : { bulletin });
    const { slack, ask, said, whispered, clock, underWay, cores } = replicas;
    const answer = holdAnswers();
    slack.sockets.spreadOver([0]);
    const channels = Array.from({ length: 4 }, (_, index) => `C9${index}`);
    for (const id of channels) slack.addChannel({ id, members: ["U1ANN"] });
    for (const channel of channels) ask("what is the rent?", channel);
    await slack.until(() => cores.engine.asked.length === 4 && underWay().length === 4);
    // Each replica counts from when it has shown its sign, one maybe a moment after the other. In small steps: their
    // leases end after 30 seconds of this clock, and are renewed by another.
    const offered = (): boolean => {
      clock.advance(2_000);
      return channels.every((channel) => whispered(channel).length > 0);
    };
    await expect.poll(offered).toBe(true);
    clock.advance(10_000);
    answer();
    await slack.until(() => channels.every((channel) => said(channel).length === 1) && underWay().length === 0);
    clock.advance(10_000);
    await slack.until(() => stillListed() === 0);
    expect(channels.map((channel) => whispered(channel).length)).toEqual([1, 1, 1, 1]);
  });

  it("leave alone what others are working on when one more starts", async () => {
    await startTwo();
    const { slack, ask, said, underWay, start, cores } = replicas;
    const answer = holdAnswers();
    ask("what is the rent?");
    await slack.until(() => cores.engine.asked.length === 1 && underWay().length === 1);
    await start();
    await slack.until(() => slack.sockets.connections.length >= 5);
    expect(underWay()).toHaveLength(1);
    expect(slack.callsOf("reactions.remove")).toEqual([]);
    answer();
    await slack.until(() => said().length === 1 && underWay().length === 0);
  });

  it("answer once what was written while none was there", async () => {
    replicas = await openSlackReplicas({ server: { retryDelaysMs: [] } });
    const { slack, ask, said, start, cores } = replicas;
    const first = await start();
    ask("one?");
    await slack.until(() => said().length === 1);
    await first.stop();
    for (const text of ["two?", "three?"]) ask(text);
    await slack.until(() => slack.deliveries.every(({ state }) => state !== "under-way"));
    await Promise.all([start(), start()]);
    await slack.until(() => said().length === 3);
    expect(cores.engine.asked.map(({ text }) => text)).toEqual(["one?", "two?", "three?"]);
  });
});

describe("Socket Mode connections of several replicas", () => {
  it("are one and a spare each while there is room, and then one", async () => {
    replicas = await openSlackReplicas();
    const { slack, start } = replicas;
    const bots = [];
    for (const expected of [2, 4, 6, 7]) {
      bots.push((await start()).bot);
      await slack.until(() => slack.sockets.connections.length === expected);
    }
    expect(bots.map((bot) => bot.connections?.())).toEqual([2, 2, 2, 1]);
  });

  it("make room for a replica that has none", async () => {
    replicas = await openSlackReplicas({ server: { maxConnections: 4 } });
    const { slack, start } = replicas;
    const bots = [];
    for (const expected of [2, 4]) {
      bots.push((await start()).bot);
      await slack.until(() => slack.sockets.connections.length === expected);
    }
    const { bot } = await start();
    bots.push(bot);
    await slack.until(() => bot.connections?.() === 1);
    expect(bots.map((each) => each.connections?.())).toEqual([1, 1, 1]);
    expect(await bot.check()).toEqual({ ready: true });
  });

  it("that Slack does not take are not ready, and say why", async () => {
    replicas = await openSlackReplicas({ server: { maxConnections: 1 } });
    const { slack, start } = replicas;
    await start();
    await slack.until(() => slack.sockets.connections.length === 1);
    const { bot } = await start();
    await expect
      .poll(() => bot.check())
      .toMatchObject({ ready: false, reason: expect.stringContaining("ten at most") });
  });
});
