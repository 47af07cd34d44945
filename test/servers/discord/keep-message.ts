import { intentOf, type ServerContext } from "./context.ts";
import { isThread, type Channel, type Message } from "./state.ts";
import { toChannel, toMessage } from "./views.ts";

export type NewMessage = Pick<Message, "channelId" | "authorId" | "content"> & Partial<Message>;

/** Stores a message and tells the gateway about it; an archived thread wakes up first. */
export function keepMessage(context: ServerContext, message: NewMessage): Message {
  const { state } = context;
  const kept: Message = {
    id: state.nextId(),
    webhookId: null,
    type: 0,
    createdAt: context.now(),
    files: [],
    replyTo: null,
    mentions: [],
    mentionedRoles: [],
    pinged: [],
    nonce: null,
    onlyFor: null,
    interactionId: null,
    components: [],
    flags: 0,
    editedAt: null,
    edits: 0,
    isThinking: false,
    reactions: new Map(),
    ...message,
  };
  state.messages.set(kept.id, kept);
  const channel = state.channels.get(kept.channelId);
  if (channel !== undefined && kept.onlyFor === null) {
    if (channel.isArchived) wake(context, channel);
    channel.lastMessageId = kept.id;
    if (kept.authorId === state.app.botId) channel.typingAt = 0;
    tellNew(context, kept);
  }
  context.changed();
  return kept;
}

/** Tells everybody of a message; once more for one that was told before, as two shards or a resume do. */
export function tellNew(context: ServerContext, message: Message): void {
  const channel = context.state.channels.get(message.channelId);
  if (channel === undefined) return;
  context.dispatch({
    name: "MESSAGE_CREATE",
    intents: intentOf(channel),
    channel,
    data: ({ intents }) => toMessage(context, message, { intents, isGateway: true }),
  });
}

export function tellUpdate(context: ServerContext, message: Message): void {
  const channel = context.state.channels.get(message.channelId);
  if (channel !== undefined && message.onlyFor === null) {
    context.dispatch({
      name: "MESSAGE_UPDATE",
      intents: intentOf(channel),
      channel,
      data: ({ intents }) => toMessage(context, message, { intents, isGateway: true }),
    });
  }
  context.changed();
}

export function dropMessages(context: ServerContext, messages: readonly Message[]): void {
  const [first] = messages;
  const channel = context.state.channels.get(first?.channelId ?? "");
  for (const { id } of messages) context.state.messages.delete(id);
  if (first !== undefined && channel !== undefined && first.onlyFor === null) {
    const guild = channel.guildId === null ? {} : { guild_id: channel.guildId };
    const isBulk = messages.length > 1;
    context.dispatch({
      name: isBulk ? "MESSAGE_DELETE_BULK" : "MESSAGE_DELETE",
      intents: intentOf(channel),
      channel,
      data: () => ({
        channel_id: channel.id,
        ...guild,
        ...(isBulk ? { ids: messages.map(({ id }) => id) } : { id: first.id }),
      }),
    });
  }
  context.changed();
}

function wake(context: ServerContext, channel: Channel): void {
  if (!isThread(channel)) return;
  channel.isArchived = false;
  context.dispatch({
    name: "THREAD_UPDATE",
    intents: 1,
    channel,
    data: () => toChannel(context.state, channel),
  });
}

/** Whom a text of the bot would notify, by what it allows itself. */
export function pingedBy(
  content: string,
  allowed: { readonly parse: readonly string[]; readonly users: readonly string[] },
): readonly string[] {
  const users = [...content.matchAll(/<@!?(\d+)>/g)].map((match) => match[1] ?? "");
  const roles = [...content.matchAll(/<@&(\d+)>/g)].map((match) => match[1] ?? "");
  return [
    ...(allowed.parse.includes("everyone") && /@(everyone|here)/.test(content) ? ["everyone"] : []),
    ...(allowed.parse.includes("roles") ? roles : []),
    ...users.filter((id) => allowed.parse.includes("users") || allowed.users.includes(id)),
  ];
}
