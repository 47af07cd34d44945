import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import Pdf from "pdfkit";
import { onTestFinished } from "vitest";
import type { Document, FileType, Page, ReadableDocument, Scope } from "../../../src/core/document.ts";
import { createKeyedLock } from "../../../src/core/keyed-lock.ts";
import type { Engine, Question, RunProgress, RunResult } from "../../../src/core/ports/engine.ts";
import type { KeyValue } from "../../../src/core/ports/stores.ts";
import type { Log } from "../../../src/core/ports/system.ts";
import { createOpenAIEngine, type OpenAIEngine } from "../../../src/engines/openai/openai-engine.ts";
import type { OpenAIEngineOptions } from "../../../src/engines/openai/openai-engine-options.ts";
import { createOpenAIStores, type OpenAIStores } from "../../../src/engines/openai/records.ts";
import { createManualClock, type ManualClock } from "../../fakes/manual-clock.ts";
import { sampleDocument } from "../../fakes/sample-data.ts";
import { temporaryFolder } from "../../fakes/temporary-folder.ts";
import { startOpenAIServer, type OpenAIServer, type OpenAIServerOptions } from "../../servers/openai-server.ts";

export const CHANNEL: Scope = { kind: "channel", key: "test:general" };
export const TEAM: Scope = { kind: "workspace", key: "test" };

/** An engine that talks to a server of its own through OpenAI's SDK. */
export interface Talk {
  readonly server: OpenAIServer;
  readonly engine: OpenAIEngine;
  readonly clock: ManualClock;
  readonly stores: OpenAIStores;
  readonly logged: readonly string[];
  /** Another engine over the same stores: what a restart, or another process, would see. */
  restart(options?: Partial<OpenAIEngineOptions>): OpenAIEngine;
  question(change?: Partial<Question>): Question;
  ask(change?: Partial<Question>, engine?: Engine): Promise<RunResult>;
}

/** Pauses between attempts pass at once; the fifteen seconds of a silent stream and the deadline wait for the test. */
const SKIP_UP_TO_MS = 10_000;

export async function startTalk(
  server: OpenAIServerOptions = {},
  options: Partial<OpenAIEngineOptions> = {},
  skipUpTo = SKIP_UP_TO_MS,
): Promise<Talk> {
  const started = await startOpenAIServer(server);
  const clock = createManualClock({ startAt: Date.now(), skipUpTo });
  const stores = createStores();
  // Of all engines: they stand for processes that share the stores.
  const lock = createKeyedLock();
  const logged: string[] = [];
  const engines: Engine[] = [];
  const create = (change: Partial<OpenAIEngineOptions> = {}): OpenAIEngine => {
    const engine = createOpenAIEngine({
      apiKey: "test-key",
      baseUrl: started.url,
      model: "gpt-6-luna",
      inlineMaxTokens: 1_000,
      deadlineSeconds: 300,
      stores,
      lock,
      clock,
      log: recordingLog(logged),
      requestTimeoutMs: 5_000,
      ...options,
      ...change,
    });
    engines.push(engine);
    return engine;
  };
  const engine = create();
  onTestFinished(async () => {
    // Before the server, or its streams would look broken. The clock's time does not pass by itself any more.
    await Promise.all(engines.map((each) => each.stop()));
    await started.close();
  });
  let turns = 0;

  function question(change: Partial<Question> = {}): Question {
    turns += 1;
    return {
      turnId: `t_${turns}`,
      conversation: "test:general",
      channel: "test:general",
      workspace: "test",
      text: "How long is the notice period?",
      context: null,
      author: { id: "u1", name: "Kim" },
      locale: "en",
      attached: [],
      available: [],
      deadlineAt: clock.steady() + 300_000,
      ...change,
    };
  }

  return {
    server: started,
    engine,
    clock,
    stores,
    logged,
    restart: create,
    question,
    ask: (change, by = engine) => askEngine(by, question(change)),
  };
}

export async function askEngine(engine: Engine, question: Question, mayExist = false): Promise<RunResult> {
  const run = await engine.startRun(question, { mayExist, signal: never() });
  const result = await engine.waitForRun(run, question, { signal: never(), onProgress: ignore });
  await result.noted;
  return result;
}

