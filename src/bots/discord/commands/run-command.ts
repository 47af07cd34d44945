import { Routes } from "discord-api-types/v10";
import { toDocentError } from "../../../core/errors.ts";
import type { Incoming } from "../../../core/incoming.ts";
import type { Command, CommandReply } from "../../../core/ports/command.ts";
import { splitMessage } from "../../../core/turns/split-message.ts";
import { errorText, text } from "../../../core/texts/text.ts";
import { toInteractionKey } from "./ask-by-command.ts";
import { actionButtons } from "../posting/buttons.ts";
import type { Caller } from "./caller.ts";
import { toDiscordMarkdown } from "../posting/discord-markdown.ts";
import { defuse } from "../posting/defuse-mentions.ts";
import { isUnanswered } from "../discord-errors.ts";
import { createResponse, type InteractionResponse, type Said } from "./interaction-response.ts";
import { linkChannels } from "./link-channels.ts";
import { timeOf } from "../snowflake.ts";
import type { Wiring } from "../wiring.ts";

const MAX_CHARACTERS = 2000;
/** An interaction is answered within three seconds or never. */
const ANSWERED_WITHIN_MS = 4000;
const LOOK_EVERY_MS = 250;

export type Asked = Pick<Command, "name" | "argument" | "confirmed"> & { readonly brings?: Incoming };

/** Where the answer to a command goes: core keeps it while the work goes on, and hands it back. */
interface CommandReplyTo {
  readonly channelId: string;
  readonly interaction: { readonly id: string; readonly token: string; readonly application_id: string };
  /** By a button, whose message asked whether somebody is sure. */
  readonly isPressed: boolean;
  /** Whether the acknowledgement is for one person's eyes: that is settled before core has said a word. */
  readonly isPrivate: boolean;
}

/** A command that somebody typed: "thinking…", then the reply, private unless everybody should know. */
export async function answerCommand(
  asked: Asked,
  caller: Caller,
  response: InteractionResponse,
  wiring: Wiring,
): Promise<void> {
  await answer(asked, caller, { wiring, response, isPressed: false });
}

/** A command behind a button: its private question turns into the reply; what everybody should know is posted. */
export async function answerPressedCommand(
  asked: Asked,
  caller: Caller,
  response: InteractionResponse,
  wiring: Wiring,
): Promise<void> {
  await answer(asked, caller, { wiring, response, isPressed: true });
}

async function answer(
  asked: Asked,
  caller: Caller,
  { wiring, response, isPressed }: { wiring: Wiring; response: InteractionResponse; isPressed: boolean },
): Promise<void> {
  const isPrivate = asked.name !== "new";
  const acknowledge = (): Promise<void> => (isPressed ? response.takeNote() : response.defer({ isPrivate }));
  const { id, token, applicationId } = caller.replyTo.interaction ?? { id: "", token: "", applicationId: "" };
  const replyTo: CommandReplyTo = {
    channelId: caller.facts.id,
    interaction: { id, token, application_id: applicationId },
    isPressed,
    isPrivate,
  };
  const changesSomething = asked.confirmed || asked.name === "new" || asked.brings !== undefined;
  if (!changesSomething) {
    // Of two replicas that are told of it, the second fails here and lets go.
    await acknowledge();
    const reply = await runCommand(asked, caller, replyTo, wiring);
    return reply === null ? undefined : await say(reply, replyTo, response, wiring);
  }
  const { promise: acknowledged, resolve } = Promise.withResolvers<void>();
  wiring.unacknowledged.set(id, acknowledged);
  try {
    await once(`command:${id}`, wiring, async () => {
      const reply = await runCommand(asked, caller, replyTo, wiring);
      await acknowledge();
      return reply === null ? undefined : () => say(reply, replyTo, response, wiring);
    });
  } finally {
    resolve();
    wiring.unacknowledged.delete(id);
  }
}

/**
 * Does what changes something, which has to be stored before it is acknowledged, in one replica only, and what follows
 * from it after that. A repeat after a crash in between is known to core by the command's key.
 */
async function once(
  key: string,
  { options: { lock, seen } }: Wiring,
  work: () => Promise<(() => Promise<void>) | undefined>,
): Promise<void> {
  const afterwards = await lock(`discord ${key}`, async () => {
    if ((await seen.get(key)) === true) return undefined;
    const next = await work();
    await seen.set(key, true);
    return next;
  });
  await afterwards?.();
}

