import { toTurnId } from "../../../src/core/ids.ts";
import { createKeyedLock } from "../../../src/core/keyed-lock.ts";
import { createLocalBulletin } from "../../../src/core/local-bulletin.ts";
import type { Incoming } from "../../../src/core/incoming.ts";
import type { Bot, OutgoingMessage } from "../../../src/core/ports/bot.ts";
import type { KeyValue } from "../../../src/core/ports/stores.ts";
import type { HttpMount } from "../../../src/core/ports/system.ts";
import { createSlackBot } from "../../../src/bots/slack/slack-bot.ts";
import type { SlackBotOptions } from "../../../src/bots/slack/slack-bot-options.ts";
import { createManualClock, type ManualClock } from "../../fakes/manual-clock.ts";
import { startSlackServer, type SlackServer } from "../../servers/slack-server.ts";
import type { WorldOptions } from "../../servers/slack/world.ts";
import { createRecordingDocent, type RecordingDocent } from "./recording-docent.ts";

export interface LogLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
}

/** A Slack bot with its SDK, a Slack server of ours, and a core that records. */
export interface SlackUnderTest {
  readonly slack: SlackServer;
  readonly bot: Bot & HttpMount;
  readonly docent: RecordingDocent;
  readonly clock: ManualClock;
  readonly log: readonly LogLine[];
  readonly counts: ReadonlyMap<string, number>;
  readonly seen: Map<string, unknown>;
  /** A part of an answer to a question, as core sends it. */
  answerTo(incoming: Incoming, change?: Partial<OutgoingMessage>): OutgoingMessage;
  /** Resolves when core has so many messages. */
  accepted(count: number): Promise<readonly Incoming[]>;
  /** The same bot once more, as after a restart: what it remembers is kept, what it held in memory is not. */
  restart(prepare?: (docent: RecordingDocent) => void): Promise<void>;
  close(): Promise<void>;
}

/** Fast enough for tests; the order of things is Slack's. */
const ROUND_TRIP = { ackTimeoutMs: 400, retryDelaysMs: [10, 20, 30] };

export async function startSlackBot(
  options: { server?: WorldOptions; bot?: Partial<SlackBotOptions>; start?: boolean } = {},
): Promise<SlackUnderTest> {
  // Pauses of a second and less pass at once; nothing here waits for a wall clock.
  const clock = createManualClock({ skipUpTo: 1_000 });
  const slack = await startSlackServer({ ...ROUND_TRIP, now: () => clock.now(), ...options.server });
  slack.addUser({ id: "U1ANN", displayName: "Ann", isAdmin: true });
  slack.addUser({ id: "U2BEN", displayName: "Ben", locale: "ko-KR" });
  slack.addChannel({ id: "C1", name: "general", members: ["U1ANN", "U2BEN"] });
  const log: LogLine[] = [];
  const counts = new Map<string, number>();
  const seen = new Map<string, unknown>();
  const lock = createKeyedLock();
  const bulletin = createLocalBulletin();
  let docent = createRecordingDocent();
  const keep = (level: LogLine["level"]) => (message: string) => void log.push({ level, message });
  const make = (): Bot & HttpMount =>
    createSlackBot({
      botToken: "xoxb-test",
      mode: { kind: "socket", appToken: "xapp-test" },
      apiUrl: slack.apiUrl,
      conversationPer: "channel",
      readUploads: "asked",
      maxFileMb: 1,
      seen: toKeyValue(seen),
      lock,
      bulletin,
      clock,
      log: { debug: keep("debug"), info: keep("info"), warn: keep("warn"), error: keep("error") },
      metrics: {
        count: (name) => void counts.set(name, (counts.get(name) ?? 0) + 1),
        observe: () => undefined,
      },
      language: "auto",
      ...options.bot,
    });
  let bot = make();
  const whenAccepted = new Set<() => void>();
  const listen = (): void => {
    const accept = docent.accept.bind(docent);
    docent.accept = async (incoming) => {
      const accepted = await accept(incoming);
      for (const check of whenAccepted) check();
      return accepted;
    };
  };
  listen();
  if (options.start !== false) await startAndConnect();

  async function startAndConnect(): Promise<void> {
    await bot.start(docent);
    if (options.bot?.mode?.kind !== "http") await slack.until(() => slack.sockets.connections.length === 2);
  }

  return {
    slack,
    get bot() {
      return bot;
    },
    get docent() {
      return docent;
    },
    clock,
    log,
    counts,
    seen,
    answerTo: (incoming, change = {}) => ({
      id: `part:${incoming.key}:${change.part ?? 1}`,
      turnId: toTurnId(incoming.key),
      kind: "answer",
      canRetry: change.kind === "error",
      isRepeat: false,
      part: 1,
      parts: 1,
      text: "An answer.",
      citations: [],
      usage: null,
      channel: incoming.channel,
      replyTo: incoming.replyTo,
      locale: incoming.locale ?? "en",
      ...change,
    }),
    accepted: (count) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (docent.accepted.length < count) return;
          whenAccepted.delete(check);
          resolve(docent.accepted);
        };
        whenAccepted.add(check);
        check();
      }),
    async restart(prepare) {
      // What is under way would be delivered again, to the next one.
      await slack.until(() => slack.deliveries.every(({ state }) => state !== "under-way"));
      await bot.stop();
      docent = createRecordingDocent(docent);
      prepare?.(docent);
      listen();
      bot = make();
      await startAndConnect();
    },
    async close() {
      await bot.stop();
      await slack.close();
    },
  };
}

function toKeyValue(map: Map<string, unknown>): KeyValue<unknown> {
  return {
    get: (key) => Promise.resolve(structuredClone(map.get(key))),
    set: (key, value) => Promise.resolve(void map.set(key, structuredClone(value))),
    delete: (key) => Promise.resolve(map.delete(key)),
  };
}

/** The question that core got, or a clear failure. */
export function only<T>(items: readonly T[]): T {
  const [first] = items;
  if (first === undefined || items.length !== 1) throw new Error(`Expected one, there are ${items.length}.`);
  return first;
}
