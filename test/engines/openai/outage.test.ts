import { describe, expect, onTestFinished, test } from "vitest";
import { toTurnId } from "../../../src/core/ids.ts";
import type { OutgoingMessage } from "../../../src/core/ports/bot.ts";
import { silentLog } from "../../fakes/core-under-test.ts";
import { startCoreWithOpenAI, type CoreWithOpenAI } from "../../fakes/core-with-openai.ts";
import { createManualClock, type ManualClock } from "../../fakes/manual-clock.ts";
import { sampleIncoming } from "../../fakes/sample-data.ts";
import { temporaryFolder } from "../../fakes/temporary-folder.ts";
import { startOpenAIServer, type OpenAIServer } from "../../servers/openai-server.ts";
import type { OutageKind } from "../../servers/openai/outage.ts";

const CHANNELS = ["one", "two", "three", "four"];
const ASK_EVERY_SECONDS = 5;
const MINUTE = 60;

interface Asked {
  readonly turnId: string;
  readonly channel: string;
  readonly second: number;
}

interface World {
  readonly server: OpenAIServer;
  readonly clock: ManualClock;
  readonly core: CoreWithOpenAI;
  readonly asked: Asked[];
  /** Moments, in milliseconds, at which a request met the outage. */
  readonly contacts: number[];
  /** Lets a second pass, and everything happen that can happen by then. */
  tick(): Promise<void>;
  ask(channel: string, text: string, file?: { name: string; text: string }): Promise<string>;
  messageOf(turnId: string): OutgoingMessage | undefined;
}

async function open(): Promise<World> {
  const contacts: number[] = [];
  const clock = createManualClock();
  const startedAt = clock.steady();
  const server = await startOpenAIServer({ onContact: () => contacts.push(clock.steady()) });
  let inFlight = 0;
  const core = startCoreWithOpenAI({
    url: server.url,
    folder: temporaryFolder(),
    clock,
    log: silentLog,
    engine: {
      requestTimeoutMs: 2_000,
      probeTimeoutMs: 120,
      async fetch(input, init) {
        inFlight += 1;
        try {
          return await fetch(input, init);
        } finally {
          inFlight -= 1;
        }
      },
    },
  });
  onTestFinished(async () => {
    const stopped = core.stop();
    clock.advance(10_000);
    await stopped;
    await server.close();
  });
  const asked: Asked[] = [];
  let number = 0;

  return {
    server,
    clock,
    core,
    asked,
    contacts,
    async tick() {
      clock.advance(1_000);
      for (let quiet = 0; quiet < 5;) {
        // Whatever is being written is on the disk then: that waits for another thread.
        await core.inbox.renew([], { owner: "test", leaseMs: 1 });
        const isRunning = [...server.state.responses.values()].some(({ ended }) => !ended);
        quiet = inFlight === 0 && !isRunning ? quiet + 1 : 0;
      }
    },
    async ask(channel, text, file) {
      number += 1;
      const key = `test:${channel}:${number}`;
      const attachmentKey = `test:file-${number}`;
      if (file !== undefined) core.bot.files.set(attachmentKey, Buffer.from(file.text));
      const attachments =
        file === undefined ? [] : [{ key: attachmentKey, name: file.name, sizeBytes: null, reference: null }];
      const place = { key: `test:${channel}`, workspace: "test", isDirect: false, isShared: false };
      await core.docent.accept(sampleIncoming({ key, channel: place, text, attachments }));
      const turnId = toTurnId(key);
      asked.push({ turnId, channel, second: (clock.steady() - startedAt) / 1_000 + 1 });
      return turnId;
    },
    messageOf: (turnId) => core.bot.posted.find((message) => message.turnId === turnId),
  };
}

/** The most requests in any ten seconds. */
function densest(times: readonly number[]): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + 10_000).length));
}

