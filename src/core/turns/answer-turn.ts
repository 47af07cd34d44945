import { observeAddedTime } from "./added-time.ts";
import { canStandIn } from "./can-stand-in.ts";
import { cite } from "../citing/cite.ts";
import { DocentError, isDocentError, toDocentError, type ErrorCode } from "../errors.ts";
import { resolveTwins } from "../documents/content-twins.ts";
import { crashPoint } from "../crash-point.ts";
import type { Document } from "../document.ts";
import type { RunProgress } from "../ports/engine.ts";
import { findDeletedSource, forgetDeletedSources, toDeletedNotice, withoutDeletedSources } from "./deleted-sources.ts";
import { findDocuments } from "./find-documents.ts";
import { findPassages } from "./find-passages.ts";
import { postAnswer } from "./post-answer.ts";
import type { PlatformGate } from "./platform-gate.ts";
import type { Clock, Metrics } from "../ports/system.ts";
import type { UsageLog } from "../ports/usage-log.ts";
import { recordUsage } from "../spending/record-usage.ts";
import { inspectDocuments, readDocuments, type ReadingDeps } from "../documents/read-documents.ts";
import type { Budgets } from "../spending/budgets.ts";
import { createTurnBudget } from "../spending/turn-budget.ts";
import { problemsOf, refuseFiles } from "./say-problems.ts";
import { languageByScript } from "../texts/script-of.ts";
import { errorText, text } from "../texts/text.ts";
import { toDeadline } from "./to-deadline.ts";
import { toQuestion } from "./to-question.ts";
import type { Answer, Turn, TurnState } from "../turn.ts";
import type { StopReason } from "./worker.ts";

export interface TurnDeps extends ReadingDeps {
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly usage: UsageLog;
  readonly budgets: Budgets;
  readonly gate: PlatformGate;
  readonly readUploads: "asked" | "at-once" | "off";
  readonly runDeadlineSeconds: number;
  readonly knowledgeInSharedChannels: boolean;
  /** The language of our own sentences when it is not to follow the question and who asks. */
  readonly language: string | null;
  /** Saves a step. @throws DocentError when somebody else has taken the turn over. */
  readonly save: (turn: Turn) => Promise<void>;
  /** Shows people what the turn is doing, without saving it. */
  readonly show: (turn: Turn) => Promise<void>;
}

/** So long an answer waits for a platform that is down. */
const POST_WITHIN_MS = 24 * 60 * 60_000;

/**
 * The way of one question, from the inbox to its answer. Every step that is done is saved, so that a worker that finds
 * the turn after a crash goes on behind it. Ends the turn in a final state, or throws when `signal` says that the
 * process is stopping, when a step could not be saved, and `platform_unreachable` when the answer has to wait.
 */
