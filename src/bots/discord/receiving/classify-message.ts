import { MessageType } from "discord-api-types/v10";
import type { APIMessage } from "discord-api-types/v10";
import { filesOf, isReadable } from "../attachments.ts";
import { isThread, type ChannelFacts } from "../directory.ts";

export interface Viewpoint {
  readonly ownId: string;
  readonly ownRoleId: string | null;
  readonly seesContent: boolean;
  readonly readUploads: "asked" | "at-once" | "off";
  /** The channel is a thread in which Docent was spoken to, or that it began. */
  readonly takesPart: boolean;
}

/**
 * What a message means to Docent: a question, files to note, nothing, or something said to Docent that Discord does
 * not let it read. Only people count: no bots, webhooks, joins and other system messages.
 */
export function classifyMessage(
  message: APIMessage,
  facts: ChannelFacts,
  view: Viewpoint,
): "question" | "note" | "unreadable" | "ignored" {
  if (message.author.bot === true || message.webhook_id !== undefined) return "ignored";
  if (message.type !== MessageType.Default && message.type !== MessageType.Reply) return "ignored";
  const hasText = message.content.trim() !== "";
  const files = filesOf(message);
  const note = files.some(isReadable) && view.readUploads !== "off" ? "note" : "ignored";

  // A reply that pings its author is a mention, too.
  const isNamed = message.mentions.some(({ id }) => id === view.ownId);
  const isRoleNamed = view.ownRoleId !== null && message.mention_roles.includes(view.ownRoleId);
  if (isNamed) return "question";
  // A role is no mention to Discord when it decides what to hide.
  if (isRoleNamed) return hasText || files.length > 0 || view.seesContent ? "question" : "unreadable";

  const repliesTo = message.referenced_message?.author.id;
  if (facts.guildId === null || repliesTo === view.ownId) {
    if (hasText) return "question";
    if (files.length > 0) return facts.guildId === null && note === "note" ? "note" : "question";
    return view.seesContent || facts.guildId === null ? "ignored" : "unreadable";
  }
  if (isThread(facts) && hasText && view.takesPart) {
    // In a thread with Docent people also talk to each other.
    const isToOthers = message.mentions.length > 0 || message.mention_roles.length > 0 || message.mention_everyone;
    if (!isToOthers && repliesTo === undefined) return "question";
  }
  return note;
}
