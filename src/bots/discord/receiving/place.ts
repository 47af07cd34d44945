import { ChannelType } from "discord-api-types/v10";
import type { Channel } from "../../../core/incoming.ts";
import { isThread, type ChannelFacts } from "../directory.ts";

/** Where something is said, in core's words. */
export interface Place {
  readonly channel: Channel;
  readonly conversation: string;
}

/**
 * A public thread belongs to its channel: the same people read both, so documents of the channel are used in it. A
 * private thread is read by fewer people, and a forum's post is a topic of its own: both are channels of their own.
 */
export function toPlace(
  facts: ChannelFacts,
  parent: ChannelFacts | undefined,
  conversationPer: "channel" | "thread",
): Place {
  const own = toChannelKey(facts.id);
  if (facts.guildId === null) {
    const workspace = toDirectWorkspace(facts.id);
    return { channel: { key: own, workspace, isDirect: true, isShared: false }, conversation: own };
  }
  const key = belongsToParent(facts, parent) ? toChannelKey(facts.parentId ?? facts.id) : own;
  const channel = { key, workspace: toWorkspace(facts.guildId), isDirect: false, isShared: false };
  return { channel, conversation: conversationPer === "thread" ? own : key };
}

export function belongsToParent(facts: ChannelFacts, parent: ChannelFacts | undefined): boolean {
  if (!isThread(facts) || facts.type === ChannelType.PrivateThread || parent === undefined) return false;
  return parent.type !== ChannelType.GuildForum && parent.type !== ChannelType.GuildMedia;
}

export function toChannelKey(channelId: string): string {
  return `discord:${channelId}`;
}

export function toWorkspace(guildId: string): string {
  return `discord:${guildId}`;
}

/** A direct message belongs to no server: its people's knowledge is its own. */
export function toDirectWorkspace(channelId: string): string {
  return `discord:dm:${channelId}`;
}

/** The natural key of a message: every delivery of it carries the same one. */
export function toMessageKey(channelId: string, messageId: string): string {
  return `discord:${channelId}:${messageId}`;
}
