import type { APIInteraction, APIMessage } from "discord-api-types/v10";
import { isDocentError, toDocentError } from "../../../core/errors.ts";
import type { Attachment, Incoming } from "../../../core/incoming.ts";
import { errorText, listText, text } from "../../../core/texts/text.ts";
import { toAttachments } from "../attachments.ts";
import { ELSEWHERE } from "../receiving/asked-messages.ts";
import type { Caller } from "./caller.ts";
import { isThread } from "../directory.ts";
import { isAnswered, isTakenElsewhere, toBotError } from "../discord-errors.ts";
import type { InteractionResponse } from "./interaction-response.ts";
import { toIncoming, toText, type Translation } from "../receiving/message-to-incoming.ts";
import { timeOf } from "../snowflake.ts";
import type { Wiring } from "../wiring.ts";

/** A question is shown to everybody, so that its answer can be understood; a long one not in full. */
const MAX_SHOWN_CHARACTERS = 1500;

export interface Asked {
  readonly question: string;
  readonly attachments: readonly Attachment[];
  /** The message that a message command was used on. */
  readonly target: APIMessage | null;
}

/**
 * A question of `/docent ask` or of "Ask Docent about this": written down first, then shown as a message, to which the
 * answer replies. A plain message outlives the fifteen minutes of the command's token, and can be repeated safely.
 */
export async function askByCommand(
  interaction: APIInteraction,
  asked: Asked,
  caller: Caller,
  response: InteractionResponse,
  wiring: Wiring,
): Promise<void> {
  const { facts, place, language } = caller;
  const translation: Translation = {
    facts,
    directory: wiring.directory,
    ownId: wiring.self().userId,
    conversationPer: wiring.options.conversationPer,
    maxFileMb: wiring.options.maxFileMb,
  };
  const choice = { maxFileMb: wiring.options.maxFileMb, keepUrl: !wiring.seesContent() };
  const targetFiles = asked.target === null ? [] : toAttachments(asked.target, facts.guildId, choice);
  const incoming: Incoming = {
    key: toInteractionKey(interaction.id),
    bot: "discord",
    kind: "question",
    channel: place.channel,
    conversation: place.conversation,
    author: { id: caller.id, name: caller.name },
    text: asked.question,
    context: asked.target === null ? null : toText(asked.target, translation),
    attachments: [...asked.attachments, ...targetFiles],
    locale: caller.locale,
    replyTo: caller.replyTo,
    sentAt: timeOf(interaction.id),
  };
  const shown = Promise.withResolvers<string | null | typeof ELSEWHERE>();
  wiring.asked.expect(interaction.id, shown.promise);
  try {
    if (asked.target !== null) await noteTarget(asked.target, targetFiles, translation, wiring);
    const { turn, isNew } = await wiring.docent().accept(incoming);
    if (facts.guildId === null) await wiring.directs.add(facts.id);
    if (isThread(facts)) await wiring.threads.add(facts.id);
    shown.resolve(await show());
    if (turn !== null && isNew) wiring.progress.show(turn);
  } catch (error) {
    shown.resolve(null);
    const failure = toDocentError(error, "Accepting a question");
    if (failure.code === "internal") wiring.options.log.error("discord: a question could not be accepted.", { error });
    await response.say({ content: errorText(failure, language), isPrivate: true });
  }

  async function show(): Promise<string | null | typeof ELSEWHERE> {
    const { target } = asked;
    const question =
      asked.question.length > MAX_SHOWN_CHARACTERS
        ? `${asked.question.slice(0, MAX_SHOWN_CHARACTERS)}…`
        : asked.question;
    const files = listText(
      asked.attachments.map(({ name }) => name),
      language,
    );
    const link = `https://discord.com/channels/${facts.guildId ?? "@me"}/${facts.id}/${target?.id ?? ""}`;
    const sentence =
      target === null
        ? text("discord.asked", language, { name: caller.name, question })
        : text("discord.asked_about", language, { name: caller.name, link, question });
    try {
      return await response.say({ content: files === "" ? sentence : `${sentence}\n-# ${files}` });
    } catch (error) {
      // Both replicas of a shard are told of a command, and it takes one answer.
      if (isTakenElsewhere(error)) return ELSEWHERE;
      // Accepted is accepted: the answer comes, only not as a reply.
      const level = isAnswered(error) ? "debug" : "warn";
      wiring.options.log[level]("discord: a question could not be shown.", {
        error: toBotError(error, "Answering a command"),
      });
      return null;
    }
  }
}

/** Files of the target are written down under their own message, so that they go when it is deleted. */
async function noteTarget(
  target: APIMessage,
  attachments: readonly Attachment[],
  translation: Translation,
  wiring: Wiring,
): Promise<void> {
  if (attachments.length === 0 || wiring.options.readUploads === "off") return;
  try {
    await wiring.docent().accept({ ...toIncoming(target, "note", translation), attachments });
  } catch (error) {
    if (isDocentError(error, "stopping")) throw error;
    wiring.options.log.debug("discord: the files of a message could not be noted.", { error });
  }
}

export function toInteractionKey(interactionId: string): string {
  return `discord:interaction:${interactionId}`;
}
