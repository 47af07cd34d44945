import { toText } from "./http.ts";
import { toFileJson, toMessageJson } from "./chat-methods.ts";
import type { Json, SlackChannel, SlackMessage, World } from "./world.ts";

const SUBSCRIPTIONS = {
  channel: "message.channels",
  group: "message.groups",
  im: "message.im",
  mpim: "message.mpim",
} as const;

const NEEDED_SCOPES: Readonly<Record<string, string>> = {
  app_mention: "app_mentions:read",
  "message.channels": "channels:history",
  "message.groups": "groups:history",
  "message.im": "im:history",
  "message.mpim": "mpim:history",
  file_deleted: "files:read",
  channel_deleted: "channels:read",
  group_deleted: "groups:read",
  agent_session_stopped: "assistant:write",
};

/** The envelope of one event, or null when the app has not subscribed to it or lacks its scope. */
export function toEnvelope(
  world: World,
  event: Json,
  options: { channel?: SlackChannel | undefined; teamId?: string; eventId?: string } = {},
): Json | null {
  const { channel } = options;
  const type = toText(event["type"]);
  const name = type === "message" && channel !== undefined ? SUBSCRIPTIONS[channel.kind] : type;
  const { bot_events: subscribed } = world.options.manifest.settings.event_subscriptions;
  const scope = NEEDED_SCOPES[name];
  if (!subscribed.includes(name) || (scope !== undefined && !world.scopes.has(scope))) return null;
  const teamId = options.teamId ?? world.teamId;
  return {
    token: "verification",
    team_id: teamId,
    context_team_id: teamId,
    api_app_id: world.appId,
    type: "event_callback",
    event_id: options.eventId ?? world.nextId("Ev"),
    event_time: Math.floor(world.options.now() / 1000),
    authorizations: [{ enterprise_id: null, team_id: teamId, user_id: world.botUserId, is_bot: true }],
    is_ext_shared_channel: channel?.isExtShared ?? false,
    event,
  };
}

/** The `message` event of a message, as its channel's members would get it. */
export function toMessageEvent(world: World, message: SlackMessage, channel: SlackChannel): Json {
  return {
    ...toMessageJson(world, message),
    ...(message.files.length === 0 ? {} : { files: message.files.map((id) => toEventFile(world, id)) }),
    channel: channel.id,
    channel_type: channel.kind,
    event_ts: message.ts,
  };
}

/** The `app_mention` event of the same message: same `ts`, another event. */
export function toMentionEvent(world: World, message: SlackMessage, channel: SlackChannel): Json {
  const { type: _, subtype: __, channel_type: ___, ...rest } = toMessageEvent(world, message, channel);
  return { type: "app_mention", ...rest };
}

/** A file as an event has it: in Slack Connect only its id and the advice to ask `files.info`. */
function toEventFile(world: World, id: string): Json {
  const file = world.files.get(id);
  if (file?.isCheckFileInfo === true) return { id, mode: "file_access", file_access: "check_file_info" };
  return toFileJson(world, id);
}
