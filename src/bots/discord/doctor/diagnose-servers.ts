import { ChannelType, PermissionFlagsBits, Routes } from "discord-api-types/v10";
import { DiscordAPIError, type REST } from "@discordjs/rest";
import type { APIGuildMember, APIOverwrite, APIRole } from "discord-api-types/v10";
import { found, type Diagnosis, type Finding } from "../../../core/ports/diagnosis.ts";
import { toInviteUrl } from "../invite.ts";
import { reasonOf } from "./reason-of.ts";

const MAX_SERVERS = 20;
const MAX_NAMED = 8;

/** What Docent does in a channel, as Discord's settings name it. */
const NEEDED: readonly (readonly [name: string, bit: bigint])[] = [
  ["Send Messages", PermissionFlagsBits.SendMessages],
  ["Send Messages in Threads", PermissionFlagsBits.SendMessagesInThreads],
  ["Read Message History", PermissionFlagsBits.ReadMessageHistory],
  ["Add Reactions", PermissionFlagsBits.AddReactions],
];
/** Without it only signs are missing. */
const DISPENSABLE = "Add Reactions";

interface Server {
  readonly id: string;
  readonly name: string;
}

interface ServerChannel {
  readonly name: string;
  readonly type: ChannelType;
  readonly permission_overwrites?: readonly APIOverwrite[];
}

const WHERE_PEOPLE_TALK: ReadonlySet<ChannelType> = new Set([
  ChannelType.GuildText,
  ChannelType.GuildAnnouncement,
  ChannelType.GuildForum,
]);

/** The servers that the bot is in, and in each what it may not do, and where. */
export async function* diagnoseServers(
  rest: REST,
  { botId, applicationId }: { readonly botId: string; readonly applicationId: string },
): Diagnosis {
  const servers = (await rest.get(Routes.userGuilds())) as Server[];
  const link = toInviteUrl(applicationId);
  if (servers.length === 0) {
    yield found("problem", "discord.servers", "doctor.discord.no_server", ["doctor.discord.invite_remedy", { link }]);
  }
  for (const server of servers.slice(0, MAX_SERVERS)) {
    try {
      yield* diagnoseServer(rest, server, { botId, link });
    } catch (error) {
      // Of one server alone: the bot was removed meanwhile, or Discord does not give that one away.
      if (!(error instanceof DiscordAPIError) || error.status === 401) throw error;
      const seen = ["doctor.discord.server_failed", { server: server.name, reason: reasonOf(error) }] as const;
      yield found("warning", "discord.servers", seen, ["doctor.discord.server_remedy", { server: server.name, link }]);
    }
  }
  if (servers.length > MAX_SERVERS) {
    yield found("skipped", "discord.servers", ["doctor.discord.more_servers", { more: servers.length - MAX_SERVERS }]);
  }
}

async function* diagnoseServer(
  rest: REST,
  server: Server,
  { botId, link }: { readonly botId: string; readonly link: string },
): Diagnosis {
  const [all, roles, member] = (await Promise.all([
    rest.get(Routes.guildChannels(server.id)),
    rest.get(Routes.guildRoles(server.id)),
    rest.get(Routes.guildMember(server.id, botId)),
  ])) as [ServerChannel[], APIRole[], APIGuildMember];
  const own = new Set([server.id, ...member.roles]);
  const base = roles.filter(({ id }) => own.has(id)).reduce((bits, role) => bits | BigInt(role.permissions), 0n);
  const isAdmin = (base & PermissionFlagsBits.Administrator) !== 0n;
  const may = (bits: bigint, wanted: bigint): boolean => isAdmin || (bits & wanted) !== 0n;

  const lacking = [["View Channels", PermissionFlagsBits.ViewChannel] as const, ...NEEDED]
    .filter(([, bit]) => !may(base, bit))
    .map(([name]) => name);
  if (lacking.length > 0) yield explainRole(server, lacking, link);

  const rights = all
    .filter(({ type }) => WHERE_PEOPLE_TALK.has(type))
    .map(({ name, permission_overwrites: overwrites = [] }) => ({
      name,
      bits: inChannel(base, overwrites, { server: server.id, roles: own, botId }),
    }));
  const visible = rights.filter(({ bits }) => may(bits, PermissionFlagsBits.ViewChannel));
  const counts = { server: server.name, seen: visible.length, all: rights.length };
  if (visible.length === 0) {
    const remedy = ["doctor.discord.sees_remedy", { server: server.name }] as const;
    yield found("problem", "discord.channels", ["doctor.discord.sees_none", { server: server.name }], remedy);
    return;
  }
  yield found("ok", "discord.channels", ["doctor.discord.sees", counts]);
  for (const [permission, bit] of NEEDED.filter(([name]) => !lacking.includes(name))) {
    const without = visible.filter(({ bits }) => !may(bits, bit)).map(({ name }) => name);
    if (without.length > 0) yield explainChannels(server, permission, without);
  }
}

function explainRole({ name: server }: Server, lacking: readonly string[], link: string): Finding {
  const status = lacking.every((name) => name === DISPENSABLE) ? "warning" : "problem";
  const values = { server, permissions: lacking.join(", ") };
  const remedy = ["doctor.discord.role_remedy", { ...values, link }] as const;
  return found(status, "discord.permissions", ["doctor.discord.role_lacks", values], remedy);
}

function explainChannels({ name: server }: Server, permission: string, channels: readonly string[]): Finding {
  const named = channels.slice(0, MAX_NAMED).map((name) => `#${name}`);
  const rest = channels.length > named.length ? ", …" : "";
  const values = { server, permission, channels: `${named.join(", ")}${rest}` };
  const status = permission === DISPENSABLE ? "warning" : "problem";
  const remedy = ["doctor.discord.channel_remedy", { permission }] as const;
  return found(status, "discord.permissions", ["doctor.discord.channel_lacks", values], remedy);
}

/** discord.com/developers/docs/topics/permissions, “Permission Overwrites”: everyone, then roles together, then the member. */
function inChannel(
  base: bigint,
  overwrites: readonly APIOverwrite[],
  own: { readonly server: string; readonly roles: ReadonlySet<string>; readonly botId: string },
): bigint {
  const layers = [
    overwrites.filter(({ id }) => id === own.server),
    overwrites.filter(({ id }) => id !== own.server && own.roles.has(id)),
    overwrites.filter(({ id }) => id === own.botId),
  ];
  return layers.reduce((bits, layer) => {
    const deny = layer.reduce((sum, each) => sum | BigInt(each.deny), 0n);
    const allow = layer.reduce((sum, each) => sum | BigInt(each.allow), 0n);
    return (bits & ~deny) | allow;
  }, base);
}
