import { PermissionFlagsBits } from "discord-api-types/v10";
import type { APIInteraction } from "discord-api-types/v10";
import type { CommandName } from "../../../core/ports/command.ts";
import type { ChannelFacts } from "../directory.ts";
import { toLocale } from "../receiving/locale.ts";
import { toPlace, type Place } from "../receiving/place.ts";
import type { ReplyTo } from "../reply-to.ts";
import type { Wiring } from "../wiring.ts";

/** Who uses a command or a button, and where. */
export interface Caller {
  readonly id: string;
  readonly name: string;
  readonly facts: ChannelFacts;
  readonly place: Place;
  /** Of the person's own client. */
  readonly locale: string | null;
  /** Of our sentences to this person. */
  readonly language: string | null;
  readonly replyTo: ReplyTo;
  isAdmin(command: CommandName): boolean;
}

export async function toCaller(interaction: APIInteraction, wiring: Wiring): Promise<Caller | null> {
  const user = interaction.member?.user ?? interaction.user;
  const { channel } = interaction;
  if (user === undefined || channel === undefined) return null;
  const guildId = interaction.guild_id ?? null;
  const facts: ChannelFacts = wiring.directory.known(channel.id) ?? {
    id: channel.id,
    type: channel.type,
    guildId,
    parentId: "parent_id" in channel ? (channel.parent_id ?? null) : null,
    name: channel.name ?? "",
    ownerId: null,
  };
  // Whether a thread shares its channel's documents depends on the channel.
  const parent =
    facts.parentId === null
      ? undefined
      : await wiring.directory.channel(facts.parentId, guildId).catch(() => undefined);
  const locale = "locale" in interaction ? interaction.locale : null;
  const guildLocale = interaction.guild_locale ?? wiring.directory.guild(guildId)?.locale ?? null;
  const permissions = BigInt(interaction.member?.permissions ?? 0);
  const has = (bit: bigint): boolean => (permissions & bit) !== 0n;
  return {
    id: user.id,
    name: interaction.member?.nick ?? user.global_name ?? user.username,
    facts,
    place: toPlace(facts, parent, wiring.options.conversationPer),
    locale: locale ?? guildLocale,
    language: toLocale(wiring.options.language, locale, guildLocale),
    replyTo: {
      guildId,
      channelId: channel.id,
      messageId: null,
      interaction: { id: interaction.id, token: interaction.token, applicationId: interaction.application_id },
    },
    isAdmin: (command) =>
      // A direct message is its person's own.
      guildId === null ||
      has(PermissionFlagsBits.Administrator) ||
      has(PermissionFlagsBits.ManageGuild) ||
      (command === "forget" && has(PermissionFlagsBits.ManageChannels)),
  };
}
