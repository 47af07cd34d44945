import { MessageFlags, Routes } from "discord-api-types/v10";
import type { REST } from "@discordjs/rest";
import type { APIMessage } from "discord-api-types/v10";
import type { KeyValue } from "../../../core/ports/stores.ts";
import type { Bulletin, Clock, Log } from "../../../core/ports/system.ts";
import { text } from "../../../core/texts/text.ts";
import { createTurnSigns } from "../../../core/turn-signs.ts";
import { isFinal, type TurnView } from "../../../core/turn.ts";
import { stopButton } from "./buttons.ts";
import { defuse } from "./defuse-mentions.ts";
import type { Kept } from "../discord-bot-options.ts";
import { isGone } from "../discord-errors.ts";
import { hasRoom } from "./has-room.ts";
import { createRecentSet } from "../../../core/recent-set.ts";
import { createTyping } from "./typing.ts";
import { isReplyTo, type ReplyTo } from "../reply-to.ts";

/** Most answers come sooner; a message that appears and goes again would only flicker. */
const MESSAGE_AFTER_MS = 5000;
const EDIT_EVERY_MS = 5000;
/** One for all: an error with a stack for each answer would cost more than what it ends. */
const OVER = new Error("There is nothing more to show.");
/** Turns whose answer is there, or that others show: what is still to be shown of them here comes too late. */
const REMEMBERED = 1000;

/**
 * What people see of turns that are under way: typing, and for longer work one message that says what is being done
 * and can stop it. It goes when the answer comes, whichever replica posts that, also after a restart in between.
 */
export interface Progress {
  show(turn: TurnView): void;
  /** Takes away what is shown of a turn. */
  finish(turnId: string, channelId: string): Promise<void>;
  stop(): void;
}

interface Shown {
  view: TurnView;
  readonly channelId: string;
  readonly over: AbortController;
  message: Promise<void>;
}

