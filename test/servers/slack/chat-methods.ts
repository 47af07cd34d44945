import { checkBlocks } from "./blocks.ts";
import { refuse, textOf, toText } from "./http.ts";
import type { Method } from "./methods.ts";
import { findMessage, type Json, type SlackChannel, type SlackMessage, type World } from "./world.ts";

const MAX_TEXT = 40_000;
const MAX_UPDATE = 4_000;
const MAX_MARKDOWN = 12_000;

export const CHAT_METHODS: Readonly<Record<string, Method>> = {
  "chat.postMessage": {
    scopes: ["chat:write"],
    run(world, args) {
      const channel = requireMember(world, textOf(args, "channel"));
      const content = toContent(args, MAX_TEXT);
      const threadTs = toThread(world, channel, args["thread_ts"]);
      const metadata = checkMetadata(args["metadata"]);
      const message = addMessage(world, {
        channel: channel.id,
        user: world.botUserId,
        threadTs,
        metadata,
        hasPreviews: hasPreviews(args),
        ...content,
      });
      world.announce(message);
      const warning = content.isCut ? { warning: "message_truncated" } : {};
      return { channel: channel.id, ts: message.ts, message: toMessageJson(world, message), ...warning };
    },
  },
  "chat.postEphemeral": {
    scopes: ["chat:write"],
    run(world, args) {
      const channel = requireMember(world, textOf(args, "channel"));
      const user = textOf(args, "user");
      if (!channel.members.has(user)) refuse("user_not_in_channel");
      const threadTs = toThread(world, channel, args["thread_ts"]);
      const content = toContent(args, MAX_TEXT);
      const { ts } = addMessage(world, {
        channel: channel.id,
        user: world.botUserId,
        threadTs,
        metadata: null,
        ephemeralTo: user,
        ...content,
      });
      return { message_ts: ts };
    },
  },
  "chat.update": {
    scopes: ["chat:write"],
    run(world, args) {
      const channel = requireMember(world, textOf(args, "channel"));
      const message = findMessage(world, channel.id, args["ts"]) ?? refuse("message_not_found");
      if (message.user !== world.botUserId || message.ephemeralTo !== null) refuse("cant_update_message");
      if (typeof args["text"] === "string" && args["text"].length > MAX_UPDATE) refuse("msg_too_long");
      const { text, markdown, blocks } = toContent(args, MAX_UPDATE);
      Object.assign(message, { text, markdown, blocks, isEdited: true });
      return { channel: channel.id, ts: message.ts, text };
    },
  },
  "chat.delete": {
    scopes: ["chat:write"],
    run(world, args) {
      const channel = requireMember(world, textOf(args, "channel"));
      const message = findMessage(world, channel.id, args["ts"]) ?? refuse("message_not_found");
      if (message.user !== world.botUserId) refuse("cant_delete_message");
      message.isDeleted = true;
      return { channel: channel.id, ts: message.ts };
    },
  },
  "chat.getPermalink": {
    scopes: [],
    run(world, args) {
      const channel = textOf(args, "channel");
      const ts = textOf(args, "message_ts");
      if (findMessage(world, channel, ts) === undefined) refuse("message_not_found");
      return { channel, permalink: `https://team.slack.com/archives/${channel}/p${ts.replace(".", "")}` };
    },
  },
};

/** What a message shows, checked: `markdown_text` alone, or `text` and blocks. */
export function toContent(
  args: Json,
  maxText: number,
): { text: string; markdown: string | null; blocks: readonly Json[]; isCut: boolean } {
  const { text, markdown_text: markdown } = args;
  const blocks = checkBlocks(args["blocks"]);
  if (markdown !== undefined) {
    if (text !== undefined || args["blocks"] !== undefined) refuse("markdown_text_conflict");
    if (toText(markdown).length > MAX_MARKDOWN) refuse("msg_too_long");
    if (toText(markdown) === "") refuse("no_text");
    return { text: toText(markdown), markdown: toText(markdown), blocks: [], isCut: false };
  }
  if (blocks.length === 0 && (typeof text !== "string" || text === "")) refuse("no_text");
  const all = toText(text ?? "");
  const block = blocks.find(({ type }) => type === "markdown");
  const shown = block === undefined ? null : toText(block["text"]);
  return { text: all.slice(0, maxText), markdown: shown, blocks, isCut: all.length > maxText };
}

