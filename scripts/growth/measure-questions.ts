import { randomUUID } from "node:crypto";
import { createDocent } from "../../src/core/docent.ts";
import { toTurnId } from "../../src/core/ids.ts";
import type { Engine } from "../../src/core/ports/engine.ts";
import type { Clock } from "../../src/core/ports/system.ts";
import { plainReader } from "../../test/fakes/plain-reader.ts";
import { toChannel, toIncoming } from "./fill.ts";
import { errorsOnly } from "./errors-only.ts";
import type { GrowthStores } from "./growth-stores.ts";
import { createLoggingBot } from "./logging-bot.ts";
import { createTimeBook, quantile, type TimeBook } from "./time-book.ts";

export interface Measured {
  /** From accepting a question to its end, one after the other. */
  readonly medianMs: number;
  readonly p99Ms: number;
  /** Store operations of one question. */
  readonly operations: ReturnType<TimeBook["take"]>;
}

/** Core on stores that hold something. */
export interface Asker {
  /** Asks so many questions, one after the other, in channels chosen at random among those that exist. */
  ask(count: number): Promise<void>;
  /** What was measured since the last call. */
  take(): Measured;
  stop(): Promise<void>;
}

/** One process: core, the real stores, a bot that writes answers down. */
export async function startAsker(
  stores: GrowthStores,
  options: { readonly channels: number; readonly engine: Engine; readonly clock: Clock },
): Promise<Asker> {
  const { channels, engine, clock } = options;
  const book = createTimeBook();
  const bot = createLoggingBot(book.watch("messages", stores.messages));
  const docent = createDocent({
    ...stores,
    inbox: book.watch("inbox", stores.inbox),
    documents: book.watch("documents", stores.documents),
    usage: book.watch("usage", stores.usage),
    jobs: book.watch("jobs", stores.jobs),
    reader: plainReader,
    bots: new Map([[bot.name, bot]]),
    engines: [engine],
    clock,
    log: errorsOnly,
    metrics: { count() {}, observe() {} },
    budgets: { ledger: stores.ledger, limits: { all: null, channel: null, user: null }, timeZone: "UTC" },
    knowledgeEditors: [],
    retentionDays: null,
    owner: randomUUID(),
    concurrentRuns: 16,
    limits: { maxFileMb: 1, maxFileTokens: 100_000 },
    readUploads: "asked",
    runDeadlineSeconds: 60,
    knowledgeInSharedChannels: false,
    language: null,
  });
  await docent.start();
  let times: number[] = [];
  return {
    async ask(count) {
      for (let asked = 0; asked < count; asked += 1) {
        const incoming = toIncoming(toChannel(Math.floor(Math.random() * channels)), randomUUID(), clock.now());
        const startedAt = performance.now();
        const ended = bot.ended(toTurnId(incoming.key));
        await docent.accept(incoming);
        await ended;
        times.push(performance.now() - startedAt);
      }
    },
    take() {
      const taken = times;
      times = [];
      return { medianMs: quantile(taken, 0.5), p99Ms: quantile(taken, 0.99), operations: book.take(taken.length) };
    },
    stop: () => docent.stop(),
  };
}