export function createProgress(options: {
  readonly rest: REST;
  readonly seen: KeyValue<Kept>;
  readonly clock: Clock;
  readonly log: Log;
  readonly bulletin: Bulletin;
  /** How a turn stands in the store that the replicas share. */
  readonly turn: (turnId: string) => Promise<TurnView | undefined>;
  readonly localeOf: (replyTo: ReplyTo) => string | null;
}): Progress {
  const { rest, seen, clock, log } = options;
  const shown = new Map<string, Shown>();
  const finished = createRecentSet(REMEMBERED);
  const elsewhere = createRecentSet(REMEMBERED);
  const typing = createTyping({ rest, clock, log, isOver });
  const signs = createTurnSigns(options.bulletin, "discord.turns", (sign) => leave(sign.turnId, sign.isOver));

  /** Shows a turn no more, and leaves what stands there to whoever does. */
  function leave(turnId: string, isFinished: boolean): void {
    (isFinished ? finished : elsewhere).add(turnId);
    const own = shown.get(turnId);
    if (own === undefined) return;
    shown.delete(turnId);
    own.over.abort(OVER);
    typing.end(turnId, own.channelId);
  }

  /** Whether there is nothing more to show here, because the turn has ended or another replica works on it. */
  async function isOver(turnId: string): Promise<boolean> {
    const own = shown.get(turnId);
    if (own === undefined) return true;
    const now = await options.turn(turnId);
    const isFinished = now === undefined || isFinal(now.state);
    const isTaken = now?.state !== "queued" && own.view.state === "queued";
    if (isFinished || isTaken) leave(turnId, isFinished);
    return isFinished || isTaken;
  }

  async function tell(own: Shown, replyTo: ReplyTo): Promise<void> {
    const { signal } = own.over;
    const turnId = own.view.id;
    do {
      await clock.sleep(MESSAGE_AFTER_MS, signal);
      if (await isOver(turnId)) return;
    } while (!hasRoom(rest));
    const locale = options.localeOf(replyTo);
    let { id, said } = (await findEarlier(turnId, replyTo)) ?? (await post(own.view, replyTo, locale));
    // Another replica has to find it.
    await seen.set(keyOf(turnId), id);
    // The answer may have come while this was under way: whoever posted it found nothing to take away.
    if (await hasEnded(turnId)) return await remove(turnId, replyTo.channelId);
    while (!signal.aborted) {
      const next = detailOf(own.view, locale);
      if (next !== said && hasRoom(rest)) {
        await rest.patch(Routes.channelMessage(replyTo.channelId, id), { body: { content: next } });
        said = next;
      }
      await clock.sleep(EDIT_EVERY_MS, signal);
      if (await isOver(turnId)) return;
    }
  }

  async function hasEnded(turnId: string): Promise<boolean> {
    const now = await options.turn(turnId);
    return now === undefined || isFinal(now.state);
  }

  /** The message by which this turn was shown before: by another replica, or by this one before a restart. */
  async function findEarlier(turnId: string, { channelId }: ReplyTo): Promise<{ id: string; said: string } | null> {
    const id = await seen.get(keyOf(turnId));
    if (typeof id !== "string") return null;
    try {
      const { content } = (await rest.get(Routes.channelMessage(channelId, id))) as APIMessage;
      return { id, said: content };
    } catch (error) {
      if (!isGone(error)) throw error;
      return null;
    }
  }

  async function post(
    view: TurnView,
    replyTo: ReplyTo,
    locale: string | null,
  ): Promise<{ readonly id: string; readonly said: string }> {
    const body = {
      content: detailOf(view, locale),
      components: stopButton(view.id, locale),
      nonce: `p_${view.id}`.slice(0, 25),
      enforce_nonce: true,
      flags: MessageFlags.SuppressNotifications,
      allowed_mentions: { parse: [] },
      ...(replyTo.messageId === null
        ? {}
        : { message_reference: { message_id: replyTo.messageId, fail_if_not_exists: false } }),
    };
    // By its nonce it may be the message that another replica has just posted.
    const { id, content } = (await rest.post(Routes.channelMessages(replyTo.channelId), { body })) as APIMessage;
    return { id, said: content };
  }

  async function remove(turnId: string, channelId: string): Promise<void> {
    const messageId = await seen.get(keyOf(turnId));
    if (typeof messageId !== "string") return;
    await rest.delete(Routes.channelMessage(channelId, messageId)).catch((error: unknown) => {
      if (!isGone(error)) throw error;
    });
    await seen.delete(keyOf(turnId));
  }

  async function finish(turnId: string, channelId: string): Promise<void> {
    const own = shown.get(turnId);
    leave(turnId, true);
    signs.end(turnId);
    await own?.message;
    await remove(turnId, channelId);
  }

  return {
    show(view) {
      const { id, replyTo } = view;
      if (!isReplyTo(replyTo)) return;
      const { channelId } = replyTo;
      if (isFinal(view.state)) {
        finish(id, channelId).catch((error: unknown) => log.debug("discord: progress stays.", { error }));
        return;
      }
      if (finished.has(id)) return;
      // Only whoever works on a turn knows more of it than that it waits.
      if (view.state !== "queued") signs.take(id);
      else if (elsewhere.has(id)) return;
      const known = shown.get(id);
      if (known !== undefined) {
        // What was seen of it when it was accepted may be told after the work has begun.
        const isLate = view.state === "queued" && known.view.state !== "queued";
        if (!isLate) known.view = view;
        return;
      }
      const own: Shown = { view, channelId, over: new AbortController(), message: Promise.resolve() };
      shown.set(id, own);
      typing.begin(id, channelId);
      own.message = tell(own, replyTo).catch((error: unknown) => {
        if (!own.over.signal.aborted) log.debug("discord: progress could not be shown.", { error });
      });
    },
    finish,
    stop() {
      signs.stop();
      for (const { over } of shown.values()) over.abort();
      shown.clear();
      typing.stop();
    },
  };
}

function keyOf(turnId: string): string {
  return `progress:${turnId}`;
}

function detailOf({ detail }: TurnView, locale: string | null): string {
  return `⏳ ${defuse(detail ?? text("turn.queued", locale))}…`;
}
