import { INTENT, type ServerContext } from "./context.ts";
import { directChannel, keepChannel } from "./channel-routes.ts";
import { dropMessages, keepMessage, tellUpdate } from "./keep-message.ts";
import { toBits, type PermissionName } from "./permissions.ts";
import type { Channel, ChannelKind, Guild, Message, StoredFile, User } from "./state.ts";
import { toChannel, toGuild } from "./views.ts";

export interface PostedFile {
  readonly name: string;
  readonly bytes: Uint8Array | string;
  readonly type?: string;
  readonly isSpoiler?: boolean;
}

export interface PostOptions {
  readonly files?: readonly PostedFile[];
  readonly replyTo?: Message;
  /** A reply notifies the author of what it replies to, unless the person switches that off. */
  readonly pings?: boolean;
  /** A voice message: a recording, no text. */
  readonly isVoice?: boolean;
  /** Discord's message type of system messages, e.g. 7 for a join. */
  readonly type?: number;
  readonly webhook?: boolean;
}

/** What people and admins do on Discord. */
export interface People {
  person(name: string, options?: { isBot?: boolean }): User;
  guild(name: string, options?: { preferredLocale?: string; botMay?: readonly PermissionName[] }): Guild;
  join(user: User, guild: Guild, options?: { permissions?: readonly PermissionName[]; nick?: string }): void;
  channel(guild: Guild, name: string, options?: { kind?: ChannelKind }): Channel;
  direct(user: User): Channel;
  /** With a message, the thread begins at it and has its id. */
  thread(
    user: User,
    parent: Channel,
    options?: { name?: string; message?: Message; kind?: "publicThread" | "privateThread" },
  ): Channel;
  post(user: User, channel: Channel, text: string, options?: PostOptions): Message;
  /** How the client writes a mention. */
  mention(user: User | { readonly id: string }): string;
  edit(message: Message, text: string): void;
  remove(...messages: readonly Message[]): void;
  removeChannel(channel: Channel): void;
  removeGuild(guild: Guild): void;
  outage(guild: Guild): void;
  /** Puts a file where slash commands keep theirs. */
  upload(file: PostedFile, options: { isEphemeral: boolean }): StoredFile;
}

const BOT_PERMISSIONS: readonly PermissionName[] = [
  "viewChannel",
  "sendMessages",
  "sendMessagesInThreads",
  "readMessageHistory",
  "addReactions",
];

export function createPeople(context: ServerContext): People {
  const { state } = context;

  const people: People = {
    person(name, options = {}) {
      const user: User = { id: state.nextId(), name, isBot: options.isBot ?? false };
      state.users.set(user.id, user);
      return user;
    },
    guild(name, options = {}) {
      const guild: Guild = {
        id: state.nextId(),
        name,
        preferredLocale: options.preferredLocale ?? "en-US",
        botRoleId: state.nextId(),
        botPermissions: toBits(options.botMay ?? BOT_PERMISSIONS),
        members: new Map(),
      };
      state.guilds.set(guild.id, guild);
      const event = { name: "GUILD_CREATE", intents: INTENT.guilds, guildId: guild.id };
      context.dispatch({ ...event, data: () => toGuild(state, guild) });
      return guild;
    },
    join(user, guild, options = {}) {
      const permissions = toBits(options.permissions ?? ["viewChannel", "sendMessages"]);
      guild.members.set(user.id, { permissions, nick: options.nick ?? null });
    },
    channel: (guild, name, options = {}) =>
      keepChannel(context, { kind: options.kind ?? "text", guildId: guild.id, name }),
    direct: (user) => directChannel(context, user.id),
    thread(user, parent, options = {}) {
      return keepChannel(context, {
        ...(options.message === undefined ? {} : { id: options.message.id }),
        kind: options.kind ?? "publicThread",
        guildId: parent.guildId,
        parentId: parent.id,
        name: options.name ?? "a thread",
        ownerId: user.id,
      });
    },
    post(user, channel, text, options = {}) {
      const { replyTo } = options;
      const named = [...text.matchAll(/<@!?(\d+)>/g)].map((match) => match[1] ?? "");
      const pinged = replyTo !== undefined && options.pings !== false ? [...named, replyTo.authorId] : named;
      return keepMessage(context, {
        channelId: channel.id,
        authorId: user.id,
        webhookId: options.webhook === true ? user.id : null,
        content: text,
        type: options.type ?? (replyTo === undefined ? 0 : 19),
        flags: options.isVoice === true ? 1 << 13 : 0,
        files: (options.files ?? []).map((file) =>
          people.upload(file, { isEphemeral: false, ...(options.isVoice === true ? { seconds: 4 } : {}) }),
        ),
        replyTo: replyTo?.id ?? null,
        mentions: [...new Set(pinged)],
        mentionedRoles: [...text.matchAll(/<@&(\d+)>/g)].map((match) => match[1] ?? ""),
        pinged,
      });
    },
    mention: ({ id }) => `<@${id}>`,
    edit(message, text) {
      message.content = text;
      message.editedAt = context.now();
      tellUpdate(context, message);
    },
    remove: (...messages) => dropMessages(context, messages),
    removeChannel(channel) {
      const isThread = channel.parentId !== null;
      const event = { name: isThread ? "THREAD_DELETE" : "CHANNEL_DELETE", intents: INTENT.guilds, channel };
      context.dispatch({ ...event, data: () => toChannel(state, channel) });
      state.channels.delete(channel.id);
      for (const message of state.messages.values()) {
        if (message.channelId === channel.id) state.messages.delete(message.id);
      }
    },
    removeGuild(guild) {
      state.guilds.delete(guild.id);
      const event = { name: "GUILD_DELETE", intents: INTENT.guilds, guildId: guild.id };
      context.dispatch({ ...event, data: () => ({ id: guild.id }) });
    },
    outage: (guild) =>
      context.dispatch({
        name: "GUILD_DELETE",
        intents: INTENT.guilds,
        guildId: guild.id,
        data: () => ({ id: guild.id, unavailable: true }),
      }),
    upload(file, options: { isEphemeral: boolean; seconds?: number }) {
      return {
        id: state.nextId(),
        name: file.isSpoiler === true ? `SPOILER_${file.name}` : file.name,
        bytes: typeof file.bytes === "string" ? Buffer.from(file.bytes) : file.bytes,
        contentType: file.type ?? "application/octet-stream",
        durationSeconds: options.seconds ?? null,
        isEphemeral: options.isEphemeral,
      };
    },
  };
  return people;
}
