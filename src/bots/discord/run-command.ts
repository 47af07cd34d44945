import { toDocentError } from "../../core/errors.ts";
import type { Incoming } from "../../core/incoming.ts";
import type { Command, CommandReply } from "../../core/ports/command.ts";
import { splitMessage } from "../../core/split-message.ts";
import { errorText, text } from "../../core/texts/text.ts";
import { actionButtons } from "./buttons.ts";
import type { Caller } from "./caller.ts";
import { toDiscordMarkdown } from "./discord-markdown.ts";
import type { InteractionResponse } from "./interaction-response.ts";

import type { Wiring } from "./wiring.ts";

const MAX_CHARACTERS = 2000;

export type Asked = Pick<Command, "name" | "argument" | "confirmed"> & { readonly brings?: Incoming };

/** Runs a command of core's; a thing that fails in an unforeseen way is told, too. */
export async function runCommand(asked: Asked, caller: Caller, wiring: Wiring): Promise<CommandReply> {
  const { name } = asked;
  try {
    const reply = await wiring.docent().command({
      ...asked,
      channel: caller.place.channel,
      conversation: caller.place.conversation,
      author: { id: caller.id, name: caller.name },
      isAdmin: caller.isAdmin(name),
      locale: caller.locale,
    });
    if (name !== "help" || wiring.seesContent()) return reply;
    return { ...reply, text: `${reply.text}\n\n${text("discord.help_no_content", caller.language)}` };
  } catch (error) {
    wiring.options.log.error("discord: a command failed.", { command: name, error });
    const failure = toDocentError(error, "Running a command");
    return { text: errorText(failure, caller.language), isPrivate: true, actions: [] };
  }
}

/** A command that somebody typed: "thinking…" at once, then the reply, private unless everybody should know. */
export async function answerCommand(
  asked: Asked,
  caller: Caller,
  response: InteractionResponse,
  wiring: Wiring,
): Promise<void> {
  // Whether a deferred answer is private is settled before core has said a word.
  const isPrivate = asked.name !== "new";
  await response.defer({ isPrivate });
  const reply = await runCommand(asked, caller, wiring);
  const [first, ...rest] = await toPieces(reply, wiring);
  if (reply.isPrivate && !isPrivate) {
    await response.remove();
    await response.followUp({ ...first, isPrivate: true });
  } else {
    await response.replace(first);
  }
  for (const piece of rest) await response.followUp({ ...piece, isPrivate: isPrivate || reply.isPrivate });
}

/** A command behind a button: its private question turns into the reply; what everybody should know is posted. */
export async function answerPressedCommand(
  asked: Asked,
  caller: Caller,
  response: InteractionResponse,
  wiring: Wiring,
): Promise<void> {
  await response.takeNote();
  const reply = await runCommand(asked, caller, wiring);
  const [first, ...rest] = await toPieces(reply, wiring);
  if (reply.isPrivate) {
    await response.replace(first);
    for (const piece of rest) await response.followUp({ ...piece, isPrivate: true });
    return;
  }
  await response.replace({ components: [] });
  for (const piece of [first, ...rest]) await response.followUp(piece);
}

type Piece = { readonly content: string; readonly components: unknown };

/** The reply in messages that fit, its buttons under the last. */
async function toPieces(reply: CommandReply, wiring: Wiring): Promise<readonly [Piece, ...Piece[]]> {
  const [first = "…", ...rest] = splitMessage(toDiscordMarkdown(reply.text), MAX_CHARACTERS);
  const buttons = await actionButtons(reply.actions, wiring.options.seen);
  const toPiece = (content: string, index: number): Piece => ({
    content,
    components: index === rest.length ? buttons : [],
  });
  return [toPiece(first, 0), ...rest.map((content, index) => toPiece(content, index + 1))];
}
