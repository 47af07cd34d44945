import { checkComponents, checkMessage, checkNonce } from "./check-message.ts";
import type { Route, RouteCall, ServerContext } from "./context.ts";
import { ApiFault, invalidField, type Json } from "./fault.ts";
import { dropMessages, keepMessage, pingedBy, tellUpdate } from "./keep-message.ts";
import { can, require, visibleChannel } from "./permissions.ts";
import { bySnowflake } from "./snowflake.ts";
import { isThread, type Channel, type Message, type State } from "./state.ts";
import { toMessage } from "./views.ts";

/** A nonce is compared with those of "the past few minutes" (resources/message.mdx). */
const NONCE_WINDOW_MS = 3 * 60_000;

export const MESSAGE_ROUTES: readonly Route[] = [
  { method: "GET", path: "/channels/:channel/messages", handle: listMessages },
  { method: "POST", path: "/channels/:channel/messages", handle: postMessage },
  { method: "GET", path: "/channels/:channel/messages/:message", handle: getMessage },
  { method: "PATCH", path: "/channels/:channel/messages/:message", handle: editMessage },
  { method: "DELETE", path: "/channels/:channel/messages/:message", handle: deleteMessage },
  { method: "PUT", path: "/channels/:channel/messages/:message/reactions/:emoji/@me", handle: react },
  { method: "DELETE", path: "/channels/:channel/messages/:message/reactions/:emoji/@me", handle: unreact },
  { method: "POST", path: "/channels/:channel/typing", handle: type },
];

/** REST shows what the application's settings allow, whatever the gateway was asked for. */
export function restView(context: ServerContext, message: Message): Json {
  return toMessage(context, message, { intents: context.state.app.grantedIntents, isGateway: false });
}

function listMessages({ context, params, query }: RouteCall): { status: number; json: unknown } {
  const { state } = context;
  const channel = visibleChannel(state, params["channel"]);
  const limit = Number(query.get("limit") ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    throw invalidField("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100.");
  }
  if (!can(state, channel, "readMessageHistory")) return { status: 200, json: [] };
  const after = query.get("after");
  const before = query.get("before");
  const all = [...state.messages.values()]
    .filter((message) => message.channelId === channel.id && message.onlyFor === null)
    .filter(({ id }) => after === null || BigInt(id) > BigInt(after))
    .filter(({ id }) => before === null || BigInt(id) < BigInt(before))
    .toSorted(bySnowflake);
  // Always newest first; `after` takes those next to it.
  const page = (after === null ? all.slice(-limit) : all.slice(0, limit)).toReversed();
  return { status: 200, json: page.map((message) => restView(context, message)) };
}

function postMessage({ context, params, body }: RouteCall): { status: number; json: unknown } {
  const { state } = context;
  const channel = visibleChannel(state, params["channel"]);
  if (channel.kind === "forum") throw new ApiFault(50008);
  require(state, channel, isThread(channel) ? "sendMessagesInThreads" : "sendMessages");
  if (channel.isLocked && !can(state, channel, "manageThreads")) throw new ApiFault(160005);
  const checked = checkMessage(body);
  const nonce = checkNonce(body);
  const twin = nonce === null ? undefined : findByNonce(state, channel, nonce, context.now());
  if (twin !== undefined) return { status: 200, json: { ...restView(context, twin), nonce: body["nonce"] } };
  const replied = repliedMessage(context, channel, body["message_reference"]);
  const pinged = pingedBy(checked.content, checked.mentions);
  const message = keepMessage(context, {
    channelId: channel.id,
    authorId: state.app.botId,
    content: checked.content,
    components: checked.components,
    flags: checked.flags,
    type: replied === null ? 0 : 19,
    replyTo: replied?.id ?? null,
    nonce,
    mentions: [...checked.content.matchAll(/<@!?(\d+)>/g)].map((match) => match[1] ?? ""),
    pinged: replied !== null && checked.mentions.repliedUser ? [...pinged, replied.authorId] : pinged,
  });
  return { status: 200, json: { ...restView(context, message), nonce: body["nonce"] } };
}

function findByNonce(state: State, channel: Channel, nonce: string, now: number): Message | undefined {
  return [...state.messages.values()].find(
    (message) =>
      message.nonce === nonce &&
      message.authorId === state.app.botId &&
      message.channelId === channel.id &&
      now - message.createdAt <= NONCE_WINDOW_MS,
  );
}

function repliedMessage(context: ServerContext, channel: Channel, reference: unknown): Message | null {
  if (reference === undefined || reference === null) return null;
  if (!can(context.state, channel, "readMessageHistory")) throw new ApiFault(160002);
  const { message_id: id, fail_if_not_exists: mustExist = true } = reference as Json;
  const found = context.state.messages.get(String(id));
  if (found !== undefined && found.channelId === channel.id && found.onlyFor === null) return found;
  if (mustExist === false) return null;
  throw invalidField("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message");
}

function findMessage({ context, params }: RouteCall): { channel: Channel; message: Message } {
  const channel = visibleChannel(context.state, params["channel"]);
  require(context.state, channel, "readMessageHistory");
  const message = context.state.messages.get(params["message"] ?? "");
  if (message === undefined || message.channelId !== channel.id || message.onlyFor !== null) throw new ApiFault(10008);
  return { channel, message };
}

function getMessage(call: RouteCall): { status: number; json: unknown } {
  return { status: 200, json: restView(call.context, findMessage(call).message) };
}

function editMessage(call: RouteCall): { status: number; json: unknown } {
  const { message } = findMessage(call);
  if (message.authorId !== call.context.state.app.botId) throw new ApiFault(50005);
  applyEdit(call.context, message, call.body);
  return { status: 200, json: restView(call.context, message) };
}

/** Changes what the body names and leaves the rest. */
export function applyEdit(context: ServerContext, message: Message, body: Json): void {
  const checked = checkMessage({ content: message.content, components: message.components, ...body });
  message.content = checked.content;
  message.components = checkComponents(body["components"] ?? message.components);
  message.isThinking = false;
  message.editedAt = context.now();
  message.edits += 1;
  tellUpdate(context, message);
}

function deleteMessage(call: RouteCall): { status: number } {
  const { channel, message } = findMessage(call);
  if (message.authorId !== call.context.state.app.botId) require(call.context.state, channel, "manageMessages");
  dropMessages(call.context, [message]);
  return { status: 204 };
}

function react(call: RouteCall): { status: number } {
  const { channel, message } = findMessage(call);
  const { state } = call.context;
  if (channel.isArchived) throw new ApiFault(50083);
  const emoji = call.params["emoji"] ?? "";
  if (!/\p{Extended_Pictographic}/u.test(emoji)) throw new ApiFault(10014);
  const users = message.reactions.get(emoji) ?? new Set<string>();
  if (users.size === 0) require(state, channel, "addReactions");
  message.reactions.set(emoji, users.add(state.app.botId));
  call.context.changed();
  return { status: 204 };
}

function unreact(call: RouteCall): { status: number } {
  const { message } = findMessage(call);
  const emoji = call.params["emoji"] ?? "";
  const users = message.reactions.get(emoji);
  users?.delete(call.context.state.app.botId);
  if (users?.size === 0) message.reactions.delete(emoji);
  call.context.changed();
  return { status: 204 };
}

function type({ context, params }: RouteCall): { status: number } {
  const channel = visibleChannel(context.state, params["channel"]);
  require(context.state, channel, isThread(channel) ? "sendMessagesInThreads" : "sendMessages");
  channel.typingAt = context.now();
  channel.typings += 1;
  context.changed();
  return { status: 204 };
}