export async function answerTurn(
  found: Turn,
  deps: TurnDeps,
  { signal, isNew }: { readonly signal: AbortSignal; readonly isNew: boolean },
): Promise<void> {
  let turn = found;
  let isUnsaved = false;
  let runEndedAt: number | null = null;
  /** Saves a step, together with what is written besides. */
  const step = async (change: Partial<Turn>, besides: readonly Promise<void>[] = []): Promise<void> => {
    const next = { ...turn, ...change };
    isUnsaved = true;
    await Promise.all([deps.save(next), ...besides]);
    isUnsaved = false;
    turn = next;
  };
  const say = async (detail: string): Promise<void> => {
    turn = { ...turn, detail };
    await deps.show(turn);
  };
  const { incoming } = turn;
  const locale = deps.language ?? languageByScript(incoming.text) ?? incoming.locale ?? "en";
  const budget = createTurnBudget(turn, locale, deps);

  try {
    crashPoint("turn: claimed");
    // Also an answer that waits, and of which nobody has seen a part yet, can be stopped. An error is told all the same,
    // and so is a stop that an earlier process had noted and not said.
    if (turn.cancelRequested && turn.error === null && Object.keys(turn.sent).length === 0) throw cancelled();
    if (turn.answer === null) {
      if (incoming.kind === "question") await answerQuestion();
      else await takeNote();
    }
    const last = await post(turn.answer);
    observeAddedTime(turn, runEndedAt, deps);
    // A turn that failed before a crash has its error posted now.
    await step({ state: endState(turn.error?.code), detail: null, answer: null, sent: { ...turn.sent, ...last } });
  } catch (error) {
    // What could not be saved is done again when its lease has ended: by then there may be room on the disk.
    if (signal.reason === ("stopping" satisfies StopReason) || isUnsaved || isLater(error)) throw error;
    await fail(signal.aborted ? cancelled() : toDocentError(error, "Answering a question"));
  }
  deps.metrics.count("turns_total", { state: turn.state, bot: incoming.bot, kind: incoming.kind });

  async function answerQuestion(): Promise<void> {
    // What it may look at: its own files, the channel's, and the team's knowledge.
    const documents = await findDocuments(incoming, deps);
    const read = await readAll(documents);
    const question = toQuestion(turn, read, locale, deps);
    const refusal = refuseFiles(read, question, incoming);
    if (refusal !== null) return await step({ answer: refusal });

    // The run. Its id is saved before anything waits on it.
    const [engine] = deps.engines;
    const mayExist = !isNew && (turn.runRequestedAt !== null || turn.mayHaveRun === true);
    if (!mayExist) await budget.reserve(question);
    const requested = { state: "running", runRequestedAt: turn.runRequestedAt ?? deps.clock.now() } as const;
    // That a run may exist is on record already when the turn was taken up as it was stored.
    if (isNew && turn.mayHaveRun === true) turn = { ...turn, ...requested };
    else await step(requested);
    const timed = { ...question, deadlineAt: toDeadline(turn, deps) };
    crashPoint("run: requested");
    await say(text("turn.thinking", locale));
    if (turn.run === null) await step({ run: await engine.startRun(timed, { mayExist, signal }) });
    if (turn.run === null) throw new DocentError("internal", "A run has no id.");
    const startedAt = deps.clock.steady();
    crashPoint("run: id saved");
    const result = await engine.waitForRun(turn.run, timed, {
      signal,
      onProgress: (progress) => void showProgress(progress),
    });
    runEndedAt = deps.clock.now();
    deps.metrics.observe("run_seconds", (deps.clock.steady() - startedAt) / 1000, { engine: engine.name });

    // The answer, with its sources found and what could not be read said first.
    const known = new Map(read.map((document) => [document.id, document]));
    const whole = await cite(result, known, (id) => deps.documents.pages(id));
    const deleted = await findDeletedSource(result, { known, messageKey: incoming.key }, deps.documents);
    const cited = deleted === undefined ? whole : toDeletedNotice(deleted, locale);
    const budgetWord = await budget.settle(result.usage);
    const paragraphs = [
      problemsOf(read, incoming, locale),
      cited.text.trim() === "" ? text("answer.empty", locale) : cited.text,
      result.cutShort === null ? "" : text(`answer.cut_${result.cutShort}`, locale),
      budgetWord,
    ];
    const answer: Answer = {
      kind: deleted === undefined ? "answer" : "notice",
      text: paragraphs.filter(Boolean).join("\n\n"),
      citations: cited.citations,
      usage: result.usage,
    };
    crashPoint("run: ended, answer not saved");
    await step({ answer }, [recordUsage(turn, answer, deps), result.noted ?? Promise.resolve()]);
    crashPoint("answer: saved");
  }

  /** Files without a question: checked where that costs nothing, read when the configuration or the sender says so. */
  async function takeNote(): Promise<void> {
    const documents = await deps.documents.list({ messageKey: incoming.key });
    const readNow = incoming.kind === "knowledge" || deps.readUploads === "at-once";
    const here = documents.filter(({ blobId, problem }) => blobId !== null || problem !== null);
    await step({ state: "reading" });
    const reading = readNow ? readAll(documents) : inspectDocuments(here, deps, { signal, onPage: showPage });
    const read = await reading.catch(async (error: unknown) => {
      // The model is out of reach, the file is here: nothing to say. The next question hands it over.
      if (!isDocentError(error) || !canStandIn(error.code)) throw error;
      deps.log.warn("A document is kept until the model can be given it.", { turn: turn.id, error });
      return await deps.documents.list({ messageKey: incoming.key });
    });
    await step({ answer: { kind: "notice", text: problemsOf(read, incoming, locale), citations: [], usage: null } });
  }

  async function readAll(documents: readonly Document[]): Promise<readonly Document[]> {
    const fresh = documents.filter(({ state }) => state === "noted" || state === "reading");
    if (fresh.length > 0) {
      const detail = text("turn.reading", locale, { count: fresh.length });
      // Reading takes long: whoever goes on after a crash is to know that the model was not asked, nor the budget. What was
      // on record of an earlier try may have had a run.
      await step({ state: "reading", detail, ...(isNew ? { mayHaveRun: undefined } : {}) });
    }
    const onPrepare = ({ name }: Document): void => void say(text("turn.preparing", locale, { name })).catch(ignore);
    const read = await readDocuments(documents, deps, { signal, onPage: showPage, onPrepare });
    return await resolveTwins(read, deps.documents);
  }

  /** Returns the last part, which is recorded with the end: until then it can be sent again without being shown twice. */
  async function post(saved: Answer | null): Promise<Turn["sent"]> {
    // A note without a problem has nothing to say.
    if (saved === null || saved.text === "") return {};
    const answer = await withoutDeletedSources(saved, locale, deps.documents);
    if (answer !== saved) {
      await forgetDeletedSources(saved, deps);
      await step({ answer });
    }
    const last = await postAnswer(turn, answer, deps, {
      locale,
      signal,
      isRepeat: found.answer !== null,
      onSent: (partId, messageId) => step({ sent: { ...turn.sent, [partId]: messageId } }),
    });
    await forgetDeletedSources(answer, deps);
    return last;
  }

  /** Ends the turn with what went wrong, said to the person who asked, with passages where the model is out of reach. */
  async function fail(error: DocentError): Promise<void> {
    const { code, details } = error;
    const state = endState(code);
    if (state === "failed") deps.log.warn("A question could not be answered.", { turn: turn.id, error });
    if (turn.answer === null) {
      if (turn.run !== null) await deps.engines[0].cancelRun(turn.run).catch(logOnly("A run could not be cancelled."));
      await budget.end(turn.run);
      const passages = canStandIn(code) ? await findPassages(turn, locale, deps, signal) : null;
      const kind = state === "cancelled" ? "notice" : "error";
      const sentences = [errorText(error, locale), passages?.text].filter(Boolean).join("\n\n");
      const answer: Answer = { kind, text: sentences, citations: passages?.citations ?? [], usage: null };
      await step({ answer, error: { code, details } });
      const last = await post(turn.answer).catch((failure: unknown) => {
        if (isLater(failure)) throw failure;
        deps.log.warn("An error message could not be posted.", { turn: turn.id, error: failure });
        return {};
      });
      await step({ state, detail: null, answer: null, sent: { ...turn.sent, ...last } });
    } else await step({ state, detail: null, answer: null, error: { code, details } });
  }

  /** The answer is saved and the platform is down: the worker offers it again, for a day. */
  function isLater(error: unknown): boolean {
    return isDocentError(error, "platform_unreachable") && deps.clock.now() - turn.createdAt < POST_WITHIN_MS;
  }

  function showPage({ name }: Document, done: number, of: number): void {
    void say(text("turn.reading_pages", locale, { name, done, of })).catch(ignore);
  }

  async function showProgress({ step: progress }: RunProgress): Promise<void> {
    const key = progress === "queued" ? "turn.thinking" : (`turn.${progress}` as const);
    await say(text(key, locale)).catch(ignore);
  }

  function logOnly(message: string): (error: unknown) => void {
    return (error) => deps.log.warn(message, { turn: turn.id, error });
  }
}

function endState(code: ErrorCode | undefined): TurnState {
  if (code === undefined) return "answered";
  return code === "cancelled" ? "cancelled" : "failed";
}

function cancelled(): DocentError {
  return new DocentError("cancelled", "Somebody stopped this question.");
}

function ignore(): void {
  // Progress may be dropped.
}
