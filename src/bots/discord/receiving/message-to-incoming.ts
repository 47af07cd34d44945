import type { APIMessage } from "discord-api-types/v10";
import type { Incoming } from "../../../core/incoming.ts";
import { toAttachments } from "../attachments.ts";
import type { ChannelFacts, Directory } from "../directory.ts";
import { toMessageKey, toPlace } from "./place.ts";
import { forwarded, toPlainText, type Names } from "../plain-text.ts";
import { timeOf } from "../snowflake.ts";
import type { ReplyTo } from "../reply-to.ts";

const MAX_CONTEXT_CHARACTERS = 8000;

export interface Translation {
  readonly facts: ChannelFacts;
  readonly directory: Directory;
  readonly ownId: string;
  readonly conversationPer: "channel" | "thread";
  readonly maxFileMb: number;
}

/** A message as core knows it; for a question with what it replies to: that text is context, those files come along. */
export function toIncoming(
  message: APIMessage & { readonly member?: { readonly nick?: string | null } | undefined },
  kind: "question" | "note",
  translation: Translation,
): Incoming {
  const { facts, directory } = translation;
  const parent = facts.parentId === null ? undefined : directory.known(facts.parentId);
  const { channel, conversation } = toPlace(facts, parent, translation.conversationPer);
  const replied = kind === "question" ? (message.referenced_message ?? null) : null;
  const repliedFiles = replied === null ? [] : toAttachments(replied, facts.guildId, translation);
  const replyTo: ReplyTo = {
    guildId: facts.guildId,
    channelId: facts.id,
    messageId: message.id,
    interaction: null,
  };
  return {
    key: toMessageKey(facts.id, message.id),
    bot: "discord",
    kind,
    channel,
    conversation,
    author: {
      id: message.author.id,
      name: message.member?.nick ?? message.author.global_name ?? message.author.username,
    },
    text: kind === "question" ? toPlainText(message, toNames(translation)) : "",
    context: kind === "question" ? toContext(message, replied, translation) : null,
    attachments: [...toAttachments(message, facts.guildId, translation), ...repliedFiles],
    locale: directory.guild(facts.guildId)?.locale ?? null,
    replyTo,
    sentAt: timeOf(message.id),
  };
}

/** What a message says, with what it forwards; null when that is nothing. */
export function toText(message: APIMessage, translation: Translation): string | null {
  const names = toNames(translation);
  const texts = [
    toPlainText(message, names),
    ...forwarded(message).map(({ content, mentions }) => toPlainText({ content, mentions }, names)),
    ...message.embeds.flatMap(({ title, description }) => [title ?? "", description ?? ""]),
  ].filter((text) => text !== "");
  return texts.length === 0 ? null : texts.join("\n\n").slice(0, MAX_CONTEXT_CHARACTERS);
}

function toContext(message: APIMessage, replied: APIMessage | null, translation: Translation): string | null {
  // What Docent said itself the conversation remembers.
  if (replied !== null) return replied.author.id === translation.ownId ? null : toText(replied, translation);
  const [first] = forwarded(message);
  return first === undefined ? null : toText({ ...message, content: "" }, translation);
}

function toNames({ directory, facts, ownId }: Translation): Names {
  const guild = directory.guild(facts.guildId);
  return {
    ownId,
    ownRoleId: guild?.ownRoleId ?? null,
    role: (id) => guild?.roleNames.get(id),
    channel: (id) => directory.known(id)?.name,
  };
}
