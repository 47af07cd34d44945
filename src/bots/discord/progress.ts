import { MessageFlags, Routes, type APIMessage, type REST } from "discord.js";
import type { KeyValue } from "../../core/ports/stores.ts";
import type { Clock, Log } from "../../core/ports/system.ts";
import { text } from "../../core/texts/text.ts";
import { isFinal, type TurnView } from "../../core/turn.ts";
import { stopButton } from "./buttons.ts";
import { defuse } from "./defuse-mentions.ts";
import type { Kept } from "./discord-bot-options.ts";
import { isGone } from "./discord-errors.ts";
import { isReplyTo, type ReplyTo } from "./wiring.ts";

/** Typing shows for ten seconds. */
const TYPING_EVERY_MS = 8000;
/** Half an hour. A turn that another process has taken over ends without a word to this one. */
const MAX_TYPINGS = 225;
/** Most answers come sooner; a message that appears and goes again would only flicker. */
const MESSAGE_AFTER_MS = 5000;
const EDIT_EVERY_MS = 5000;
/** Turns whose answer is there: what is still shown of them comes too late. */
const REMEMBERED = 1000;

/**
 * What people see of turns that are under way: typing, and for longer work one message that says what is being done
 * and can stop it. It goes when the answer comes, also after a restart in between.
 */
export interface Progress {
  show(turn: TurnView): void;
  /** Takes away what is shown of a turn. */
  finish(turnId: string, channelId: string): Promise<void>;
  stop(): void;
}

interface Shown {
  view: TurnView;
  readonly over: AbortController;
  message: Promise<void>;
}

export function createProgress(options: {
  readonly rest: REST;
  readonly seen: KeyValue<Kept>;
  readonly clock: Clock;
  readonly log: Log;
  readonly localeOf: (replyTo: ReplyTo) => string | null;
}): Progress {
  const { rest, seen, clock, log } = options;
  const shown = new Map<string, Shown>();
  const typing = new Map<string, { readonly turns: Set<string>; readonly over: AbortController }>();
  const finished = new Set<string>();

  async function type(channelId: string, signal: AbortSignal): Promise<void> {
    for (let left = MAX_TYPINGS; left > 0 && !signal.aborted; left--) {
      await rest
        .post(Routes.channelTyping(channelId))
        .catch((error: unknown) => log.debug("discord: no typing.", { error }));
      await clock.sleep(TYPING_EVERY_MS, signal).catch(() => undefined);
    }
  }

  /** One loop for a channel, however many turns it has. */
  function beginTyping(turnId: string, channelId: string): void {
    const known = typing.get(channelId);
    if (known !== undefined) return void known.turns.add(turnId);
    const over = new AbortController();
    typing.set(channelId, { turns: new Set([turnId]), over });
    void type(channelId, over.signal);
  }

  function endTyping(turnId: string, channelId: string): void {
    const known = typing.get(channelId);
    if (known?.turns.delete(turnId) !== true || known.turns.size > 0) return;
    known.over.abort();
    typing.delete(channelId);
  }

  async function tell(own: Shown, replyTo: ReplyTo): Promise<void> {
    const { signal } = own.over;
    await clock.sleep(MESSAGE_AFTER_MS, signal);
    const locale = options.localeOf(replyTo);
    const turnId = own.view.id;
    let said = detailOf(own.view, locale);
    const body = {
      content: said,
      components: stopButton(turnId, locale),
      nonce: `p_${turnId}`.slice(0, 25),
      enforce_nonce: true,
      flags: MessageFlags.SuppressNotifications,
      allowed_mentions: { parse: [] },
      ...(replyTo.messageId === null
        ? {}
        : { message_reference: { message_id: replyTo.messageId, fail_if_not_exists: false } }),
    };
    const { id } = (await rest.post(Routes.channelMessages(replyTo.channelId), { body })) as APIMessage;
    // A restart has to find it.
    await seen.set(keyOf(turnId), id);
    while (!signal.aborted) {
      await clock.sleep(EDIT_EVERY_MS, signal);
      const next = detailOf(own.view, locale);
      if (next === said) continue;
      said = next;
      await rest.patch(Routes.channelMessage(replyTo.channelId, id), { body: { content: next } });
    }
  }

  async function finish(turnId: string, channelId: string): Promise<void> {
    finished.add(turnId);
    const [oldest] = finished;
    if (finished.size > REMEMBERED && oldest !== undefined) finished.delete(oldest);
    endTyping(turnId, channelId);
    const own = shown.get(turnId);
    shown.delete(turnId);
    own?.over.abort();
    await own?.message;
    const messageId = await seen.get(keyOf(turnId));
    if (typeof messageId !== "string") return;
    await rest.delete(Routes.channelMessage(channelId, messageId)).catch((error: unknown) => {
      if (!isGone(error)) throw error;
    });
    await seen.delete(keyOf(turnId));
  }

  return {
    show(view) {
      const { replyTo } = view;
      if (!isReplyTo(replyTo)) return;
      if (isFinal(view.state)) {
        finish(view.id, replyTo.channelId).catch((error: unknown) => log.debug("discord: progress stays.", { error }));
        return;
      }
      if (finished.has(view.id)) return;
      const known = shown.get(view.id);
      if (known !== undefined) {
        known.view = view;
        return;
      }
      const own: Shown = { view, over: new AbortController(), message: Promise.resolve() };
      shown.set(view.id, own);
      beginTyping(view.id, replyTo.channelId);
      own.message = tell(own, replyTo).catch((error: unknown) => {
        if (!own.over.signal.aborted) log.debug("discord: progress could not be shown.", { error });
      });
    },
    finish,
    stop() {
      for (const { over } of [...shown.values(), ...typing.values()]) over.abort();
      shown.clear();
      typing.clear();
    },
  };
}

function keyOf(turnId: string): string {
  return `progress:${turnId}`;
}

function detailOf({ detail }: TurnView, locale: string | null): string {
  return `⏳ ${defuse(detail ?? text("turn.queued", locale))}…`;
}
