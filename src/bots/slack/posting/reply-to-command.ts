import type { CommandReply } from "../../../core/ports/command.ts";
import { linkChannels } from "./link-channels.ts";
import { toReplyContents, WITHOUT_PREVIEWS, type Content } from "./message-blocks.ts";
import { neutraliseMentions } from "./neutralise-mentions.ts";
import type { Room } from "../room.ts";

/** A `response_url` takes five messages. */
const MAX_MESSAGES = 5;

/** Where the answer to a command goes: core keeps it while the work goes on, and hands it back. */
export interface CommandReplyTo extends ReplyOptions {
  readonly responseUrl: string;
  readonly channel: string;
}

export interface ReplyOptions {
  /** The reply takes the place of the private message with the button. */
  readonly replace?: boolean;
  /** The thread in which the button was pressed. */
  readonly threadTs?: string | undefined;
}

/**
 * Answers a command whose work has ended, maybe long after it was given: a `response_url` lives for half an hour. What
 * everybody is to see is then posted in the channel.
 */
export async function replyLater(room: Room, replyTo: unknown, reply: CommandReply): Promise<void> {
  if (!isCommandReplyTo(replyTo)) return;
  const { responseUrl, channel, threadTs } = replyTo;
  if ((await replyToCommand(room, responseUrl, reply, replyTo)) || reply.isPrivate) return;
  for (const content of toReplyContents({ ...reply, text: neutraliseMentions(reply.text) })) {
    const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
    await room.api.call("chat.postMessage", { channel, ...content, ...thread, ...WITHOUT_PREVIEWS });
  }
}

function isCommandReplyTo(value: unknown): value is CommandReplyTo {
  return typeof value === "object" && value !== null && "responseUrl" in value && "channel" in value;
}

/** Answers a command or a button, to the person alone or for all to see. False when Slack takes no answer any more. */
export async function replyToCommand(
  room: Room,
  responseUrl: string,
  reply: CommandReply,
  options: ReplyOptions = {},
): Promise<boolean> {
  const { isPrivate } = reply;
  const shown = linkChannels(neutraliseMentions(reply.text));
  const contents = toReplyContents({ ...reply, text: shown }).slice(0, MAX_MESSAGES - 1);
  // What replaces a private message stays private: what all are to see is posted anew.
  if (options.replace === true && !isPrivate) await room.api.respond(responseUrl, { delete_original: true });
  for (const [index, content] of contents.entries()) {
    const isTaken = await room.api.respond(responseUrl, {
      ...toBody(content),
      ...WITHOUT_PREVIEWS,
      response_type: isPrivate ? "ephemeral" : "in_channel",
      replace_original: options.replace === true && isPrivate && index === 0,
      ...(options.threadTs === undefined ? {} : { thread_ts: options.threadTs }),
    });
    if (!isTaken) return false;
  }
  return true;
}

/** One sentence for the person alone. */
export async function tell(
  room: Room,
  responseUrl: string,
  sentence: string,
  options: ReplyOptions = {},
): Promise<void> {
  await replyToCommand(room, responseUrl, { text: sentence, isPrivate: true, actions: [] }, options);
}

/** `markdown_text` is not taken here: what it says stands in a block as well (facts S6). */
function toBody(content: Content): object {
  return "blocks" in content ? content : { blocks: [{ type: "markdown", text: content.markdown_text }] };
}
