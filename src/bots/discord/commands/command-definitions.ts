import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  Locale,
} from "discord-api-types/v10";
import type { LocalizationMap, RESTPutAPIApplicationCommandsJSONBody } from "discord-api-types/v10";
import type { TextKey } from "../../../core/texts/language.ts";
import { toLanguage } from "../../../core/texts/languages.ts";
import { text } from "../../../core/texts/text.ts";

/** Names of the message commands in English; Discord sends these whatever the person's language. */
export const ASK_ABOUT = "Ask Docent about this";
export const ADD_KNOWLEDGE = "Add to team knowledge";
export const MAX_QUESTION_CHARACTERS = 4000;

const WHERE = {
  integration_types: [ApplicationIntegrationType.GuildInstall],
  contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
};

/** `/docent` with its subcommands, and the two commands of a message's menu. */
export function toCommandDefinitions(): RESTPutAPIApplicationCommandsJSONBody {
  const subcommand = (name: string, key: TextKey, options: readonly object[] = []): object => ({
    type: ApplicationCommandOptionType.Subcommand,
    name,
    ...described(key),
    ...(options.length === 0 ? {} : { options }),
  });
  const value = (name: string, key: TextKey, options: { isRequired: boolean; isFile?: boolean }): object => ({
    type: options.isFile === true ? ApplicationCommandOptionType.Attachment : ApplicationCommandOptionType.String,
    name,
    ...described(key),
    required: options.isRequired,
    ...(name === "question" ? { max_length: MAX_QUESTION_CHARACTERS } : {}),
  });
  const docent = {
    type: ApplicationCommandType.ChatInput,
    name: "docent",
    ...described("discord.command"),
    ...WHERE,
    options: [
      subcommand("ask", "discord.command_ask", [
        value("question", "discord.option_question", { isRequired: true }),
        value("file", "discord.option_file", { isRequired: false, isFile: true }),
      ]),
      subcommand("docs", "discord.command_docs", [
        value("remove", "discord.option_remove_document", { isRequired: false }),
      ]),
      {
        type: ApplicationCommandOptionType.SubcommandGroup,
        name: "knowledge",
        ...described("discord.command_knowledge"),
        options: [
          subcommand("list", "discord.command_knowledge_list"),
          subcommand("add", "discord.command_knowledge_add", [
            value("file", "discord.option_knowledge_file", { isRequired: true, isFile: true }),
          ]),
          subcommand("remove", "discord.command_knowledge_remove", [
            value("document", "discord.option_remove_document", { isRequired: true }),
          ]),
        ],
      },
      subcommand("new", "discord.command_new"),
      subcommand("forget", "discord.command_forget"),
      subcommand("usage", "discord.command_usage"),
      subcommand("help", "discord.command_help"),
    ],
  };
  const ofMessage = (name: string, key: TextKey): object => ({
    type: ApplicationCommandType.Message,
    name,
    name_localizations: localized(key),
    ...WHERE,
  });
  return [
    docent,
    ofMessage(ASK_ABOUT, "discord.message_command_ask"),
    ofMessage(ADD_KNOWLEDGE, "discord.message_command_knowledge"),
  ] as RESTPutAPIApplicationCommandsJSONBody;
}

function described(key: TextKey): { description: string; description_localizations: LocalizationMap } {
  return { description: text(key, "en"), description_localizations: localized(key) };
}

/** In each of Discord's own languages that we can write; English is what the others see. */
function localized(key: TextKey): LocalizationMap {
  const others = Object.values(Locale).filter((locale) => toLanguage(locale) !== "en");
  return Object.fromEntries(others.map((locale) => [locale, text(key, locale)]));
}
