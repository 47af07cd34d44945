import { crashPoint } from "../../../core/crash-point.ts";
import type { DocentError, ErrorCode } from "../../../core/errors.ts";
import type { Question } from "../../../core/ports/engine.ts";
import type { EngineContext } from "../context.ts";
import { deleteItems, findTurn, hasAnswer, type FoundTurn } from "../conversations/conversation-items.ts";
import { createResponse, type CreatedRun } from "./create-response.ts";
import { isRefusal } from "../circuit.ts";
import { toDeadlineError } from "./deadline-error.ts";
import {
  isAmbiguous,
  isConversationLocked,
  isRefusedForNow,
  mayBeMissingSomething,
  mayRefuseStream,
  toEngineError,
} from "../errors.ts";
import { readBrought } from "./finish-run.ts";
import { LONGEST_RETRY_AFTER_MS, toPauseMs } from "../openai-client.ts";
import { prepareRun, type Parts, type PreparedRun } from "./prepare-run.ts";
import { repair } from "./repair.ts";

/** How often OpenAI may say "not now", "nobody knows", and "something is missing" before the question fails. */
const MAX_REFUSALS = 4;
const MAX_UNANSWERED = 3;
const MAX_REPAIRS = 2;

/**
 * Pauses before each look for a run that nobody knows of. While a run goes on, its conversation is locked and refuses
 * a second one; the pauses are for a server that frees the lock before it writes the messages down.
 */
const LOOK_AFTER_MS = [1_000, 2_000, 4_000];
const LOOK_AFTER_RESTART_MS = [0, 1_500];

const ATTEMPTED = "Asking the model";

/** Refusals that meet every question alike, until somebody changes the account. */
const OF_THE_ACCOUNT: readonly ErrorCode[] = ["out_of_credit", "invalid_key"];

export type StartedRun =
  | ({ readonly kind: "created"; readonly prepared: PreparedRun } & CreatedRun)
  /** The turn was answered before: the answer lies in the conversation. */
  | { readonly kind: "answered"; readonly conversationId: string; readonly found: FoundTurn };

export interface StartOptions {
  readonly mayExist: boolean;
  readonly signal: AbortSignal;
  /** Whether this server is known to stream; set to false when it turns out that it does not. */
  readonly streams: { offered: boolean };
}

/**
 * Starts the run of a turn, once. A refusal that passes is waited out. When no answer came, or a run may exist from
 * before a crash, the conversation is looked at before anything is sent: `POST /responses` knows no idempotency key.
 * A run that may exist when this gives up is noted, so that the next question finds and removes what it left.
 */
