import { randomUUID } from "node:crypto";
import { accept, type AcceptDeps } from "./turns/accept.ts";
import { addStartOverOfAll } from "./turns/add-start-over.ts";
import { answerTurn, type TurnDeps } from "./turns/answer-turn.ts";
import { runCommand } from "./commands/run-command.ts";
import { toChanges } from "./commands/to-changes.ts";
import { DocentError, toDocentError } from "./errors.ts";
import type { Channel, Incoming } from "./incoming.ts";
import type { Job } from "./job.ts";
import { toAgainKey } from "./ids.ts";
import { createJobRunner } from "./jobs/job-runner.ts";
import { hideDocuments } from "./jobs/documents-of-job.ts";
import { performJob } from "./jobs/perform-job.ts";
import type { Accepted, Docent } from "./ports/docent.ts";
import type { FeedbackLog, Inbox, Jobs } from "./ports/stores.ts";
import { createPlatformGate } from "./turns/platform-gate.ts";
import { createQueueView } from "./turns/queue-view.ts";
import { judgeAnew } from "./documents/judge-anew.ts";
import { toReadable } from "./documents/read-documents.ts";
import { toForget } from "./jobs/to-forget.ts";
import { keepRetention } from "./jobs/retention.ts";
import { listUsageRows, toUsageReport } from "./spending/usage-report.ts";
import { startOver } from "./turns/start-over.ts";
import { toView } from "./turns/to-view.ts";
import { keepSwept } from "./documents/sweep-blobs.ts";
import { tellJob } from "./jobs/tell-job.ts";
import { errorText } from "./texts/text.ts";
import type { Turn, TurnView } from "./turn.ts";
import { createWorker } from "./turns/worker.ts";

export type DocentOptions = Omit<TurnDeps, "save" | "show" | "gate"> &
  AcceptDeps & {
    readonly inbox: Inbox;
    readonly feedback: FeedbackLog;
    readonly jobs: Jobs;
    readonly knowledgeEditors: readonly string[];
    /** Everything but the team's knowledge is deleted at this age; null keeps it. */
    readonly retentionDays: number | null;
    /** Names this process among those that share the inbox. */
    readonly owner: string;
    readonly concurrentRuns: number;
    /** Other processes write to `blobs` too. */
    readonly blobsAreShared: boolean;
  };

/** Of the questions that wait, so many are told how many are before theirs as that changes. */
const SHOWN_IN_QUEUE = 100;

/** Core, running: what the bots call, and the worker behind it. */
export interface RunningDocent extends Docent {
  /** Takes up what an earlier process left; jobs first, so that no question sees what was to be gone. */
  start(): Promise<void>;
  /** Accepts nothing more, lets go of the turns under way (their runs go on at the provider), and resolves. */
  stop(): Promise<void>;
}

