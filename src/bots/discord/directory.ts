import { ChannelType, GatewayDispatchEvents, Routes } from "discord-api-types/v10";
import type { REST } from "@discordjs/rest";
import type { APIChannel, GatewayDispatchPayload, GatewayGuildCreateDispatchData } from "discord-api-types/v10";

/** What the bot has to know about a channel or thread. */
export interface ChannelFacts {
  readonly id: string;
  readonly type: ChannelType;
  readonly guildId: string | null;
  readonly parentId: string | null;
  readonly name: string;
  /** Who began a thread. */
  readonly ownerId: string | null;
}

export interface GuildFacts {
  readonly id: string;
  readonly locale: string;
  /** The role that came with the bot; people pick it for the bot itself. */
  readonly ownRoleId: string | null;
  readonly roleNames: ReadonlyMap<string, string>;
}

/** Servers, channels and threads as the gateway tells about them. */
export interface Directory {
  take(payload: GatewayDispatchPayload, ownId: string): void;
  guild(guildId: string | null): GuildFacts | undefined;
  /** From the gateway, else from REST (an archived thread). @throws DiscordAPIError when the bot cannot see it */
  channel(channelId: string, guildId: string | null): Promise<ChannelFacts>;
  known(channelId: string): ChannelFacts | undefined;
}

export function createDirectory(rest: REST): Directory {
  const guilds = new Map<string, GuildFacts>();
  const channels = new Map<string, ChannelFacts>();

  function takeGuild(guild: GatewayGuildCreateDispatchData, ownId: string): void {
    guilds.set(guild.id, {
      id: guild.id,
      locale: guild.preferred_locale,
      ownRoleId: guild.roles.find((role) => role.tags?.bot_id === ownId)?.id ?? null,
      roleNames: new Map(guild.roles.map(({ id, name }) => [id, name])),
    });
    for (const channel of [...guild.channels, ...guild.threads]) takeChannel(channel, guild.id);
  }

  function takeChannel(channel: unknown, guildId: string | null): ChannelFacts {
    const facts = toFacts(channel as APIChannel, guildId);
    channels.set(facts.id, facts);
    return facts;
  }

  return {
    take({ t, d }, ownId) {
      if (t === GatewayDispatchEvents.GuildCreate) takeGuild(d, ownId);
      if (t === GatewayDispatchEvents.GuildUpdate) {
        const known = guilds.get(d.id);
        if (known !== undefined) guilds.set(d.id, { ...known, locale: d.preferred_locale });
      }
      if (t === GatewayDispatchEvents.GuildDelete && d.unavailable !== true) {
        guilds.delete(d.id);
        for (const channel of channels.values()) if (channel.guildId === d.id) channels.delete(channel.id);
      }
      if (
        t === GatewayDispatchEvents.ChannelCreate ||
        t === GatewayDispatchEvents.ChannelUpdate ||
        t === GatewayDispatchEvents.ThreadCreate ||
        t === GatewayDispatchEvents.ThreadUpdate
      ) {
        takeChannel(d, "guild_id" in d ? (d.guild_id ?? null) : null);
      }
      if (t === GatewayDispatchEvents.ThreadListSync) for (const thread of d.threads) takeChannel(thread, d.guild_id);
      if (t === GatewayDispatchEvents.ChannelDelete || t === GatewayDispatchEvents.ThreadDelete) channels.delete(d.id);
    },
    guild: (guildId) => (guildId === null ? undefined : guilds.get(guildId)),
    known: (channelId) => channels.get(channelId),
    async channel(channelId, guildId) {
      // A DM needs no look-up, and there are too many to keep.
      if (guildId === null) return toDirect(channelId);
      return channels.get(channelId) ?? takeChannel(await rest.get(Routes.channel(channelId)), guildId);
    },
  };
}

export function isThread({ type }: ChannelFacts): boolean {
  return (
    type === ChannelType.PublicThread || type === ChannelType.PrivateThread || type === ChannelType.AnnouncementThread
  );
}

function toDirect(id: string): ChannelFacts {
  return { id, type: ChannelType.DM, guildId: null, parentId: null, name: "", ownerId: null };
}

/** A channel of the gateway or of REST; threads of a channel name their parent. */
export function toFacts(channel: APIChannel, guildId: string | null): ChannelFacts {
  return {
    id: channel.id,
    type: channel.type,
    guildId: "guild_id" in channel ? (channel.guild_id ?? guildId) : guildId,
    parentId: "parent_id" in channel ? (channel.parent_id ?? null) : null,
    name: channel.name ?? "",
    ownerId: "owner_id" in channel ? (channel.owner_id ?? null) : null,
  };
}
