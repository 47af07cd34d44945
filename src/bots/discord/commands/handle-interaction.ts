import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ComponentType,
  InteractionType,
  Routes,
  TextInputStyle,
} from "discord-api-types/v10";
import type {
  APIApplicationCommandInteraction,
  APIInteraction,
  APIMessage,
  APIMessageComponentInteraction,
  APIModalSubmitInteraction,
} from "discord-api-types/v10";
import type { Attachment, Incoming } from "../../../core/incoming.ts";
import type { CommandName } from "../../../core/ports/command.ts";
import { text } from "../../../core/texts/text.ts";
import { askByCommand, toInteractionKey } from "./ask-by-command.ts";
import { toAttachment, toAttachments } from "../attachments.ts";
import { readButton } from "../posting/buttons.ts";
import { toCaller, type Caller } from "./caller.ts";
import { ASK_ABOUT, MAX_QUESTION_CHARACTERS } from "./command-definitions.ts";
import { isAnswered, isGone, toBotError } from "../discord-errors.ts";
import { createResponse, type InteractionResponse } from "./interaction-response.ts";
import { answerCommand, answerPressedCommand } from "./run-command.ts";
import { timeOf } from "../snowflake.ts";
import type { ReplyTo } from "../reply-to.ts";
import type { Wiring } from "../wiring.ts";

/** Targets of message commands whose modal is still open; only the command shows them whole without the intent. */
const MAX_TARGETS = 200;
const QUESTION = "question";

interface Call<T extends APIInteraction> {
  readonly interaction: T;
  readonly caller: Caller;
  readonly response: InteractionResponse;
}