describe("an hour without OpenAI", () => {
  test("each question has one message in order, with passages meanwhile, and OpenAI is asked once in ten seconds", async () => {
    const world = await open();
    const { server, core, contacts } = world;
    const outages: Readonly<Record<number, OutageKind>> = {
      [5 * MINUTE]: "resetting",
      [25 * MINUTE]: "hanging",
      [45 * MINUTE]: "overloaded",
    };
    const from = 5 * MINUTE;
    const to = 65 * MINUTE;
    const phaseAt: number[] = [];
    for (const channel of CHANNELS) {
      const text = `The access code of room ${channel} is 4711.`;
      await world.ask(channel, "What is the access code?", { name: `${channel}.txt`, text });
    }
    for (let second = 1; second <= 72 * MINUTE; second += 1) {
      const kind = outages[second];
      if (kind !== undefined) server.outage.set(kind);
      if (kind !== undefined) phaseAt.push(contacts.length);
      if (second === to) server.outage.set(null);
      if (second % ASK_EVERY_SECONDS === 0 && second < 70 * MINUTE) {
        const channel = CHANNELS[(second / ASK_EVERY_SECONDS) % CHANNELS.length] ?? "";
        const isNew = second % (10 * MINUTE) === 5 * MINUTE + 100;
        const file = { name: `notice-${second}.txt`, text: `The parking fee number ${second} is 12 euros.` };
        if (isNew) await world.ask(channel, `What is the parking fee number ${second}?`, file);
        else await world.ask(channel, "What is the access code of the room?");
      }
      await world.tick();
    }

    // Each question has exactly one message, in the order of its channel.
    for (const channel of CHANNELS) {
      const turns = world.asked.filter((each) => each.channel === channel).map(({ turnId }) => turnId);
      const posted = core.bot.posted.filter((message) => message.channel.key === `test:${channel}`);
      expect(posted.map(({ turnId }) => turnId)).toEqual(turns);
    }
    const unlike = (expected: string, between: (second: number) => boolean): Asked[] =>
      world.asked.filter(({ second, turnId }) => between(second) && world.messageOf(turnId)?.kind !== expected);
    expect(unlike("answer", (second) => second < from)).toEqual([]);
    expect(unlike("error", (second) => second >= from && second < to - 30)).toEqual([]);
    expect(unlike("answer", (second) => second > to + MINUTE)).toEqual([]);
    const failed = world.asked.filter(({ turnId }) => world.messageOf(turnId)?.kind === "error");
    const bare = failed.filter(({ turnId }) => world.messageOf(turnId)?.citations.length === 0);
    expect(bare).toEqual([]);
    expect(failed.length).toBeGreaterThan(700);
    expect(failed.every(({ turnId }) => world.messageOf(turnId)?.canRetry === true)).toBe(true);

    // What OpenAI was spent on: what it took to know, then at most one in ten seconds.
    const [, hangingAt = 0, overloadedAt = 0] = phaseAt;
    const untilKnown = contacts.findIndex((at, index) => at > (contacts[index - 1] ?? at) + 9_000);
    expect(untilKnown).toBeLessThanOrEqual(5 + CHANNELS.length);
    const known = contacts.slice(untilKnown);
    expect(densest(known)).toBe(1);
    for (const phase of [contacts.slice(untilKnown, hangingAt), contacts.slice(hangingAt, overloadedAt)]) {
      expect(phase.length).toBeGreaterThanOrEqual(35);
      expect(phase.length).toBeLessThanOrEqual(121);
    }
    expect(contacts.length - overloadedAt).toBeGreaterThanOrEqual(35);

    // One click asks the model again, and a file of that hour need not be posted again.
    const [lost] = failed;
    const again = toTurnId(`test:${lost?.channel}:${world.asked.findIndex((each) => each === lost) + 1}~again`);
    expect(await core.docent.retry(lost?.turnId ?? "")).toBe(true);
    while (world.messageOf(again) === undefined) await world.tick();
    expect(world.messageOf(again)?.kind).toBe("answer");
    const names = [...server.state.files.values()].map(({ filename }) => filename);
    expect(names.filter((name) => name.startsWith("notice-")).length).toBeGreaterThanOrEqual(6);
    expect(new Set(names).size).toBe(names.length);
  }, 120_000);
});
