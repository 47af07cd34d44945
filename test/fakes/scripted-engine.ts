import type { Engine, Question, RunResult } from "../../src/core/ports/engine.ts";

export interface ScriptedEngine extends Engine {
  /** Questions that it was asked, in order: one for each run. */
  readonly asked: readonly Question[];
  /** What happened, in order, e.g. `add d1`, `start t_1`, `cancel run-1`. */
  readonly log: readonly string[];
  readonly has: ReadonlySet<string>;
  /** Answers a question; may throw, and may wait. */
  answer: (question: Question, signal: AbortSignal) => RunResult | Promise<RunResult>;
  /** Called before a document is taken; may throw, and may wait. */
  onAdd: (documentId: string) => void | Promise<void>;
  /** Called before a run gets its id; may throw. */
  onStart: (question: Question, signal: AbortSignal) => void | Promise<void>;
}

/** An engine that answers what a test says and remembers what it was asked. */
export function createScriptedEngine(name = "scripted"): ScriptedEngine {
  const asked: Question[] = [];
  const log: string[] = [];
  const has = new Set<string>();
  const engine: ScriptedEngine = {
    name,
    asked,
    log,
    has,
    answer: (question) => plainResult(`Answer to: ${question.text}`),
    onAdd: () => undefined,
    onStart: () => undefined,
    check: () => Promise.resolve({ ready: true }),
    async addDocument({ document }) {
      await engine.onAdd(document.id);
      has.add(document.id);
      log.push(`add ${document.name}`);
    },
    removeDocument(document) {
      has.delete(document.id);
      log.push(`remove ${document.name}`);
      return Promise.resolve();
    },
    async startRun(question, { mayExist, signal }) {
      await engine.onStart(question, signal);
      log.push(mayExist ? "look for a run" : "start a run");
      asked.push(question);
      return { engine: name, id: `run-${asked.length}`, resume: {} };
    },
    async waitForRun(run, question, { signal, onProgress }) {
      log.push(`wait for ${run.id}`);
      onProgress({ step: "writing" });
      return await engine.answer(question, signal);
    },
    cancelRun(run) {
      log.push(`cancel ${run.id}`);
      return Promise.resolve();
    },
    forgetTurn(conversation, turnId) {
      log.push(`forget ${turnId} in ${conversation}`);
      return Promise.resolve();
    },
    leaveConversation(conversation) {
      log.push(`leave ${conversation}`);
      return Promise.resolve();
    },
    forgetConversation(conversation) {
      log.push(`forget ${conversation}`);
      return Promise.resolve();
    },
    stop: () => Promise.resolve(),
  };
  return engine;
}

export function plainResult(text: string, change: Partial<RunResult> = {}): RunResult {
  return { text, sources: [], consulted: [], usage: null, cutShort: null, ...change };
}

/** Resolves never; rejects when the signal aborts. For runs that hang. */
export function hang(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error("aborted"));
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