/** Links are shown with a preview unless an app says no; pictures and films too, by default. */
export function hasPreviews(args: Json): boolean {
  return args["unfurl_links"] === true || args["unfurl_media"] !== false;
}

export function addMessage(
  world: World,
  message: Pick<SlackMessage, "channel" | "user" | "text"> & Partial<SlackMessage>,
): SlackMessage {
  const added: SlackMessage = {
    threadTs: null,
    subtype: null,
    clientMsgId: null,
    files: [],
    metadata: null,
    ephemeralTo: null,
    hasPreviews: false,
    markdown: null,
    blocks: [],
    isDeleted: false,
    isEdited: false,
    ...message,
    ts: message.ts ?? world.nextTs(),
    reactions: new Map(),
  };
  world.messages.push(added);
  world.changed();
  return added;
}

export function requireMember(world: World, id: string): SlackChannel {
  const channel = world.channels.get(id);
  if (channel === undefined) return refuse("channel_not_found");
  if (!channel.members.has(world.botUserId))
    refuse(channel.kind === "channel" ? "not_in_channel" : "channel_not_found");
  if (channel.isArchived) refuse("is_archived");
  return channel;
}

/** A message as the API gives it. Metadata comes only when it is asked for. */
export function toMessageJson(world: World, message: SlackMessage, withMetadata = false): Json {
  const { ts, user, text, threadTs, subtype, clientMsgId } = message;
  const isOwn = user === world.botUserId;
  const replies = world.messages.filter(
    (one) => one.channel === message.channel && one.threadTs === ts && one.ts !== ts,
  );
  return {
    type: "message",
    ts,
    user,
    text,
    team: world.users.get(user)?.teamId ?? world.teamId,
    ...(threadTs === null ? {} : { thread_ts: threadTs }),
    ...(replies.length === 0 ? {} : { thread_ts: ts, reply_count: replies.length }),
    ...(subtype === null ? {} : { subtype }),
    ...(clientMsgId === null ? {} : { client_msg_id: clientMsgId }),
    ...(isOwn ? { bot_id: "B0DOCENT", app_id: world.appId } : {}),
    ...(message.files.length === 0 ? {} : { files: message.files.map((id) => toFileJson(world, id)) }),
    ...(message.blocks.length === 0 ? {} : { blocks: message.blocks }),
    ...(withMetadata && message.metadata !== null ? { metadata: message.metadata } : {}),
  };
}

export function toFileJson(world: World, id: string): Json {
  const file = world.files.get(id);
  if (file === undefined || file.isDeleted) return { id, mode: "tombstone" };
  const isExternal = file.mode === "external";
  const at = isExternal ? `https://docs.google.com/document/d/${id}` : `${world.url}/files-pri/${world.teamId}-${id}`;
  if (file.mode === "hidden_by_limit") return { id, mode: "hidden_by_limit" };
  return {
    id,
    name: file.name,
    title: file.name,
    mimetype: file.mimetype,
    filetype: file.name.split(".").at(-1) ?? "binary",
    user: file.user,
    size: file.bytes.byteLength,
    mode: file.mode,
    is_external: isExternal,
    external_type: isExternal ? "gdrive" : "",
    url_private: isExternal ? at : `${at}/${encodeURIComponent(file.name)}`,
    ...(isExternal ? {} : { url_private_download: `${at}/download/${encodeURIComponent(file.name)}` }),
    permalink: `https://team.slack.com/files/${file.user}/${id}`,
  };
}

function toThread(world: World, channel: SlackChannel, threadTs: unknown): string | null {
  if (threadTs === undefined || threadTs === "") return null;
  if (typeof threadTs !== "string" || !/^\d+\.\d{6}$/.test(threadTs)) return refuse("invalid_thread_ts");
  const parent = findMessage(world, channel.id, threadTs) ?? refuse("thread_not_found");
  if (parent.threadTs !== null && parent.threadTs !== parent.ts) refuse("cannot_reply_to_message");
  return threadTs;
}

function checkMetadata(metadata: unknown): Json | null {
  if (metadata === undefined) return null;
  const { event_type: type, event_payload: payload } = metadata as Json;
  if (typeof type !== "string" || typeof payload !== "object" || payload === null) refuse("invalid_metadata_format");
  return metadata as Json;
}
