import { toDocentError } from "../../core/errors.ts";
import { COMMAND_NAMES, type CommandName } from "../../core/ports/command.ts";
import type { TurnView } from "../../core/turn.ts";
import { errorText, text as sentence } from "../../core/texts/text.ts";
import { acceptIncoming } from "./accept.ts";
import type { Handled } from "./dispatch.ts";
import type { SlashCommand } from "./payloads.ts";
import { replyToCommand, tell, type ReplyOptions } from "./reply-to-command.ts";
import type { PendingQuestion, ReplyTo } from "./reply-to.ts";
import { localeOf, toChannel, toConversation, type Room } from "./room.ts";
import { decode } from "./decode-message.ts";

/** `/docent …`: Slack is acknowledged at once, the reply follows through the `response_url`. */
export async function takeCommand(
  room: Room,
  command: SlashCommand,
  showTurn: (turn: TurnView) => Promise<void>,
): Promise<Handled> {
  const { word, argument } = parse(command.text ?? "");
  if (word === "ask") return await takeAsk(room, command, argument, showTurn);
  const name = COMMAND_NAMES.find((each) => each === word) ?? "help";
  return {
    later: async () => {
      const plain = await decode(room, argument);
      await runCommand(room, command, { name, argument: plain, confirmed: false });
    },
  };
}

/** Runs a command of core as the person who gave it, or pressed its button, and answers them. */
export async function runCommand(
  room: Room,
  by: Pick<SlashCommand, "channel_id" | "user_id" | "response_url">,
  command: { readonly name: CommandName; readonly argument: string; readonly confirmed: boolean },
  options: ReplyOptions = {},
): Promise<void> {
  const [channel, locale, person] = await Promise.all([
    toChannel(room, by.channel_id),
    localeOf(room, by.user_id),
    room.directory.person(by.user_id),
  ]);
  const reply = await room.docent().command({
    ...command,
    channel,
    conversation: toConversation(room, channel, null),
    author: { id: by.user_id, name: person?.name ?? null },
    isAdmin: person?.isAdmin === true,
    locale,
  });
  await replyToCommand(room, by.response_url, reply, options);
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
    author: { id: user, name: person?.name ?? null },
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
