import { exponential, seeded } from "./draw.ts";
import { toQuestion, type Model } from "./model.ts";
import type { Platform } from "./platform.ts";

export interface LoadOptions {
  readonly conversations: number;
  readonly questions: number;
  /** Mean of the pause between an answer and the next question of a conversation; never less than Slack's second. */
  readonly pauseMs: number;
  /** The first question's number; a question is asked once in a run. */
  readonly firstQuestion: number;
  readonly firstConversation?: number;
  /** Those who ask go round so many channels; as many as there are conversations unless given. */
  readonly channels?: number;
}

export interface LoadResult {
  /** From the event to the whole answer in the channel, less the model's time; in milliseconds. */
  readonly addedMs: readonly number[];
  readonly lost: number;
  readonly seconds: number;
}

/** After this long without any answer, what is still open counts as lost. */
const LOST_AFTER_MS = 20_000;
const TRIM_EVERY = 200;
/** Slack takes one post a second in a channel: nobody is to wait for that. */
const LEAST_PAUSE_MS = 1_200;

/**
 * People in so many channels at once: each asks, waits for the answer, pauses, and asks again. The first questions are
 * spread over one pause, as nobody begins together with everybody else.
 */
export async function load(platform: Platform, model: Model, options: LoadOptions): Promise<LoadResult> {
  const { conversations, questions, pauseMs, firstQuestion, firstConversation = 0 } = options;
  const random = seeded(firstQuestion);
  const open = new Map<number, { readonly conversation: number; readonly askedAt: number }>();
  const addedMs: number[] = [];
  const timers = new Set<NodeJS.Timeout>();
  let next = firstQuestion;
  let lastAnswerAt = performance.now();
  const startedAt = lastAnswerAt;
  const { promise: done, resolve } = Promise.withResolvers<void>();

  function ask(conversation: number): void {
    if (next >= firstQuestion + questions) return;
    const question = next++;
    open.set(question, { conversation, askedAt: performance.now() });
    const channel = options.channels === undefined ? conversation : (question - firstQuestion) % options.channels;
    platform.ask(firstConversation + channel, toQuestion(question));
  }

  function askAfter(ms: number, conversation: number): void {
    if (pauseMs === 0) return void setImmediate(ask, conversation);
    const timer = setTimeout(() => {
      timers.delete(timer);
      ask(conversation);
    }, ms);
    timers.add(timer);
  }

  platform.onAnswer((question) => {
    const asked = open.get(question);
    if (asked === undefined) return;
    open.delete(question);
    lastAnswerAt = performance.now();
    addedMs.push(lastAnswerAt - asked.askedAt - model.timeOf(question));
    if (addedMs.length % TRIM_EVERY === 0) {
      // Not now: the platform is in the middle of telling what happened.
      setImmediate(() => {
        platform.trim();
        model.trim();
      });
    }
    if (addedMs.length === questions) resolve();
    else askAfter(LEAST_PAUSE_MS + exponential(random, Math.max(0, pauseMs - LEAST_PAUSE_MS)), asked.conversation);
  });
  for (let conversation = 0; conversation < conversations; conversation++) askAfter(random() * pauseMs, conversation);

  const watch = setInterval(() => {
    if (performance.now() - lastAnswerAt > LOST_AFTER_MS) resolve();
  }, 500);
  await done;
  clearInterval(watch);
  for (const timer of timers) clearTimeout(timer);
  const seconds = (lastAnswerAt - startedAt) / 1000;
  return { addedMs, lost: questions - addedMs.length, seconds };
}
