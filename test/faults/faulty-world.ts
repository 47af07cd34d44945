import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { ErrorCode } from "../../src/core/errors.ts";
import { toTurnId } from "../../src/core/ids.ts";
import type { Log } from "../../src/core/ports/system.ts";
import { startCoreWithOpenAI } from "../fakes/core-with-openai.ts";
import { createFastClock } from "../fakes/fast-clock.ts";
import { sampleIncoming } from "../fakes/sample-data.ts";
import { startOpenAIServer, type OpenAIServer } from "../servers/openai-server.ts";
import { isJson } from "../servers/openai/state.ts";

/** A minute is a second or so: pauses pass, requests that hang are given up, runs that are stuck reach their deadline. */
const FACTOR = 50;
const REQUEST_TIMEOUT_MS = 800;
const DEADLINE_SECONDS = 120;
/** A question without an answer by then is stuck. */
const STUCK_MS = 30_000;

/** Worlds of one process have documents of their own: core reads a document once, by its id. */
let worlds = 0;

export interface Outcome {
  readonly turnId: string;
  /** How many messages people see. */
  readonly messages: number;
  /** `answer`, the code of the error, or `nothing`. */
  readonly end: "answer" | "files refused" | "nothing" | ErrorCode;
  /** Runs that the model was asked for. */
  readonly runs: number;
  /** Runs among them that could have given an answer: those that failed at OpenAI may be asked for again. */
  readonly useful: number;
}

export interface FaultyWorld {
  readonly server: OpenAIServer;
  ask(channel: string, text: string, file?: { name: string; text: string }): Promise<string>;
  /** Resolves when so many messages are there, or nothing has come for long. */
  settle(messages: number): Promise<void>;
  outcome(turnId: string): Promise<Outcome>;
  /** Turns in the order in which people see their messages. */
  order(channel: string): readonly string[];
  close(): Promise<void>;
}

/** Core with the real SDK against a server of ours that does what a test plans. */
export async function openFaultyWorld(random: () => number, runTimeMs: number): Promise<FaultyWorld> {
  const folder = mkdtempSync(path.join(tmpdir(), "docent-faults-"));
  const server = await startOpenAIServer({ random, runTimeMs, indexTimeMs: 12 });
  const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
  const core = startCoreWithOpenAI({
    url: server.url,
    folder,
    clock: createFastClock(FACTOR),
    log: quiet,
    engine: {
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      probeTimeoutMs: REQUEST_TIMEOUT_MS,
      deadlineSeconds: DEADLINE_SECONDS,
    },
    core: { runDeadlineSeconds: DEADLINE_SECONDS },
  });
  let number = 0;
  worlds += 1;
  const name = `w${worlds}`;

  return {
    server,
    async ask(channel, text, file) {
      number += 1;
      const key = `test:${channel}:${number}`;
      const attachmentKey = `test:${name}-file-${number}`;
      if (file !== undefined) core.bot.files.set(attachmentKey, Buffer.from(file.text));
      const attachments =
        file === undefined ? [] : [{ key: attachmentKey, name: file.name, sizeBytes: null, reference: null }];
      const place = { key: `test:${channel}`, workspace: "test", isDirect: false, isShared: false };
      await core.docent.accept(sampleIncoming({ key, channel: place, text, attachments }));
      return toTurnId(key);
    },
    async settle(messages) {
      const late = new AbortController();
      await Promise.race([
        core.bot.posts(messages),
        wait(STUCK_MS, undefined, { signal: late.signal }).catch(() => {}),
      ]);
      late.abort();
    },
    async outcome(turnId) {
      const posted = core.bot.posted.filter((message) => message.turnId === turnId);
      const turn = await core.inbox.get(turnId);
      const runs = [...server.state.responses.values()].filter(
        ({ request }) => isJson(request["metadata"]) && request["metadata"]["turn"] === turnId,
      );
      const useful = runs.filter(({ body }) => ["queued", "in_progress", "completed"].includes(String(body["status"])));
      const [first] = posted;
      const isAboutFiles = first?.kind === "notice" && turn?.error === null && first.text.startsWith("> ⚠️ ");
      const end =
        first?.kind === "answer" ? "answer" : isAboutFiles ? "files refused" : (turn?.error?.code ?? "nothing");
      return { turnId, messages: posted.length, end, runs: runs.length, useful: useful.length };
    },
    order: (channel) =>
      core.bot.posted.filter((message) => message.channel.key === `test:${channel}`).map(({ turnId }) => turnId),
    async close() {
      await core.stop();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
