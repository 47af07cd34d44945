import { INTENT, type Route, type RouteCall, type ServerContext } from "./context.ts";
import { ApiFault, invalidField } from "./fault.ts";
import { can, require, visibleChannel } from "./permissions.ts";
import { isThread, type Channel } from "./state.ts";
import { toChannel, toGuild, toMember, toRoles, toUser } from "./views.ts";

export const CHANNEL_ROUTES: readonly Route[] = [
  { method: "GET", path: "/channels/:channel", handle: getChannel },
  { method: "POST", path: "/channels/:channel/messages/:message/threads", handle: threadFromMessage },
  { method: "GET", path: "/guilds/:guild", handle: getGuild },
  { method: "GET", path: "/guilds/:guild/channels", handle: listChannels },
  { method: "GET", path: "/guilds/:guild/roles", handle: listRoles },
  { method: "GET", path: "/guilds/:guild/threads/active", handle: activeThreads },
  { method: "GET", path: "/guilds/:guild/members/:user", handle: getMember },
  { method: "GET", path: "/users/@me/guilds", handle: listGuilds },
  { method: "POST", path: "/users/@me/channels", handle: openDirect },
];

/** Adds a channel or thread and tells the gateway. */
export function keepChannel(
  context: ServerContext,
  channel: Pick<Channel, "kind" | "guildId" | "name"> & Partial<Channel>,
): Channel {
  const kept: Channel = {
    id: context.state.nextId(),
    parentId: null,
    ownerId: null,
    recipientId: null,
    isArchived: false,
    isLocked: false,
    deniedToBot: 0n,
    lastMessageId: null,
    typingAt: 0,
    typings: 0,
    ...channel,
  };
  context.state.channels.set(kept.id, kept);
  if (kept.guildId !== null) {
    context.dispatch({
      name: isThread(kept) ? "THREAD_CREATE" : "CHANNEL_CREATE",
      intents: INTENT.guilds,
      channel: kept,
      data: () => ({ ...toChannel(context.state, kept), newly_created: true }),
    });
  }
  return kept;
}

function getChannel({ context, params }: RouteCall): { status: number; json: unknown } {
  return { status: 200, json: toChannel(context.state, visibleChannel(context.state, params["channel"])) };
}

function threadFromMessage({ context, params, body }: RouteCall): { status: number; json: unknown } {
  const { state } = context;
  const parent = visibleChannel(state, params["channel"]);
  const message = state.messages.get(params["message"] ?? "");
  if (message === undefined) throw new ApiFault(10008);
  if (parent.kind !== "text") throw new ApiFault(50024);
  require(state, parent, "createPublicThreads");
  // A thread that was started from a message has that message's id.
  if (state.channels.has(message.id)) throw new ApiFault(160004);
  const name = body["name"];
  if (typeof name !== "string" || name.length === 0 || name.length > 100) {
    throw invalidField("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.");
  }
  const thread = keepChannel(context, {
    id: message.id,
    kind: "publicThread",
    guildId: parent.guildId,
    parentId: parent.id,
    name,
    ownerId: state.app.botId,
  });
  return { status: 201, json: toChannel(state, thread) };
}

function getGuild({ context, params }: RouteCall): { status: number; json: unknown } {
  const guild = context.state.guilds.get(params["guild"] ?? "");
  if (guild === undefined) throw new ApiFault(10004);
  return { status: 200, json: toGuild(context.state, guild) };
}

function listGuilds({ context }: RouteCall): { status: number; json: unknown } {
  const guilds = [...context.state.guilds.values()];
  return { status: 200, json: guilds.map(({ id, name }) => ({ id, name, owner: false, features: [] })) };
}

/** All of them, also those that the bot does not see; no threads (resources/guild.mdx). */
function listChannels({ context, params }: RouteCall): { status: number; json: unknown } {
  const { guilds, channels } = context.state;
  if (!guilds.has(params["guild"] ?? "")) throw new ApiFault(10004);
  const own = [...channels.values()].filter((each) => each.guildId === params["guild"] && !isThread(each));
  return { status: 200, json: own.map((channel) => toChannel(context.state, channel)) };
}

function listRoles({ context, params }: RouteCall): { status: number; json: unknown } {
  const guild = context.state.guilds.get(params["guild"] ?? "");
  if (guild === undefined) throw new ApiFault(10004);
  return { status: 200, json: toRoles(context.state, guild) };
}

function activeThreads({ context, params }: RouteCall): { status: number; json: unknown } {
  const threads = [...context.state.channels.values()].filter(
    (channel) =>
      channel.guildId === params["guild"] &&
      isThread(channel) &&
      !channel.isArchived &&
      can(context.state, channel, "viewChannel"),
  );
  return { status: 200, json: { threads: threads.map((thread) => toChannel(context.state, thread)), members: [] } };
}

function getMember({ context, params }: RouteCall): { status: number; json: unknown } {
  const guild = context.state.guilds.get(params["guild"] ?? "");
  const id = params["user"] ?? "";
  if (guild === undefined) throw new ApiFault(10004);
  const { app, users } = context.state;
  if (id === app.botId) {
    return { status: 200, json: { ...toMember(guild, id), roles: [guild.botRoleId], user: toUser(users.get(id)) } };
  }
  if (!guild.members.has(id)) throw new ApiFault(10013);
  return { status: 200, json: { ...toMember(guild, id), user: toUser(context.state.users.get(id)) } };
}

function openDirect({ context, body }: RouteCall): { status: number; json: unknown } {
  const user = context.state.users.get(String(body["recipient_id"]));
  if (user === undefined) throw new ApiFault(10013);
  if (user.isBot) throw new ApiFault(50007);
  return { status: 200, json: toChannel(context.state, directChannel(context, user.id)) };
}

/** The one DM of the bot with a person. */
export function directChannel(context: ServerContext, userId: string): Channel {
  const found = [...context.state.channels.values()].find(({ recipientId }) => recipientId === userId);
  return found ?? keepChannel(context, { kind: "dm", guildId: null, name: "", recipientId: userId });
}
