import type { CommandReply } from "../../core/ports/command.ts";
import { toReplyContents, type Content } from "./message-blocks.ts";
import { neutraliseMentions } from "./neutralise-mentions.ts";
import type { Room } from "./room.ts";

/** A `response_url` takes five messages. */
const MAX_MESSAGES = 5;

export interface ReplyOptions {
  /** The reply takes the place of the private message with the button. */
  readonly replace?: boolean;
  /** The thread in which the button was pressed. */
  readonly threadTs?: string | undefined;
}

/** Answers a command or a button, to the person alone or for all to see. */
export async function replyToCommand(
  room: Room,
  responseUrl: string,
  reply: CommandReply,
  options: ReplyOptions = {},
): Promise<void> {
  const { isPrivate } = reply;
  const contents = toReplyContents({ ...reply, text: neutraliseMentions(reply.text) }).slice(0, MAX_MESSAGES - 1);
  // What replaces a private message stays private: what all are to see is posted anew.
  if (options.replace === true && !isPrivate) await room.api.respond(responseUrl, { delete_original: true });
  for (const [index, content] of contents.entries()) {
    const isTaken = await room.api.respond(responseUrl, {
      ...toBody(content),
      response_type: isPrivate ? "ephemeral" : "in_channel",
      replace_original: options.replace === true && isPrivate && index === 0,
      ...(options.threadTs === undefined ? {} : { thread_ts: options.threadTs }),
    });
    if (!isTaken) return;
  }
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
