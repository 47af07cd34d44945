import type { Clock, Log } from "../../../src/core/ports/system.ts";
import { createLocalBulletin } from "../../../src/core/local-bulletin.ts";
import { createWebBot } from "../../../src/bots/web/web-bot.ts";
import type { WebBotOptions } from "../../../src/bots/web/web-bot-options.ts";
import { createMemoryBlobs } from "../../fakes/memory-blobs.ts";
import { createMemoryMessageLog } from "../../fakes/memory-message-log.ts";
import { createScriptedDocent, type ScriptedDocent } from "../../fakes/scripted-docent.ts";

/** A clock that stands still until a test moves it; sleepers wake when their time has come. */
export interface StandingClock extends Clock {
  advance(ms: number): void;
  readonly sleepers: number;
}

export interface WebBotUnderTest {
  readonly bot: ReturnType<typeof createWebBot>;
  readonly docent: ScriptedDocent;
  readonly blobs: ReturnType<typeof createMemoryBlobs>;
  readonly messages: ReturnType<typeof createMemoryMessageLog>;
  readonly clock: StandingClock;
  /** Errors that the bot logged: none is expected unless a test provokes one. */
  readonly errors: readonly unknown[];
  /** Another bot on the same stores: what a restart of the program makes. */
  readonly restart: () => Promise<WebBotUnderTest["bot"]>;
}

/** The web bot on scripted core and stores in memory, started. */
export async function startWebBot(change: Partial<WebBotOptions> = {}): Promise<WebBotUnderTest> {
  const blobs = createMemoryBlobs();
  const messages = createMemoryMessageLog();
  const docent = createScriptedDocent(blobs);
  const bulletin = createLocalBulletin();
  const clock = createStandingClock();
  const errors: unknown[] = [];
  const log: Log = { debug() {}, info() {}, warn() {}, error: (message, fields) => errors.push([message, fields]) };
  const restart = async (): Promise<WebBotUnderTest["bot"]> => {
    const fixed = { messages, blobs, bulletin, clock, log, maxFileMb: 1, loopback: true, engineName: "openai" };
    const bot = createWebBot({ ...fixed, language: "auto", ...change });
    docent.bot = bot;
    await bot.start(docent);
    return bot;
  };
  return { bot: await restart(), docent, blobs, messages, clock, errors, restart };
}

function createStandingClock(): StandingClock {
  let now = Date.UTC(2026, 10, 23, 9, 30);
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  return {
    now: () => now,
    steady: () => now,
    get sleepers() {
      return sleepers.length;
    },
    advance(ms) {
      now += ms;
      const due = sleepers.filter(({ at }) => at <= now);
      sleepers = sleepers.filter(({ at }) => at > now);
      for (const { wake } of due) wake();
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const sleeper = { at: now + ms, wake: resolve };
        sleepers = [...sleepers, sleeper];
        signal?.addEventListener("abort", () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          reject(signal.reason);
        });
      }),
  };
}
