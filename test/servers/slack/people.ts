import { randomUUID } from "node:crypto";
import { addMessage, toFileJson } from "./chat-methods.ts";
import { openDirect } from "./conversation-methods.ts";
import type { Deliveries, Delivery, Transport } from "./deliveries.ts";
import { toEnvelope, toMentionEvent, toMessageEvent } from "./events.ts";
import { findMessage, type Json, type SlackChannel, type SlackFile, type SlackMessage, type World } from "./world.ts";

export interface NewFile extends Partial<Pick<SlackFile, "mode" | "isCheckFileInfo" | "redirectTo" | "mimetype">> {
  readonly name: string;
  readonly bytes: Uint8Array | string;
}

export interface NewPost {
  readonly user: string;
  readonly channel: string;
  readonly text?: string;
  readonly threadTs?: string;
  readonly files?: readonly NewFile[];
  readonly subtype?: string;
  readonly botId?: string;
  /** A message of another channel that this one forwards. */
  readonly forwarded?: { readonly text: string; readonly files?: readonly NewFile[] };
  /** Slack sometimes leaves `app_mention` out when the mention comes with a file (bolt-python#925). */
  readonly withoutMentionEvent?: boolean;
}

/** A message as it went out: what was posted, and what the app was told of it. */
export interface Posted {
  readonly ts: string;
  readonly message: SlackMessage;
  readonly deliveries: readonly Delivery[];
}

/** What people do with messages. Each act resolves as soon as Slack has it; `deliveries` tell when the app has. */
export interface People {
  post(post: NewPost): Posted;
  edit(channel: string, ts: string, text: string): Delivery | null;
  remove(channel: string, ts: string): Delivery | null;
  deleteFile(id: string): Delivery | null;
  stopSession(channel: string, threadTs: string, user: string): Delivery | null;
  deleteChannel(id: string): Delivery | null;
  uninstall(): Delivery | null;
  revokeToken(): Delivery | null;
  /** Tells the app of a message once more, in each way that Slack is known to do it. */
  repeat(posted: Posted, way: RepeatedDelivery, via?: Transport): readonly Delivery[];
  directOf(user: string): SlackChannel;
}

/** `retry`: same event ids. `fresh`: new event ids. `connect`: another workspace's copy. `connect-new-ts`: with another `ts`. */
export type RepeatedDelivery = "retry" | "fresh" | "connect" | "connect-new-ts";

