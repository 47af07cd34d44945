import { Routes } from "discord-api-types/v10";
import type { APIMessage } from "discord-api-types/v10";
import { isDocentError, toDocentError, type ErrorCode } from "../../../core/errors.ts";
import type { Incoming } from "../../../core/incoming.ts";
import type { Accepted } from "../../../core/ports/docent.ts";
import { errorText, text } from "../../../core/texts/text.ts";
import { classifyMessage } from "./classify-message.ts";
import { isThread, type ChannelFacts } from "../directory.ts";
import { isForbidden, isGone } from "../discord-errors.ts";
import { toLocale } from "./locale.ts";
import { toIncoming, type Translation } from "./message-to-incoming.ts";
import { patiently } from "./patiently.ts";
import { postNotice } from "../posting/post-notice.ts";
import { REACTION } from "../posting/reactions.ts";
import type { Wiring } from "../wiring.ts";

export type ReceivedMessage = APIMessage & {
  readonly guild_id?: string | undefined;
  readonly member?: { readonly nick?: string | null } | undefined;
};

/**
 * Takes one message of a channel's lane: saved before the next one is looked at. Returns whether it mattered.
 * @throws DocentError `stopping`: the message has to be fetched again at the next start
 */
export async function receiveMessage(message: ReceivedMessage, wiring: Wiring): Promise<boolean> {
  const { options, directory, threads, directs } = wiring;
  if (message.author.bot === true || message.webhook_id !== undefined) return false;
  const facts = await findChannel(message, wiring);
  if (facts === null) return false;
  const ownId = wiring.self().userId;
  const takesPart = isThread(facts) && (facts.ownerId === ownId || (await threads.has(facts.id)));
  const meaning = classifyMessage(message, facts, {
    ownId,
    ownRoleId: directory.guild(facts.guildId)?.ownRoleId ?? null,
    seesContent: wiring.seesContent(),
    readUploads: options.readUploads,
    takesPart,
  });
  if (meaning === "ignored") return false;
  const translation: Translation = {
    facts,
    directory,
    ownId,
    conversationPer: options.conversationPer,
    maxFileMb: options.maxFileMb,
  };
  if (meaning === "unreadable") {
    await postNotice(
      wiring,
      facts.id,
      message.id,
      (locale) => text("discord.cannot_read", locale),
      localeOf(wiring, facts),
    );
    return false;
  }
  // The gateway lists no DMs, and does not say in which threads the bot was spoken to.
  if (facts.guildId === null) await directs.add(facts.id);
  if (meaning === "question" && isThread(facts)) await threads.add(facts.id);
  if (meaning === "question") await noteReplied(message, translation, wiring);
  await acceptPatiently(toIncoming(message, meaning, translation), wiring);
  return true;
}

/**
 * Files of the message that a question replies to are written down under that message's own key first, so that they
 * go when it is deleted.
 */
async function noteReplied(message: APIMessage, translation: Translation, wiring: Wiring): Promise<void> {
  const replied = message.referenced_message;
  if (!replied || wiring.options.readUploads === "off" || replied.author.id === wiring.self().userId) return;
  const note = toIncoming(replied, "note", translation);
  if (note.attachments.length > 0) await acceptPatiently(note, wiring);
}

/** Hands a message to core; what core refuses is told to whoever wrote it. */
export async function acceptPatiently(incoming: Incoming, wiring: Wiring): Promise<Accepted | null> {
  const { clock, log, metrics } = wiring.options;
  const accept = async (): Promise<Accepted> => {
    const startedAt = clock.steady();
    const accepted = await wiring.docent().accept(incoming);
    metrics.observe("accept_seconds", (clock.steady() - startedAt) / 1000, { bot: "discord" });
    return accepted;
  };
  try {
    const mayPass = (code: ErrorCode): boolean => code === "internal" || code === "busy";
    const accepted = await patiently("accepting a message", accept, { wiring, mayPass });
    if (accepted.isNew) showAccepted(accepted, incoming, wiring);
    return accepted;
  } catch (error) {
    if (isDocentError(error, "stopping")) throw error;
    const failure = toDocentError(error, "Accepting a message");
    if (failure.code === "internal") log.error("discord: a message could not be accepted.", { error });
    if (incoming.kind === "question") await refuse(incoming, (locale) => errorText(failure, locale), wiring);
    return null;
  }
}

function showAccepted(accepted: Accepted, incoming: Incoming, wiring: Wiring): void {
  if (accepted.turn !== null) wiring.progress.show(accepted.turn);
  const replyTo = incoming.replyTo as { channelId: string; messageId: string | null };
  if (incoming.kind !== "note" || replyTo.messageId === null) return;
  // A reaction is a courtesy: it may fail.
  wiring.rest
    .put(Routes.channelMessageOwnReaction(replyTo.channelId, replyTo.messageId, encodeURIComponent(REACTION.noted)))
    .catch((error: unknown) => wiring.options.log.debug("discord: no reaction could be added.", { error }));
}

async function refuse(incoming: Incoming, sentence: (locale: string | null) => string, wiring: Wiring): Promise<void> {
  const { channelId, messageId } = incoming.replyTo as { channelId: string; messageId: string | null };
  await postNotice(wiring, channelId, messageId, sentence, incoming.locale);
}

async function findChannel(message: ReceivedMessage, wiring: Wiring): Promise<ChannelFacts | null> {
  try {
    const facts = await wiring.directory.channel(message.channel_id, message.guild_id ?? null);
    // Whether a thread shares its channel's documents depends on the channel.
    if (isThread(facts) && facts.parentId !== null) await wiring.directory.channel(facts.parentId, facts.guildId);
    return facts;
  } catch (error) {
    if (!isGone(error) && !isForbidden(error)) throw error;
    wiring.options.log.debug("discord: a message of a channel that cannot be seen.", { error });
    return null;
  }
}

function localeOf(wiring: Wiring, facts: ChannelFacts): string | null {
  return toLocale(wiring.options.language, null, wiring.directory.guild(facts.guildId)?.locale ?? null);
}