/**
 * Answers a command whose work has ended, maybe long after it was given: an interaction can be answered for a quarter
 * of an hour. What everybody is to see is then posted in the channel.
 */
export async function replyLater(value: unknown, reply: CommandReply, wiring: Wiring): Promise<void> {
  if (!isCommandReplyTo(value)) return;
  const { interaction, channelId } = value;
  await wiring.unacknowledged.get(interaction.id);
  try {
    await sayPatiently(reply, value, wiring);
  } catch (error) {
    if (reply.isPrivate) throw error;
    for (const [index, { content, components }] of (await toPieces(reply, wiring)).entries()) {
      // A repeat within minutes posts nothing.
      const nonce = `r${index}_${interaction.id}`.slice(0, 25);
      const body = {
        content: defuse(content),
        components,
        nonce,
        enforce_nonce: true,
        allowed_mentions: { parse: [] },
      };
      await wiring.rest.post(Routes.channelMessages(channelId), { body });
    }
  }
}

/** The work may have ended before the replica that took the command has told Discord so: only then can it be answered. */
async function sayPatiently(reply: CommandReply, replyTo: CommandReplyTo, wiring: Wiring): Promise<void> {
  const { clock } = wiring.options;
  const until = timeOf(replyTo.interaction.id) + ANSWERED_WITHIN_MS;
  for (;;) {
    try {
      return await say(reply, replyTo, createResponse(wiring.rest, replyTo.interaction), wiring);
    } catch (error) {
      if (!isUnanswered(error) || clock.now() >= until) throw error;
      await clock.sleep(LOOK_EVERY_MS, wiring.stopping);
    }
  }
}

function isCommandReplyTo(value: unknown): value is CommandReplyTo {
  return typeof value === "object" && value !== null && "interaction" in value && "isPressed" in value;
}

/** Runs a command of core's; null when its answer follows. A thing that fails in an unforeseen way is told, too. */
async function runCommand(
  asked: Asked,
  caller: Caller,
  replyTo: CommandReplyTo,
  wiring: Wiring,
): Promise<CommandReply | null> {
  const { name } = asked;
  try {
    const reply = await wiring.docent().command({
      ...asked,
      key: toInteractionKey(replyTo.interaction.id),
      channel: caller.place.channel,
      conversation: caller.place.conversation,
      author: { id: caller.id, name: caller.name },
      bot: "discord",
      replyTo,
      isAdmin: caller.isAdmin(name),
      locale: caller.locale,
    });
    if (reply === null || name !== "help" || wiring.seesContent()) return reply;
    return { ...reply, text: `${reply.text}\n\n${text("discord.help_no_content", caller.language)}` };
  } catch (error) {
    wiring.options.log.error("discord: a command failed.", { command: name, error });
    const failure = toDocentError(error, "Running a command");
    return { text: errorText(failure, caller.language), isPrivate: true, actions: [] };
  }
}

async function say(
  reply: CommandReply,
  { isPressed, isPrivate }: CommandReplyTo,
  response: InteractionResponse,
  wiring: Wiring,
): Promise<void> {
  const [first, ...rest] = await toPieces(reply, wiring);
  if (isPressed && !reply.isPrivate) {
    await response.replace({ components: [] });
    for (const piece of [first, ...rest]) await response.followUp(piece);
    return;
  }
  if (reply.isPrivate && !isPressed && !isPrivate) {
    await response.remove();
    await response.followUp({ ...first, isPrivate: true });
  } else {
    await response.replace(first);
  }
  for (const piece of rest) await response.followUp({ ...piece, isPrivate: reply.isPrivate });
}

type Piece = Required<Pick<Said, "content" | "components" | "link">>;

/** The reply in messages that fit, its buttons under the last. */
async function toPieces(reply: CommandReply, wiring: Wiring): Promise<readonly [Piece, ...Piece[]]> {
  const [first = "…", ...rest] = splitMessage(toDiscordMarkdown(reply.text), MAX_CHARACTERS);
  const buttons = await actionButtons(reply.actions, wiring.options.seen);
  const toPiece = (content: string, index: number): Piece => ({
    content,
    components: index === rest.length ? buttons : [],
    link: (defused) => linkChannels(defused, wiring.directory),
  });
  return [toPiece(first, 0), ...rest.map((content, index) => toPiece(content, index + 1))];
}