export function createPeople(world: World, deliveries: Deliveries): People {
  const tell = (event: Json, channel?: SlackChannel, via?: Transport, more: Json = {}): Delivery | null => {
    const envelope = toEnvelope(world, event, { channel, ...more });
    return envelope === null ? null : deliveries.deliver("events_api", envelope, via);
  };
  const known = (id: string): SlackChannel => {
    const channel = world.channels.get(id);
    if (channel === undefined) throw new Error(`There is no channel ${id}.`);
    return channel;
  };

  function eventsOf(message: SlackMessage, channel: SlackChannel, post?: NewPost): readonly Json[] {
    const extra = {
      ...(post?.botId === undefined ? {} : { bot_id: post.botId }),
      ...(post?.forwarded === undefined ? {} : { attachments: [toShare(world, post.forwarded, post.user)] }),
    };
    const own = { ...toMessageEvent(world, message, channel), ...extra };
    const isMention = message.text.includes(`<@${world.botUserId}>`) && channel.kind !== "im";
    // What Slack itself writes mentions nobody.
    const isOfPeople = ["file_share", "thread_broadcast", "me_message", null].includes(message.subtype);
    if (!isMention || !isOfPeople || post?.withoutMentionEvent === true) return [own];
    return [own, { ...toMentionEvent(world, message, channel), ...extra }];
  }

  world.announce = (message) => {
    const channel = known(message.channel);
    tell(toMessageEvent(world, message, channel), channel);
  };

  return {
    directOf: (user) => openDirect(world, user),
    post(post) {
      const channel = known(post.channel);
      if (!channel.members.has(post.user)) throw new Error(`${post.user} is not in ${channel.id}.`);
      const files = (post.files ?? []).map((file) => addFile(world, file, post.user));
      const message = addMessage(world, {
        channel: channel.id,
        user: post.user,
        text: post.text ?? "",
        threadTs: post.threadTs ?? null,
        files: files.map(({ id }) => id),
        subtype: post.subtype ?? (files.length > 0 ? "file_share" : null),
        clientMsgId: post.subtype === undefined ? randomUUID() : null,
      });
      const isSeen = channel.members.has(world.botUserId);
      const told = isSeen ? eventsOf(message, channel, post).map((event) => tell(event, channel)) : [];
      return { ts: message.ts, message, deliveries: told.filter((delivery) => delivery !== null) };
    },
    edit(id, ts, text) {
      const message = findMessage(world, id, ts);
      if (message === undefined) throw new Error("There is no such message.");
      const channel = known(id);
      const before = toMessageEvent(world, message, channel);
      Object.assign(message, { text, isEdited: true });
      const edited = { user: message.user, ts: world.nextTs() };
      const after = { ...toMessageEvent(world, message, channel), edited };
      // An edit that mentions the app is told to it as a mention, too.
      const mention = { ...toMentionEvent(world, message, channel), edited };
      if (text.includes(`<@${world.botUserId}>`) && channel.kind !== "im") tell(mention, channel);
      return tell(toChange(world, channel, "message_changed", { message: after, previous_message: before }), channel);
    },
    remove(id, ts) {
      const message = findMessage(world, id, ts);
      if (message === undefined) throw new Error("There is no such message.");
      const channel = known(id);
      const before = toMessageEvent(world, message, channel);
      const hasReplies = world.messages.some((one) => one.channel === id && one.threadTs === ts && !one.isDeleted);
      message.isDeleted = true;
      world.changed();
      // A message with replies leaves a tombstone behind: Slack tells that as a change.
      const change = hasReplies
        ? toChange(world, channel, "message_changed", {
            message: {
              type: "message",
              subtype: "tombstone",
              ts,
              text: "This message was deleted.",
              user: "USLACKBOT",
            },
            previous_message: before,
          })
        : toChange(world, channel, "message_deleted", { deleted_ts: ts, previous_message: before });
      return tell(change, channel);
    },
    deleteFile(id) {
      const file = world.files.get(id);
      if (file !== undefined) file.isDeleted = true;
      return tell({ type: "file_deleted", file_id: id, event_ts: world.nextTs() });
    },
    stopSession: (channel, threadTs, user) =>
      tell({ type: "agent_session_stopped", channel, thread_ts: threadTs, user, streaming_message_ts: [] }),
    deleteChannel(id) {
      const { kind } = known(id);
      world.channels.delete(id);
      return tell({ type: kind === "channel" ? "channel_deleted" : "group_deleted", channel: id });
    },
    uninstall() {
      world.isInstalled = false;
      return tell({ type: "app_uninstalled" });
    },
    revokeToken() {
      world.isInstalled = false;
      return tell({ type: "tokens_revoked", tokens: { oauth: [], bot: [world.botUserId] } });
    },
    repeat(posted, way, via) {
      const channel = known(posted.message.channel);
      if (way === "retry") {
        return posted.deliveries.map(({ payload }) => deliveries.deliver("events_api", payload, via));
      }
      const teamId = way.startsWith("connect") ? { teamId: "T0OTHER" } : {};
      const message = way === "connect-new-ts" ? { ...posted.message, ts: world.nextTs() } : posted.message;
      return eventsOf(message, channel)
        .map((event) => tell(event, channel, via, teamId))
        .filter((delivery) => delivery !== null);
    },
  };
}

function toChange(world: World, channel: SlackChannel, subtype: string, change: Json): Json {
  const ts = world.nextTs();
  return {
    type: "message",
    subtype,
    hidden: true,
    channel: channel.id,
    channel_type: channel.kind,
    ts,
    event_ts: ts,
    ...change,
  };
}

function toShare(world: World, { text, files = [] }: NonNullable<NewPost["forwarded"]>, user: string): Json {
  const shared = files.map((file) => toFileJson(world, addFile(world, file, user).id));
  return { is_share: true, is_msg_unfurl: true, fallback: text, text, files: shared };
}

function addFile(world: World, file: NewFile, user: string): SlackFile {
  const added: SlackFile = {
    id: world.nextId("F"),
    name: file.name,
    mimetype: file.mimetype ?? (file.name.endsWith(".pdf") ? "application/pdf" : "text/plain"),
    bytes: typeof file.bytes === "string" ? new TextEncoder().encode(file.bytes) : file.bytes,
    user,
    mode: file.mode ?? "hosted",
    isCheckFileInfo: file.isCheckFileInfo ?? false,
    redirectTo: file.redirectTo ?? null,
    isDeleted: false,
    downloads: 0,
  };
  world.files.set(added.id, added);
  return added;
}
