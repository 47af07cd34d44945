import { ApiFault } from "./fault.ts";
import { isThread, type Channel, type State } from "./state.ts";

/** https://discord.com/developers/docs/topics/permissions */
export const PERMISSION = {
  administrator: 1n << 3n,
  manageChannels: 1n << 4n,
  manageGuild: 1n << 5n,
  addReactions: 1n << 6n,
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  manageMessages: 1n << 13n,
  embedLinks: 1n << 14n,
  attachFiles: 1n << 15n,
  readMessageHistory: 1n << 16n,
  manageThreads: 1n << 34n,
  createPublicThreads: 1n << 35n,
  sendMessagesInThreads: 1n << 38n,
} as const;

export type PermissionName = keyof typeof PERMISSION;

export function toBits(names: readonly PermissionName[]): bigint {
  return names.reduce((bits, name) => bits | PERMISSION[name], 0n);
}

/** What the bot may do in a channel; a thread has its parent's rights. In a DM everything that matters. */
export function permissionsIn(state: State, channel: Channel): bigint {
  if (channel.guildId === null) return ~0n;
  const granted = state.guilds.get(channel.guildId)?.botPermissions ?? 0n;
  const parent = channel.parentId === null ? undefined : state.channels.get(channel.parentId);
  const denied = channel.deniedToBot | (isThread(channel) ? (parent?.deniedToBot ?? 0n) : 0n);
  return granted & ~denied;
}

export function can(state: State, channel: Channel, name: PermissionName): boolean {
  return (permissionsIn(state, channel) & PERMISSION[name]) !== 0n;
}

/** The channel, if the bot can see it. @throws ApiFault 10003, 50001 */
export function visibleChannel(state: State, id: string | undefined): Channel {
  const channel = state.channels.get(id ?? "");
  if (channel === undefined || (channel.guildId !== null && !state.guilds.has(channel.guildId))) {
    throw new ApiFault(10003);
  }
  if (!can(state, channel, "viewChannel")) throw new ApiFault(50001);
  return channel;
}

/** @throws ApiFault 50013 */
export function require(state: State, channel: Channel, name: PermissionName): void {
  if (!can(state, channel, name)) throw new ApiFault(50013);
}