/** Wires the product together: `accept` writes to the inbox, the worker takes turns from it and answers them. */
export function createDocent(options: DocentOptions): RunningDocent {
  const { inbox, documents, bots, clock, log } = options;
  /** What turns under way are doing: shown, not saved. */
  const live = new Map<string, Turn>();
  const gate = createPlatformGate(clock);
  const ended = new AbortController();
  let stopping = false;

  const worker = createWorker({
    inbox,
    owner: options.owner,
    concurrency: options.concurrentRuns,
    clock,
    log,
    async work(turn, { signal, isNew }) {
      try {
        if (turn.incoming.kind === "start-over") await startOver(turn, { ...options, save, request });
        else await answerTurn(turn, { ...options, save, show, gate }, { signal, isNew });
      } catch (error) {
        // Stopping is no failure: the next process goes on with this turn.
        if (!stopping) throw error;
      } finally {
        live.delete(turn.id);
        queue.moved();
      }
    },
  });

  /** Whoever waits sees the place in the queue change. */
  const queue = createQueueView({
    clock,
    log,
    isActive: (id) => worker.isActive(id),
    openTurns: () => inbox.openTurns({ limit: SHOWN_IN_QUEUE }),
    show: async (turn, position) => await showOn(turn, await viewOf(turn, position)),
  });

  async function save(turn: Turn): Promise<void> {
    if (!(await inbox.save(turn, options.owner))) {
      throw new DocentError("internal", "Another worker has taken this turn over.");
    }
    await show(turn);
  }

  async function show(turn: Turn): Promise<void> {
    live.set(turn.id, turn);
    await showOn(turn, await viewOf(turn));
  }

  async function showOn(turn: Turn, view: TurnView): Promise<void> {
    if (turn.incoming.kind !== "question") return;
    await bots
      .get(turn.incoming.bot)
      ?.showTurn(view)
      .catch((error: unknown) => log.debug("Progress could not be shown.", { turn: turn.id, error }));
  }

  async function viewOf(turn: Turn, position?: number): Promise<TurnView> {
    return await toView(turn, { ...options, isActive: (id) => worker.isActive(id) }, position);
  }

  async function stopTurns(turns: readonly Turn[]): Promise<void> {
    for (const turn of turns) await inbox.requestCancel(turn.id);
    await worker.settled(turns.map(({ id }) => id));
  }

  const jobs = createJobRunner({
    jobs: options.jobs,
    owner: options.owner,
    clock,
    log,
    prepare: (job) => hideDocuments(job, documents),
    perform: (job, signal) => performJob(job, { ...options, stopTurns }, signal),
    tell: (job, end) => tellJob(job, end, options),
  });

  /** Stores a wish that changes something. @throws DocentError `stopping`, `storage_full`: then it was not taken. */
  async function request(id: string, action: Job["action"], report: Job["report"] = null): ReturnType<typeof jobs.add> {
    refuseWhenStopping();
    try {
      return await jobs.add({ id, action, requestedAt: clock.now(), report, outcome: null });
    } catch (error) {
      throw toDocentError(error, "Storing what was asked for");
    }
  }

  function refuseWhenStopping(): void {
    if (stopping) throw new DocentError("stopping", "Docent is stopping and takes nothing new.");
  }

  async function take(incoming: Incoming, wish?: string): Promise<Accepted> {
    refuseWhenStopping();
    const accepted = await accept(incoming, { ...options, inbox: worker }, wish).catch((error: unknown) => {
      throw toDocentError(error, "Accepting a message");
    });
    const shown = incoming.kind === "question" ? await viewOf(accepted.turn) : null;
    for (const document of accepted.documents) await bots.get(incoming.bot)?.showDocument(document, "changed");
    return { turn: shown, documents: accepted.documents, isNew: accepted.isNew };
  }

  const wishes = {
    request,
    toForget: (channel: Channel) => toForget(channel, options),
    accept: take,
    async conversations(channel: string) {
      refuseWhenStopping();
      return await inbox.conversations(channel);
    },
  };

  const docent: RunningDocent = {
    async start() {
      await jobs.start();
      worker.start();
      void judgeAnew(options);
      void keepRetention({ ...options, ...wishes }, ended.signal);
      void keepSwept(options, ended.signal);
    },
    async stop() {
      stopping = true;
      ended.abort();
      queue.stop();
      await Promise.all([worker.stop(), jobs.stop()]);
    },
    accept: (incoming) => take(incoming),
    async turn(turnId) {
      const turn = live.get(turnId) ?? (await inbox.get(turnId));
      return turn === undefined ? undefined : await viewOf(turn);
    },
    async cancel(turnId) {
      const requested = await inbox.requestCancel(turnId);
      const turn = await inbox.get(turnId);
      if (requested && turn !== undefined && !worker.isActive(turnId)) await showOn(turn, await viewOf(turn));
      return requested;
    },
    documents: (scope) => documents.list({ scope }),
    async document(documentId) {
      const document = await documents.get(documentId);
      return document === undefined ? undefined : toReadable(document, options);
    },
    async removeDocument(documentId) {
      const document = await documents.get(documentId);
      if (document === undefined) return undefined;
      return await request(`remove ${document.id}`, { kind: "remove-document", document });
    },
    async messageDeleted(messageKey) {
      await request(`delete ${messageKey}`, { kind: "delete-message", messageKey });
    },
    async startOver(place) {
      await addStartOverOfAll({ ...place, key: `start over ${randomUUID()}` }, { ...options, ...wishes });
    },
    async forgetWorkspace(workspace) {
      for (const channel of await inbox.channels(workspace)) await docent.forget(channel);
      for (const { id } of await documents.list({ scope: { kind: "workspace", key: workspace } })) {
        await docent.removeDocument(id);
      }
    },
    async forget(channel) {
      return await request(`forget ${randomUUID()}`, await toForget(channel, options));
    },
    async command(command) {
      const locale = options.language ?? command.locale;
      try {
        return await runCommand(command, {
          ...options,
          ...toChanges(command, locale, { ...options, ...wishes }),
        });
      } catch (error) {
        const known = toDocentError(error, `Running the command ${command.name}`);
        log.warn("A command failed.", { command: command.name, error: known });
        return { text: errorText(known, locale), isPrivate: true, actions: [] };
      }
    },
    async feedback(turnId, userId, verdict) {
      if ((await inbox.get(turnId)) === undefined) return false;
      await options.feedback.record({ turnId, userId, verdict, at: clock.now() });
      options.metrics.count("feedback_total", { verdict });
      return true;
    },
    usage: (days) => toUsageReport(days, options),
    usageRows: (days) => listUsageRows(days, options),
    async retry(turnId) {
      const turn = await inbox.get(turnId);
      // Its error is saved before people see the button.
      if (turn === undefined || turn.error === null || turn.error.code === "cancelled") return false;
      const { incoming } = turn;
      // The files are known by the first message.
      await docent.accept({ ...incoming, key: toAgainKey(incoming.key), attachments: [] });
      return true;
    },
  };
  return docent;
}
