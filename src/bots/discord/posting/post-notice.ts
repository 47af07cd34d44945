import { createHash } from "node:crypto";
import { Routes } from "discord-api-types/v10";
import { defuse } from "./defuse-mentions.ts";
import { isForbidden, toBotError } from "../discord-errors.ts";
import type { Wiring } from "../wiring.ts";

/** Answers a message with a sentence of the bot's own, without a turn. A repeat within minutes posts nothing. */
export async function postNotice(
  wiring: Wiring,
  channelId: string,
  messageId: string | null,
  sentence: (locale: string | null) => string,
  locale: string | null,
): Promise<void> {
  const content = defuse(sentence(locale));
  const nonce = createHash("sha256").update(`${messageId}:${content}`).digest("base64url").slice(0, 24);
  const body = {
    content,
    nonce,
    enforce_nonce: true,
    allowed_mentions: { parse: [] },
    ...(messageId === null ? {} : { message_reference: { message_id: messageId, fail_if_not_exists: false } }),
  };
  try {
    await wiring.rest.post(Routes.channelMessages(channelId), { body });
  } catch (error) {
    const failure = toBotError(error, "Answering a message");
    wiring.options.log[isForbidden(error) ? "debug" : "warn"]("discord: a notice could not be posted.", {
      error: failure,
    });
  }
}