export async function startRun(
  question: Question,
  context: EngineContext,
  options: Parts & StartOptions,
): Promise<StartedRun> {
  const { account, client, clock, log } = context;
  const { conversations, signal } = options;
  const startedAt = clock.steady();
  let lookPauses: readonly number[] = options.mayExist ? LOOK_AFTER_RESTART_MS : [];
  let refusals = 0;
  let unanswered = 0;
  let repairs = 0;
  let locks = 0;
  let stream = options.streams.offered;
  let givenUp: DocentError | undefined;
  let prepared: PreparedRun | undefined;
  let isUnsure = options.mayExist;

  try {
    return await start();
  } catch (error) {
    if (isUnsure) await noteUnsure();
    throw error;
  }

  async function start(): Promise<StartedRun> {
    if (!options.mayExist) {
      const refused = account.refusal();
      if (refused !== undefined) throw refused.reason;
      const opened = await conversations.ensure(question.conversation, signal);
      const isClean = opened.unfinished.length === 0;
      if (!isClean) await deleteLeftovers();
      prepared = await prepareRun(question, context, { ...options, ...(isClean ? { opened } : {}) });
    }
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (givenUp !== undefined) throw givenUp;
      prepared ??= await prepareRun(question, context, options);
      signal.throwIfAborted();
      const leave = account.enter();
      if (isRefusal(leave)) throw leave.reason;
      try {
        // Not given the signal: a request that was sent is waited for, or nobody would know of its run.
        const created = await createResponse(prepared.body, { client, clock, stream });
        crashPoint("run: created, id not saved");
        leave.succeeded();
        options.streams.offered &&= stream;
        return { kind: "created", prepared, ...created };
      } catch (error) {
        const failure = toEngineError(error, ATTEMPTED, client.model);
        if (OF_THE_ACCOUNT.includes(failure.code)) leave.failed(failure);
        await recover(error, failure);
      }
    }
  }

  async function noteUnsure(): Promise<void> {
    const record = await context.stores.conversations.get(question.conversation);
    if (record === undefined) return;
    const end = { conversationId: record.conversationId, turnId: question.turnId, ended: "badly" } as const;
    await conversations.noteEnd(question.conversation, end);
  }

  /** Does what makes another attempt safe and useful, or throws. */
  async function recover(error: unknown, failure: DocentError): Promise<void> {
    if (isConversationLocked(error)) {
      locks += 1;
      lookPauses = [0];
      await pause(Math.min(500 * 1.5 ** (locks - 1), 5_000) * (0.75 + Math.random() * 0.25), () => toDeadline());
    } else if (isRefusedForNow(error)) {
      refusals += 1;
      const pauseMs = toPauseMs(error, refusals);
      if (refusals >= MAX_REFUSALS || pauseMs > LONGEST_RETRY_AFTER_MS) throw failure;
      await pause(pauseMs, () => failure);
    } else if (isAmbiguous(error)) {
      unanswered += 1;
      isUnsure = true;
      lookPauses = LOOK_AFTER_MS;
      // After the last attempt the run may exist all the same: it is looked for once more.
      if (unanswered >= MAX_UNANSWERED) givenUp = failure;
      log.warn("OpenAI did not answer; looking whether the run exists.", { turn: question.turnId });
    } else if (mayBeMissingSomething(error) && repairs < MAX_REPAIRS && prepared !== undefined) {
      repairs += 1;
      if (await repair(question, prepared, context, { ...options, thorough: repairs > 1 })) prepared = undefined;
      else if (stream && mayRefuseStream(error)) stream = false;
      else throw failure;
    } else if (stream && mayRefuseStream(error)) {
      stream = false;
    } else {
      throw failure;
    }
  }

  /** Looks for the turn in its conversation; deletes what a run without an answer left behind. */
  async function look(): Promise<StartedRun | undefined> {
    const pauses = lookPauses;
    lookPauses = [];
    for (const ms of pauses) {
      if (ms > 0) await pause(ms, () => toDeadline());
      const { conversationId } = await conversations.ensure(question.conversation, signal);
      const found = await findTurn(client, conversationId, question.turnId, { signal });
      if (found === undefined) continue;
      if (hasAnswer(found)) return { kind: "answered", conversationId, found };
      await deleteItems(context, conversationId, [found.message, ...found.answer], signal);
      return undefined;
    }
    return undefined;
  }

  /** An unanswered question in the conversation would be answered together with this one, and paid for every time. */
  async function deleteLeftovers(): Promise<void> {
    await conversations.deleteUnfinished(question.conversation, async ({ conversationId }, turnId) => {
      const found = await findTurn(client, conversationId, turnId, { signal });
      if (found === undefined) return;
      if (!hasAnswer(found)) {
        await deleteItems(context, conversationId, [found.message, ...found.answer], signal);
        return;
      }
      // It was cut short and stayed, with the files that it brought.
      const inside = await readBrought(found, question, context);
      await conversations.noteEnd(question.conversation, { conversationId, turnId, ended: "well", inside });
    });
  }

  async function pause(ms: number, toError: () => DocentError): Promise<void> {
    if (clock.steady() + ms >= question.deadlineAt) throw toError();
    await clock.sleep(ms, signal);
  }

  function toDeadline(): DocentError {
    return toDeadlineError(`${ATTEMPTED}: the conversation was not free in time.`, question, startedAt, context);
  }
}
