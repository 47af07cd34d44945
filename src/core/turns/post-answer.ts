import { crashPoint } from "../crash-point.ts";
import { DocentError, isDocentError, type ErrorCode } from "../errors.ts";
import { toPartId } from "../ids.ts";
import type { PlatformGate } from "./platform-gate.ts";
import type { Bot, OutgoingMessage } from "../ports/bot.ts";
import type { Documents } from "../ports/stores.ts";
import type { Clock, Log, Metrics } from "../ports/system.ts";
import { splitMessage } from "./split-message.ts";
import type { Answer, Turn } from "../turn.ts";

/** How often a message is offered to the platform before it is given up, and the pause before the first repeat. */
const SEND_TRIES = 5;
const SEND_PAUSE_MS = 1_000;

/** A platform that is down is not waited for here: the turn is put off, so that others can be answered meanwhile. */
const TRIES_IN_PLACE = 2;

/** Failures that asking again does not change. */
const FOR_GOOD: readonly ErrorCode[] = [
  "question_empty",
  "question_too_long",
  "context_too_long",
  "content_filtered",
  "engine_refused",
  "budget_used_up",
  "not_found",
];

export interface PostDeps {
  readonly bots: ReadonlyMap<string, Bot>;
  readonly documents: Documents;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly gate: PlatformGate;
}

/**
 * Posts an answer in parts that fit the platform, each once: a part that the platform has is left out, and `onSent` is
 * awaited before the next one. Returns the last part, which the caller records together with the end of the turn.
 * @throws what the bot throws when a part could not be posted after several tries; `platform_unreachable` soon, for
 * then there is nothing to wait for here.
 */
export async function postAnswer(
  turn: Turn,
  answer: Answer,
  deps: PostDeps,
  options: {
    locale: string;
    signal: AbortSignal;
    /** The turn came with its answer: whoever had it before may have posted some of it. */
    isRepeat: boolean;
    onSent: (partId: string, messageId: string) => Promise<void>;
  },
): Promise<Turn["sent"]> {
  const { incoming } = turn;
  const bot = deps.bots.get(incoming.bot);
  if (bot === undefined) throw new DocentError("internal", `The bot ${incoming.bot} is not set up any more.`);
  const ids = new Set(answer.citations.map(({ documentId }) => documentId));
  const cited = await Promise.all([...ids].map((id) => deps.documents.get(id)));
  const known = cited.filter((document) => document !== undefined);
  const parts = splitMessage(bot.render(answer, known, options.locale), bot.maxMessageCharacters);
  for (const [index, part] of parts.entries()) {
    const id = toPartId(turn.id, index);
    if (turn.sent[id] !== undefined) continue;
    const message: OutgoingMessage = {
      id,
      turnId: turn.id,
      kind: answer.kind,
      canRetry: answer.kind === "error" && !FOR_GOOD.some((code) => code === turn.error?.code),
      isRepeat: options.isRepeat,
      part: index + 1,
      parts: parts.length,
      text: part,
      citations: answer.citations,
      usage: answer.usage,
      channel: incoming.channel,
      replyTo: incoming.replyTo,
      locale: options.locale,
    };
    const messageId = await sendPatiently(bot, message, deps, options.signal);
    crashPoint("part: sent, not recorded");
    if (index === parts.length - 1) return { [id]: messageId };
    await options.onSent(id, messageId);
    crashPoint("part: recorded");
  }
  return {};
}

async function sendPatiently(
  bot: Bot,
  message: OutgoingMessage,
  { clock, log, metrics, gate }: PostDeps,
  signal: AbortSignal,
): Promise<string> {
  const send = async (isRepeat: boolean): Promise<string> => {
    try {
      return await bot.send({ ...message, isRepeat });
    } catch (error) {
      metrics.count("send_failures_total", { bot: bot.name });
      throw error;
    }
  };
  for (let tries = 1; ; tries++) {
    try {
      return await gate.pass(bot.name, () => send(message.isRepeat || tries > 1));
    } catch (error) {
      // What the platform forbids it forbids the next time too.
      if (tries === SEND_TRIES || isDocentError(error, "forbidden")) throw error;
      if (isDocentError(error, "platform_unreachable") && tries === TRIES_IN_PLACE) throw error;
      log.warn("A message could not be posted; trying again.", { turn: message.turnId, tries, error });
      // Not all at once: what failed for one channel failed for others too.
      const pauseMs = SEND_PAUSE_MS * 2 ** (tries - 1);
      await clock.sleep(Math.round(pauseMs * (0.75 + Math.random() * 0.25)), signal);
    }
  }
}
