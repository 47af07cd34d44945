import { toDocentError } from "../../../core/errors.ts";
import { COMMAND_NAMES, type CommandName, type CommandReply } from "../../../core/ports/command.ts";
import type { TurnView } from "../../../core/turn.ts";
import { errorText, text as sentence } from "../../../core/texts/text.ts";
import { acceptIncoming } from "./accept.ts";
import type { Handled, SlashCommand } from "../payloads.ts";
import { replyToCommand, tell, type CommandReplyTo, type ReplyOptions } from "../posting/reply-to-command.ts";
import type { PendingQuestion, ReplyTo } from "../reply-to.ts";
import { localeOf, toAuthor, toChannel, toConversation, type Room } from "../room.ts";
import { decode } from "./decode-message.ts";

/** `/docent …`: the reply follows the acknowledgement through the `response_url`. */
export async function takeCommand(
  room: Room,
  command: SlashCommand,
  showTurn: (turn: TurnView) => Promise<void>,
): Promise<Handled> {
  const { word, argument } = parse(command.text ?? "");
  if (word === "ask") return await takeAsk(room, command, argument, showTurn);
  const name = COMMAND_NAMES.find((each) => each === word) ?? "help";
  return await runCommand(room, command, { name, argument, confirmed: false });
}

/**
 * Runs a command of core as the person who gave it, or pressed its button, and answers them. What changes something is
 * stored before Slack is acknowledged; everything else is looked up after that.
 */
export async function runCommand(
  room: Room,
  by: Pick<SlashCommand, "channel_id" | "user_id" | "response_url" | "trigger_id">,
  command: { readonly name: CommandName; readonly argument: string; readonly confirmed: boolean },
  options: ReplyOptions = {},
): Promise<Handled> {
  const { channel_id: channelId, user_id: userId, response_url: responseUrl } = by;
  const replyTo: CommandReplyTo = { ...options, responseUrl, channel: channelId };
  const run = async (): Promise<CommandReply | null> => {
    const [channel, locale, person, argument] = await Promise.all([
      toChannel(room, channelId),
      localeOf(room, userId),
      room.directory.person(userId),
      decode(room, command.argument),
    ]);
    return await room.docent().command({
      ...command,
      key: `${channel.key}:command:${by.trigger_id}`,
      argument,
      channel,
      conversation: toConversation(room, channel, null),
      author: toAuthor(userId, person),
      bot: "slack",
      replyTo,
      isAdmin: person?.isAdmin === true,
      locale,
    });
  };
  const say = async (reply: CommandReply | null): Promise<void> => {
    if (reply !== null) await replyToCommand(room, responseUrl, reply, options);
  };
  if (!command.confirmed && command.name !== "new") return { later: async () => say(await run()) };
  const reply = await run();
  return { later: () => say(reply) };
}

/** A question that no message holds: it is written down first, then posted for everybody to see, and answered below. */
async function takeAsk(
  room: Room,
  command: SlashCommand,
  argument: string,
  showTurn: (turn: TurnView) => Promise<void>,
): Promise<Handled> {
  const { channel_id: channelId, user_id: user, response_url: responseUrl, trigger_id: trigger } = command;
  const [channel, facts, locale, person, text] = await Promise.all([
    toChannel(room, channelId),
    room.directory.channel(channelId),
    localeOf(room, user),
    room.directory.person(user),
    decode(room, argument),
  ]);
  if (text === "") {
    return { later: () => tell(room, responseUrl, errorText({ code: "question_empty", details: {} }, locale)) };
  }
  if (facts?.isMember === false)
    return { later: () => tell(room, responseUrl, sentence("slack.invite_first", locale)) };
  const key = `${channel.key}:command:${trigger}`;
  const conversation = toConversation(room, channel, channel.isDirect ? null : `command:${trigger}`);
  const askedBy = person?.name ?? command.user_name ?? user;
  const pending: PendingQuestion = { id: `question:${key}`, text, askedBy, locale, conversation };
  const replyTo: ReplyTo = { channel: channelId, threadTs: null, messageTs: null, user, pending };
  const accepted = await acceptIncoming(room, {
    key,
    bot: "slack",
    kind: "question",
    channel,
    conversation,
    author: toAuthor(user, person),
    text,
    context: null,
    attachments: [],
    locale,
    replyTo,
    sentAt: room.options.clock.now(),
  }).catch((error: unknown) => ({ refusal: errorText(toDocentError(error, "Accepting a question"), locale) }));
  if ("refusal" in accepted) return { later: () => tell(room, responseUrl, accepted.refusal) };
  const { turn } = accepted;
  return { later: async () => (turn === null ? undefined : await showTurn(turn)) };
}

function parse(text: string): { word: string; argument: string } {
  const [word = ""] = text.trim().split(/\s/, 1);
  return { word: word.toLowerCase(), argument: text.trim().slice(word.length).trim() };
}
