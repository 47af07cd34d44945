import { DocentError } from "../../core/errors.ts";
import type { Author, Channel } from "../../core/incoming.ts";
import type { Docent } from "../../core/ports/docent.ts";
import type { ArrivalOrder } from "./receiving/arrival-order.ts";
import type { Deliveries } from "./receiving/deliveries.ts";
import { toCoreChannel, toThreadConversation } from "./core-channel.ts";
import type { Directory, Person } from "./directory.ts";
import type { Memory } from "./memory.ts";
import type { RecentSet } from "../../core/recent-set.ts";
import type { SeenMarks } from "./receiving/seen-marks.ts";
import type { ShownTurns } from "./posting/shown-turns.ts";
import type { SlackApi } from "./slack-api.ts";
import type { SlackBotOptions } from "./slack-bot-options.ts";

/** Who the bot is: what `auth.test` told. */
export interface Identity {
  readonly teamId: string;
  readonly teamName: string;
  readonly botName: string;
  readonly botUserId: string;
  /** Ends in `/`, e.g. `https://acme.slack.com/`. */
  readonly teamUrl: string;
  readonly scopes: readonly string[];
}

/** What the parts of this bot share. */
export interface Room {
  readonly options: SlackBotOptions;
  readonly api: SlackApi;
  readonly directory: Directory;
  readonly memory: Memory;
  readonly shown: ShownTurns;
  readonly arrivals: ArrivalOrder;
  readonly deliveries: Deliveries;
  readonly seenMarks: SeenMarks;
  /** Messages about whose trouble somebody was told. */
  readonly told: RecentSet;
  /** @throws DocentError `stopping` before Slack has told who the bot is, and after `stop`. */
  identity(): Identity;
  /** @throws DocentError `stopping` before `start` and after `stop`. */
  docent(): Docent;
  /** Work that nobody waits for: its failure is logged, and `stop` waits for it. */
  background(what: string, work: () => Promise<void>): void;
  /** The token was revoked or the app removed: nothing works until somebody installs it again. */
  revoked(reason: string): void;
}

export function notNow(message: string): DocentError {
  return new DocentError("stopping", message, { retryAfterMs: 2_000 });
}

/** The language for a person: the configured one, or their own. */
export async function localeOf(room: Room, userId: string): Promise<string | null> {
  const { language } = room.options;
  if (language !== "auto") return language;
  return (await room.directory.person(userId))?.locale ?? null;
}

/**
 * A channel as core knows it. Events say all of it (`is_ext_shared_channel`, `channel_type`); what they leave out is
 * looked up, and what cannot be looked up counts as shared, so that nothing leaks to other organisations.
 */
export async function toChannel(
  room: Room,
  id: string,
  known: { readonly isDirect?: boolean; readonly isShared?: boolean | undefined } = {},
): Promise<Channel> {
  const facts = known.isShared === undefined ? await room.directory.channel(id) : undefined;
  const isDirect = known.isDirect ?? facts?.isDirect ?? id.startsWith("D");
  return toCoreChannel(room.identity().teamId, id, {
    isDirect,
    isShared: known.isShared ?? facts?.isShared ?? !isDirect,
  });
}

/** What shares a memory: the channel, or with `CONVERSATION_PER=thread` the thread that begins with `rootTs`. */
export function toConversation(room: Room, channel: Channel, rootTs: string | null): string {
  return room.options.conversationPer === "channel" || rootTs === null
    ? channel.key
    : toThreadConversation(channel, rootTs);
}

/** Who writes. Somebody who cannot be looked up counts as a guest, so that nothing leaks to one. */
export function toAuthor(id: string, person: Person | undefined): Author {
  return { id, name: person?.name ?? null, isGuest: person?.isGuest ?? true };
}
