import { toMessageJson } from "./chat-methods.ts";
import { refuse, textOf, toText } from "./http.ts";
import type { Method } from "./methods.ts";
import { findMessage, messagesOf, type Json, type SlackChannel, type SlackMessage, type World } from "./world.ts";

const READ_SCOPES = { channel: "channels:read", group: "groups:read", im: "im:read", mpim: "mpim:read" } as const;
const KINDS: Readonly<Record<string, SlackChannel["kind"]>> = {
  public_channel: "channel",
  private_channel: "group",
  im: "im",
  mpim: "mpim",
};
const HISTORY_SCOPES = {
  channel: "channels:history",
  group: "groups:history",
  im: "im:history",
  mpim: "mpim:history",
} as const;

export const CONVERSATION_METHODS: Readonly<Record<string, Method>> = {
  "conversations.info": {
    scopes: [],
    run(world, args) {
      const channel = visible(world, args, READ_SCOPES);
      const counted = args["include_num_members"] === true ? { num_members: channel.members.size } : {};
      return { channel: { ...toChannelJson(world, channel), ...counted } };
    },
  },
  "conversations.members": {
    scopes: [],
    run: (world, args) => ({ members: [...visible(world, args, READ_SCOPES).members] }),
  },
  "conversations.open": {
    scopes: ["im:write"],
    run(world, args) {
      const user = textOf(args, "users");
      if (!world.users.has(user)) refuse("user_not_found");
      return { channel: { id: openDirect(world, user).id } };
    },
  },
  "conversations.history": {
    scopes: [],
    run(world, args) {
      const channel = visible(world, args, HISTORY_SCOPES);
      requireMembership(world, channel);
      const top = messagesOf(world, channel.id).filter(
        (message) => isPublic(message) && (message.threadTs === null || message.threadTs === message.ts),
      );
      return page(world, top.toReversed(), args);
    },
  },
  "conversations.replies": {
    scopes: [],
    run(world, args) {
      const channel = visible(world, args, HISTORY_SCOPES);
      requireMembership(world, channel);
      const asked = findMessage(world, channel.id, textOf(args, "ts")) ?? refuse("thread_not_found");
      const root = asked.threadTs ?? asked.ts;
      const thread = messagesOf(world, channel.id).filter(
        (message) => isPublic(message) && (message.ts === root || message.threadTs === root),
      );
      return page(world, thread, args);
    },
  },
  "users.conversations": {
    scopes: [],
    run(world, args) {
      const kinds = toText(args["types"] ?? "public_channel")
        .split(",")
        .map((type) => KINDS[type] ?? refuse("invalid_types"));
      for (const needed of kinds.map((kind) => READ_SCOPES[kind])) {
        if (!world.scopes.has(needed)) refuse("missing_scope", { needed, provided: [...world.scopes].join(",") });
      }
      const channels = [...world.channels.values()].filter(
        ({ kind, members, isArchived }) =>
          kinds.includes(kind) && members.has(world.botUserId) && !(args["exclude_archived"] === true && isArchived),
      );
      return { channels: channels.map((channel) => toChannelJson(world, channel)) };
    },
  },
};

export function openDirect(world: World, user: string): SlackChannel {
  const id = `D${user.slice(1)}`;
  const members = new Set([user, world.botUserId]);
  const channel: SlackChannel = { id, name: "", kind: "im", members, isExtShared: false, isArchived: false };
  const found = world.channels.get(id) ?? channel;
  world.channels.set(id, found);
  return found;
}

function toChannelJson(world: World, channel: SlackChannel): Json {
  const { id, name, kind, isExtShared, members } = channel;
  return {
    id,
    ...(kind === "im" ? { user: [...members].find((member) => member !== world.botUserId) } : { name }),
    is_channel: kind === "channel",
    is_group: kind === "group",
    is_im: kind === "im",
    is_mpim: kind === "mpim",
    is_private: kind !== "channel",
    is_ext_shared: isExtShared,
    is_archived: channel.isArchived,
    is_member: members.has(world.botUserId),
  };
}

/** The channel, when the token may know of it: public ones always, others only from the inside. */
function visible(world: World, args: Json, scopes: Readonly<Record<SlackChannel["kind"], string>>): SlackChannel {
  const channel = world.channels.get(textOf(args, "channel")) ?? refuse("channel_not_found");
  const needed = scopes[channel.kind];
  if (!world.scopes.has(needed)) refuse("missing_scope", { needed, provided: [...world.scopes].join(",") });
  if (channel.kind !== "channel" && !channel.members.has(world.botUserId)) refuse("channel_not_found");
  return channel;
}

function requireMembership(world: World, channel: SlackChannel): void {
  if (!channel.members.has(world.botUserId)) refuse("not_in_channel");
}

function isPublic(message: SlackMessage): boolean {
  return !message.isDeleted && message.ephemeralTo === null;
}

function page(world: World, found: readonly SlackMessage[], args: Json): Json {
  const limit = Math.min(Number(args["limit"] ?? 100), 1000);
  const start = args["cursor"] === undefined ? 0 : Number(toText(args["cursor"]).replace("next:", ""));
  const isInclusive = args["inclusive"] === true;
  const oldest = Number(args["oldest"] ?? 0);
  const latest = Number(args["latest"] ?? Number.POSITIVE_INFINITY);
  const within = found.filter(({ ts }) => {
    const at = Number(ts);
    return (at > oldest && at < latest) || (isInclusive && (at === oldest || at === latest));
  });
  const messages = within.slice(start, start + limit);
  const hasMore = start + limit < within.length;
  return {
    messages: messages.map((message) => toMessageJson(world, message, args["include_all_metadata"] === true)),
    has_more: hasMore,
    response_metadata: { next_cursor: hasMore ? `next:${start + limit}` : "" },
  };
}
