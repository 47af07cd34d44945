import { InteractionResponseType, MessageFlags, Routes } from "discord-api-types/v10";
import type { REST } from "@discordjs/rest";
import type { APIInteraction, APIMessage } from "discord-api-types/v10";
import { defuse } from "../posting/defuse-mentions.ts";

export interface Said {
  readonly content: string;
  readonly isPrivate?: boolean;
  readonly components?: unknown;
  /** Adds links to what is defused already. */
  readonly link?: (defused: string) => string;
}

/** The answers to one interaction: the first within three seconds, all within fifteen minutes. */
export interface InteractionResponse {
  /** Says something at once and returns the id of the message. */
  say(said: Said): Promise<string | null>;
  /** Shows "Docent is thinking…" until `replace`. */
  defer(options: { isPrivate: boolean }): Promise<void>;
  /** Takes note of a pressed button without saying anything. */
  takeNote(): Promise<void>;
  openModal(modal: object): Promise<void>;
  /** Fills in what was deferred, or changes the message of the pressed button. */
  replace(body: Partial<Said>): Promise<void>;
  remove(): Promise<void>;
  followUp(said: Said): Promise<void>;
}

export function createResponse(
  rest: REST,
  interaction: Pick<APIInteraction, "id" | "token" | "application_id">,
): InteractionResponse {
  const { id, token, application_id: applicationId } = interaction;
  const original = Routes.webhookMessage(applicationId, token, "@original");

  async function callback(type: InteractionResponseType, data?: object): Promise<unknown> {
    const query = new URLSearchParams({ with_response: "true" });
    const body = data === undefined ? { type } : { type, data };
    return await rest.post(Routes.interactionCallback(id, token), { body, query, auth: false });
  }

  return {
    async say(said) {
      const answer = await callback(InteractionResponseType.ChannelMessageWithSource, toBody(said));
      const { resource } = answer as { resource?: { message?: APIMessage } };
      return resource?.message?.id ?? null;
    },
    async defer({ isPrivate }) {
      await callback(
        InteractionResponseType.DeferredChannelMessageWithSource,
        isPrivate ? { flags: MessageFlags.Ephemeral } : {},
      );
    },
    takeNote: async () => void (await callback(InteractionResponseType.DeferredMessageUpdate)),
    openModal: async (modal) => void (await callback(InteractionResponseType.Modal, modal)),
    async replace({ content, components, link }) {
      const body = {
        ...(content === undefined ? {} : { content: toShown(content, link) }),
        ...(components === undefined ? {} : { components }),
        allowed_mentions: { parse: [] },
      };
      await rest.patch(original, { body, auth: false });
    },
    remove: async () => void (await rest.delete(original, { auth: false })),
    async followUp(said) {
      await rest.post(Routes.webhook(applicationId, token), { body: toBody(said), auth: false });
    },
  };
}

function toShown(content: string, link: Said["link"]): string {
  const defused = defuse(content);
  return link === undefined ? defused : link(defused);
}

function toBody({ content, isPrivate, components, link }: Said): object {
  return {
    content: toShown(content, link),
    allowed_mentions: { parse: [] },
    flags: MessageFlags.SuppressEmbeds | (isPrivate === true ? MessageFlags.Ephemeral : 0),
    ...(components === undefined ? {} : { components }),
  };
}