/** Waits for a run and notes the steps it showed. */
export async function followEngine(
  engine: Engine,
  question: Question,
): Promise<{ result: RunResult; steps: RunProgress["step"][] }> {
  const steps: RunProgress["step"][] = [];
  const run = await engine.startRun(question, { mayExist: false, signal: never() });
  const onProgress = ({ step }: RunProgress): void => void steps.push(step);
  const result = await engine.waitForRun(run, question, { signal: never(), onProgress });
  await result.noted;
  return { result, steps };
}

export function never(): AbortSignal {
  return new AbortController().signal;
}

export function ignore(): void {
  // Nothing is to be done.
}

const TYPES: Readonly<Record<string, FileType>> = {
  pdf: { kind: "pdf", mimeType: "application/pdf", extension: "pdf" },
  md: { kind: "text", mimeType: "text/markdown", extension: "md" },
  txt: { kind: "text", mimeType: "text/plain", extension: "txt" },
  ts: { kind: "text", mimeType: "text/plain", extension: "ts" },
  csv: { kind: "table", mimeType: "text/csv", extension: "csv" },
  html: { kind: "text", mimeType: "text/html", extension: "html" },
  xlsx: { kind: "workbook", mimeType: "application/x", extension: "xlsx" },
  xlsm: { kind: "workbook", mimeType: "application/x", extension: "xlsm" },
  docx: { kind: "office", mimeType: "application/x", extension: "docx" },
  pptx: { kind: "office", mimeType: "application/x", extension: "pptx" },
  scan: { kind: "scan", mimeType: "application/pdf", extension: "pdf" },
  png: { kind: "image", mimeType: "image/png", extension: "png" },
};

/** A document with true bytes on the disk. `tokens` may claim more than the text has, to make it a long one. */
export function toReadable(
  name: string,
  bytes: Buffer | string,
  change: Pick<Partial<Document>, "scope" | "tokens" | "id" | "createdAt" | "unit" | "pages"> & {
    type?: keyof typeof TYPES;
    texts?: readonly Page[];
  } = {},
): ReadableDocument {
  const id = change.id ?? `d_${createHash("sha256").update(name).digest("hex").slice(0, 16)}`;
  const file = path.join(temporaryFolder(), id);
  writeFileSync(file, bytes);
  const extension = change.type ?? name.split(".").at(-1) ?? "";
  return {
    document: sampleDocument({
      id,
      name,
      scope: change.scope ?? CHANNEL,
      type: TYPES[extension] ?? null,
      sizeBytes: Buffer.byteLength(bytes),
      tokens: change.tokens ?? Math.ceil(Buffer.byteLength(bytes) / 4),
      createdAt: change.createdAt ?? 1_000,
      unit: change.unit ?? "page",
      pages: change.pages ?? null,
    }),
    withFile: (use) => use(file),
    pages: () => Promise.resolve(change.texts ?? []),
  };
}

/** A PDF with one paragraph on each page. */
export function createPdf(pages: readonly string[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pdf = new Pdf({ autoFirstPage: false });
    const parts: Buffer[] = [];
    pdf.on("data", (part: Buffer) => parts.push(part));
    pdf.on("end", () => resolve(Buffer.concat(parts)));
    pdf.on("error", reject);
    for (const page of pages) pdf.addPage().text(page);
    pdf.end();
  });
}

export const LEASE = [
  "This lease is between Ada and Grace.",
  "The notice period is three months to the end of a quarter. The deposit is 2,400 euros.",
];

export function createStores(onGet: (namespace: string) => void = ignore): OpenAIStores {
  return createOpenAIStores((namespace) => createKeyValue(() => onGet(namespace)));
}

/** Keeps values as a real store would: copied, not shared. */
function createKeyValue<T>(onGet: () => void): KeyValue<T> {
  const values = new Map<string, T>();
  return {
    get(key) {
      onGet();
      return Promise.resolve(structuredClone(values.get(key)));
    },
    set(key, value) {
      values.set(key, structuredClone(value));
      return Promise.resolve(true);
    },
    delete: (key) => Promise.resolve(values.delete(key)),
  };
}

function recordingLog(lines: string[]): Log {
  const write = (message: string, fields?: unknown): void =>
    void lines.push(
      `${message} ${JSON.stringify(fields, (_, value: unknown) => (value instanceof Error ? String(value) : value))}`,
    );
  return { debug: write, info: write, warn: write, error: write };
}
