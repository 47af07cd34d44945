import { isDocentError, type DocentError } from "../../core/errors.ts";
import type { Engine, RunResult } from "../../core/ports/engine.ts";
import type { Run } from "../../core/turn.ts";
import { createCheck } from "./check.ts";
import { createConversations } from "./conversations/conversations.ts";
import { createContext } from "./create-context.ts";
import { toDeadlineError } from "./runs/deadline-error.ts";
import { createDocuments } from "./documents/documents.ts";
import { isPassing, toEngineError } from "./errors.ts";
import type { OpenAIEngineOptions } from "./openai-engine-options.ts";
import { estimateCost } from "./spending/estimate-cost.ts";
import { finishRecovered, finishRun, readResume, toResume } from "./runs/finish-run.ts";
import { unlessGone } from "./openai-client.ts";
import { createRenewals } from "./conversations/renewals.ts";
import { isEnded, type RunResponse, type RunStream } from "./runs/run-stream.ts";
import { startRun } from "./runs/start-run.ts";
import { createVectorStores } from "./documents/vector-stores.ts";
import { followRun } from "./runs/wait-for-run.ts";
import { repeatUntil, waitAtMost } from "./runs/wait.ts";

export interface OpenAIEngine extends Engine {
  /** Resolves when nothing is under way behind answers: fresh conversations, deletions. */
  idle(): Promise<void>;
}

const ENGINE = "openai";
const STOP_WITHIN_MS = 2_000;

/**
 * Answers with OpenAI's Responses API: one conversation for each of ours, background runs, files in the prompt or in
 * vector stores. All errors are DocentErrors; none carries the key or what people wrote.
 */
export function createOpenAIEngine(options: OpenAIEngineOptions): OpenAIEngine {
  const { clock, log } = options;
  const context = createContext(options);
  const { client } = context;
  const conversations = createConversations(context);
  const vectorStores = createVectorStores(context);
  const documents = createDocuments(context, vectorStores);
  const renewals = createRenewals(context, { conversations, documents });
  const parts = { conversations, documents, vectorStores, renewals };
  const streams = { offered: true };
  const live = new Map<string, RunStream>();

  return {
    name: ENGINE,
    check: createCheck({ client, clock }),

    async addDocument(readable, signal) {
      await plainly(signal, async () => {
        await documents.add(readable, signal);
      });
    },

    async removeDocument(document) {
      await plainly(undefined, () =>
        documents.remove(document, (conversation, fileIds) => conversations.purgeFiles(conversation, fileIds)),
      );
    },

    estimate: (question) => plainly(undefined, () => estimateCost(question, context)),

    async startRun(question, { mayExist, signal }) {
      const started = await plainly(signal, () => startRun(question, context, { ...parts, mayExist, signal, streams }));
      const startedAt = clock.steady();
      if (started.kind === "answered") {
        const { conversationId, found } = started;
        const id = "id" in found.message && typeof found.message.id === "string" ? found.message.id : question.turnId;
        const lost = { inlined: {}, broughtNotes: false, streamed: false, recovered: true };
        const notes = { conversationId, ...lost, startedAt };
        return { engine: ENGINE, id, resume: toResume(notes) };
      }
      const { runId, stream, prepared } = started;
      if (stream !== undefined) keep(runId, stream);
      const { conversationId, inlined, broughtNotes } = prepared;
      const streamed = stream !== undefined;
      const notes = { conversationId, inlined, broughtNotes, streamed, recovered: false, startedAt };
      return { engine: ENGINE, id: runId, resume: toResume(notes) };
    },

    async waitForRun(run, question, { signal, onProgress }) {
      const notes = readResume(run);
      return await plainly(signal, async () => {
        if (notes.recovered) {
          const finish = (): Promise<RunResult> => finishRecovered(question, notes, { ...parts, context, signal });
          return await repeatUntil(question.deadlineAt, finish, { clock, signal, passes: isPassing });
        }
        const noteBadEnd = async (): Promise<void> => {
          const end = { conversationId: notes.conversationId, turnId: question.turnId, ended: "badly" } as const;
          await conversations.noteEnd(question.conversation, end);
        };
        const { ended, unreachable } = await followRun(run.id, question, context, {
          signal,
          onProgress,
          live: live.get(run.id),
          streamed: notes.streamed,
        }).catch(async (error: unknown) => {
          // Stopped, or lost from sight: what it leaves behind would be answered together with the next question.
          await noteBadEnd();
          throw error;
        });
        const response = ended ?? (await cancel(run));
        forgetStream(run.id);
        const isOverdue = clock.steady() >= question.deadlineAt;
        const toDeadline = (): DocentError =>
          toDeadlineError(`The run ${run.id} was stopped at its deadline.`, question, notes.startedAt, context);
        if (response === undefined || !isEnded(response)) {
          await noteBadEnd();
          // Nobody knows how far it got: that is another message than one about a model that takes too long.
          throw unreachable ?? toDeadline();
        }
        return await finishRun(response, question, notes, { ...parts, context, isOverdue, toDeadline });
      });
    },

    async cancelRun(run) {
      if (readResume(run).recovered) return;
      await cancel(run);
      forgetStream(run.id);
    },

    async forgetTurn(conversation, turnId) {
      await plainly(undefined, () => conversations.purgeTurn(conversation, turnId));
    },

    async leaveConversation(conversation) {
      await plainly(undefined, () => conversations.leave(conversation));
    },

    async forgetConversation(conversation, { keepsPresent } = { keepsPresent: false }) {
      await plainly(undefined, () =>
        keepsPresent ? conversations.forgetLeft(conversation) : conversations.forget(conversation),
      );
    },

    idle,

    async stop() {
      for (const id of live.keys()) forgetStream(id);
      renewals.stop();
      // What is not deleted by then stands in the conversation's record.
      await waitAtMost(idle(), STOP_WITHIN_MS, { clock });
    },
  };

  async function idle(): Promise<void> {
    await renewals.idle();
    await conversations.idle();
  }

  /** Asks for the end of a run. Returns the run as it then is; undefined when OpenAI does not have it or says no. */
  async function cancel(run: Run): Promise<RunResponse | undefined> {
    const attempted = "Cancelling a run";
    try {
      return await unlessGone(client.patiently(attempted, () => client.sdk.responses.cancel(run.id)));
    } catch (error) {
      if (isDocentError(error, "engine_refused"))
        log.debug("A run could not be cancelled: it is over.", { run: run.id });
      else log[isPassing(error) ? "debug" : "warn"]("A run could not be cancelled.", { run: run.id, error });
      return undefined;
    }
  }

  function keep(runId: string, stream: RunStream): void {
    live.set(runId, stream);
    // Nobody may ever wait for it: streams that are over do not pile up.
    const over = [...live].filter(([id, each]) => id !== runId && each.closed()).map(([id]) => id);
    if (live.size > 1_000) for (const id of over) live.delete(id);
  }

  function forgetStream(runId: string): void {
    live.get(runId)?.close();
    live.delete(runId);
  }

  /** Only DocentErrors leave the engine, and the signal's own reason when that has aborted. */
  async function plainly<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isDocentError(error)) throw error;
      signal?.throwIfAborted();
      throw toEngineError(error, "Asking OpenAI", options.model);
    }
  }
}
