import { INTENT, type ServerContext } from "./context.ts";
import type { Json } from "./fault.ts";
import { can, permissionsIn } from "./permissions.ts";
import { CHANNEL_TYPE, isThread, type Channel, type Guild, type Message, type State, type User } from "./state.ts";

/** Who looks: what the Message Content intent hides depends on it. */
export interface Viewer {
  readonly intents: number;
  /** Events carry `guild_id` and `member`, answers of REST do not. */
  readonly isGateway: boolean;
}

export function toUser(user: User | undefined): Json {
  return {
    id: user?.id ?? "0",
    username: (user?.name ?? "deleted").toLowerCase(),
    global_name: user?.isBot === false ? user.name : null,
    discriminator: "0",
    avatar: null,
    ...(user?.isBot === true ? { bot: true } : {}),
  };
}

export function toMember(guild: Guild, userId: string, options: { withPermissions?: boolean } = {}): Json {
  const member = guild.members.get(userId);
  return {
    nick: member?.nick ?? null,
    roles: [],
    joined_at: "2026-01-01T00:00:00.000000+00:00",
    deaf: false,
    mute: false,
    flags: 0,
    ...(options.withPermissions === true ? { permissions: String(member?.permissions ?? 0n) } : {}),
  };
}

export function toChannel(state: State, channel: Channel): Json {
  const base = { id: channel.id, type: CHANNEL_TYPE[channel.kind], last_message_id: channel.lastMessageId, flags: 0 };
  if (channel.guildId === null) {
    return { ...base, recipients: [toUser(state.users.get(channel.recipientId ?? ""))] };
  }
  const inGuild = { ...base, guild_id: channel.guildId, name: channel.name, parent_id: channel.parentId };
  if (!isThread(channel)) {
    const own = { id: state.app.botId, type: 1, allow: "0", deny: String(channel.deniedToBot) };
    return { ...inGuild, position: 0, permission_overwrites: channel.deniedToBot === 0n ? [] : [own] };
  }
  return {
    ...inGuild,
    owner_id: channel.ownerId,
    thread_metadata: {
      archived: channel.isArchived,
      locked: channel.isLocked,
      auto_archive_duration: 1440,
      archive_timestamp: "2026-01-01T00:00:00.000000+00:00",
    },
    message_count: 0,
    member_count: 1,
  };
}

/** GUILD_CREATE: channels and active threads with their last message, which tells a bot what it has missed. */
export function toGuild(state: State, guild: Guild): Json {
  const visible = [...state.channels.values()].filter(
    (channel) => channel.guildId === guild.id && can(state, channel, "viewChannel"),
  );
  return {
    id: guild.id,
    name: guild.name,
    owner_id: "1",
    preferred_locale: guild.preferredLocale,
    features: [],
    unavailable: false,
    large: false,
    member_count: guild.members.size + 1,
    joined_at: "2026-01-01T00:00:00.000000+00:00",
    members: [],
    roles: toRoles(state, guild),
    channels: visible.filter((channel) => !isThread(channel)).map((channel) => toChannel(state, channel)),
    threads: visible
      .filter((channel) => isThread(channel) && !channel.isArchived)
      .map((channel) => toChannel(state, channel)),
  };
}

/** Everybody may do nothing here: what the bot may do comes with its own role. */
export function toRoles(state: State, guild: Guild): readonly Json[] {
  const role = (id: string, name: string, permissions: bigint, tags?: Json): Json => ({
    id,
    name,
    permissions: String(permissions),
    managed: tags !== undefined,
    position: 0,
    ...(tags === undefined ? {} : { tags }),
  });
  const own = role(guild.botRoleId, "Docent", guild.botPermissions, { bot_id: state.app.botId });
  return [role(guild.id, "@everyone", 0n), own];
}

/** A message for a viewer: without the intent, its text, files and buttons are empty unless it concerns the bot. */
export function toMessage(context: ServerContext, message: Message, viewer: Viewer, depth = 0): Json {
  const { state, cdn } = context;
  const channel = state.channels.get(message.channelId);
  const guild = state.guilds.get(channel?.guildId ?? "");
  const isOpen =
    (viewer.intents & INTENT.messageContent) !== 0 ||
    message.authorId === state.app.botId ||
    guild === undefined ||
    message.mentions.includes(state.app.botId);
  const replied = message.replyTo === null ? undefined : state.messages.get(message.replyTo);
  const isReply = message.type === 19;
  return {
    id: message.id,
    channel_id: message.channelId,
    type: message.type,
    author: toUser(state.users.get(message.authorId)),
    content: isOpen ? message.content : "",
    attachments: isOpen ? message.files.map((file) => toAttachment(cdn.urlOf(message.channelId, file), file)) : [],
    embeds: [],
    components: isOpen ? message.components : [],
    mentions: message.mentions.map((id) => toUser(state.users.get(id))),
    mention_roles: message.mentionedRoles,
    mention_everyone: message.pinged.includes("everyone"),
    timestamp: new Date(message.createdAt).toISOString(),
    edited_timestamp: message.editedAt === null ? null : new Date(message.editedAt).toISOString(),
    flags: message.flags,
    pinned: false,
    tts: false,
    reactions: [...message.reactions].map(([name, users]) => ({
      emoji: { id: null, name },
      count: users.size,
      me: users.has(state.app.botId),
    })),
    ...(message.webhookId === null ? {} : { webhook_id: message.webhookId }),
    ...(message.replyTo === null
      ? {}
      : { message_reference: { type: 0, message_id: message.replyTo, channel_id: message.channelId } }),
    ...(isReply && depth === 0
      ? { referenced_message: replied === undefined ? null : toMessage(context, replied, viewer, 1) }
      : {}),
    ...(viewer.isGateway && guild !== undefined
      ? { guild_id: guild.id, member: toMember(guild, message.authorId) }
      : {}),
  };
}

export function toAttachment(url: string, file: Message["files"][number]): Json {
  return {
    id: file.id,
    filename: file.name,
    size: file.bytes.byteLength,
    url,
    proxy_url: url,
    content_type: file.contentType,
    ...(file.durationSeconds === null ? {} : { duration_secs: file.durationSeconds, waveform: "AAAA" }),
    ...(file.isEphemeral ? { ephemeral: true } : {}),
  };
}

export function toAppPermissions(state: State, channel: Channel): string {
  return String(BigInt.asUintN(64, permissionsIn(state, channel)));
}