/** Takes commands, buttons and modals. Each is answered within three seconds, with more to follow. */
export function createInteractionHandler(wiring: Wiring): (interaction: APIInteraction) => Promise<void> {
  const targets = new Map<string, APIMessage>();
  const { maxFileMb } = wiring.options;

  return async (interaction) => {
    try {
      const caller = await toCaller(interaction, wiring);
      if (caller === null) return;
      const response = createResponse(wiring.rest, interaction);
      if (interaction.type === InteractionType.ApplicationCommand) await onCommand({ interaction, caller, response });
      if (interaction.type === InteractionType.MessageComponent) await onButton({ interaction, caller, response });
      if (interaction.type === InteractionType.ModalSubmit) await onModal({ interaction, caller, response });
    } catch (error) {
      // Another replica was first, or the three seconds are over: there is nobody left to tell.
      const level = isAnswered(error) ? "debug" : "warn";
      const failure = toBotError(error, "Answering a command or button");
      wiring.options.log[level]("discord: an interaction could not be answered.", { error: failure });
    }
  };

  async function onCommand(call: Call<APIApplicationCommandInteraction>): Promise<void> {
    const { data } = call.interaction;
    if (data.type === ApplicationCommandType.Message) {
      const target = data.resolved.messages[data.target_id];
      if (target === undefined) return;
      if (data.name === ASK_ABOUT) await openQuestion(call, target);
      else await addKnowledge(call, toAttachments(target, call.caller.facts.guildId, { maxFileMb, keepUrl: true }));
      return;
    }
    if (data.type !== ApplicationCommandType.ChatInput) return;
    const [first] = data.options ?? [];
    if (first === undefined) return;
    const isGroup = first.type === ApplicationCommandOptionType.SubcommandGroup;
    const leaf = isGroup ? first.options[0] : first;
    if (leaf === undefined || leaf.type !== ApplicationCommandOptionType.Subcommand) return;
    const values = new Map((leaf.options ?? []).map((option) => [option.name, "value" in option ? option.value : ""]));
    const given = (name: string): string => String(values.get(name) ?? "");
    const file = data.resolved?.attachments?.[given("file")];
    const files = file === undefined ? [] : [toAttachment(file, { message: null, url: file.url }, maxFileMb)];
    if (leaf.name === "ask") {
      const asked = { question: given(QUESTION), attachments: files, target: null };
      return await askByCommand(call.interaction, asked, call.caller, call.response, wiring);
    }
    if (isGroup && leaf.name === "add") return await addKnowledge(call, files);
    const argument = isGroup ? `${leaf.name} ${given("document")}`.trim() : removal(given("remove"));
    const name = (isGroup ? first.name : leaf.name) as CommandName;
    await answerCommand({ name, argument, confirmed: false }, call.caller, call.response, wiring);
  }

  async function openQuestion({ caller, response }: Call<APIInteraction>, target: APIMessage): Promise<void> {
    targets.set(target.id, target);
    const [oldest] = targets.keys();
    if (targets.size > MAX_TARGETS && oldest !== undefined) targets.delete(oldest);
    const { language } = caller;
    await response.openModal({
      custom_id: `ask:${caller.facts.id}:${target.id}`,
      title: text("discord.modal_title", language),
      components: [
        {
          type: ComponentType.Label,
          label: text("discord.modal_question", language),
          component: {
            type: ComponentType.TextInput,
            custom_id: QUESTION,
            style: TextInputStyle.Paragraph,
            required: true,
            max_length: MAX_QUESTION_CHARACTERS,
          },
        },
      ],
    });
  }

  async function onModal(call: Call<APIModalSubmitInteraction>): Promise<void> {
    const { data } = call.interaction;
    const [, channelId, messageId] = /^ask:(\d+):(\d+)$/.exec(data.custom_id) ?? [];
    if (channelId === undefined || messageId === undefined) return;
    const question = data.components
      .flatMap((each) => (each.type === ComponentType.Label ? [each.component] : []))
      .flatMap((each) => (each.type === ComponentType.TextInput && each.custom_id === QUESTION ? [each.value] : []))
      .join("");
    const target = targets.get(messageId) ?? (await findMessage(channelId, messageId));
    const { language } = call.caller;
    if (target === null) {
      await call.response.say({ content: text("error.not_found", language), isPrivate: true });
      return;
    }
    await askByCommand(call.interaction, { question, attachments: [], target }, call.caller, call.response, wiring);
  }

  async function findMessage(channelId: string, messageId: string): Promise<APIMessage | null> {
    try {
      return (await wiring.rest.get(Routes.channelMessage(channelId, messageId))) as APIMessage;
    } catch (error) {
      wiring.options.log.debug("discord: the message of a question is not there.", { error });
      return null;
    }
  }

  async function addKnowledge(call: Call<APIInteraction>, attachments: readonly Attachment[]): Promise<void> {
    const { caller, response, interaction } = call;
    if (attachments.length === 0) {
      await response.say({ content: text("discord.no_files", caller.language), isPrivate: true });
      return;
    }
    const brings: Incoming = {
      key: toInteractionKey(interaction.id),
      bot: "discord",
      kind: "knowledge",
      channel: caller.place.channel,
      conversation: caller.place.conversation,
      author: { id: caller.id, name: caller.name },
      text: "",
      context: null,
      attachments,
      locale: caller.locale,
      replyTo: { ...caller.replyTo, isPrivate: true } satisfies ReplyTo,
      sentAt: timeOf(interaction.id),
    };
    await answerCommand({ name: "knowledge", argument: "add", confirmed: false, brings }, caller, response, wiring);
  }

  async function onButton(call: Call<APIMessageComponentInteraction>): Promise<void> {
    const { interaction, caller, response } = call;
    const pressed = await readButton(interaction.data.custom_id, wiring.options.seen);
    const tell = (key: "discord.button_gone" | "discord.thanks" | "discord.sorry"): Promise<string | null> =>
      response.say({ content: text(key, caller.language), isPrivate: true });
    if (pressed === null) return void (await tell("discord.button_gone"));
    switch (pressed.does) {
      case "command":
        return await answerPressedCommand(pressed.command, caller, response, wiring);
      case "helpful":
      case "not-helpful": {
        const isKnown = await wiring.docent().feedback(pressed.turnId, caller.id, pressed.does);
        const thanks = pressed.does === "helpful" ? "discord.thanks" : "discord.sorry";
        return void (await tell(isKnown ? thanks : "discord.button_gone"));
      }
      case "stop":
      case "retry": {
        const docent = wiring.docent();
        const isDone = await (pressed.does === "stop" ? docent.cancel(pressed.turnId) : docent.retry(pressed.turnId));
        // What it changes is stored by now: a click that is not acknowledged can be repeated.
        await response.takeNote();
        if (!isDone) {
          await response.followUp({ content: text("discord.button_gone", caller.language), isPrivate: true });
        } else {
          // Nobody presses it twice. A message that shows progress may be gone by now.
          await response.replace({ components: [] }).catch((error: unknown) => {
            if (!isGone(error)) throw error;
          });
        }
      }
    }
  }
}

function removal(document: string): string {
  return document === "" ? "" : `remove ${document}`;
}
