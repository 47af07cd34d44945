import { MessageFlags, RESTJSONErrorCodes, Routes } from "discord-api-types/v10";
import type { APIMessage } from "discord-api-types/v10";
import { DocentError } from "../../../core/errors.ts";
import type { OutgoingMessage } from "../../../core/ports/bot.ts";
import { feedbackButtons, retryButton } from "./buttons.ts";
import { isApiError, isForbidden, toBotError } from "../discord-errors.ts";
import { snowflakeAt, timeOf } from "../snowflake.ts";
import { isReplyTo, type ReplyTo } from "../reply-to.ts";
import type { Wiring } from "../wiring.ts";

/** Discord compares nonces of "the past few minutes"; a repeat that may be later has to look first. */
const NONCE_SAFE_MS = 2 * 60_000;
const LOOK_PAGES = 3;
/** Codes that mean: reply to nothing, then. */
const NO_REPLY = [160_002, RESTJSONErrorCodes.UnknownMessage, RESTJSONErrorCodes.InvalidFormBodyOrContentType];
const TOKEN_LIFE_MS = 14 * 60_000;

/**
 * Posts one part of an answer as a reply to its question. Safe to repeat: within minutes Discord itself knows the
 * nonce, later the bot looks for what it has said, if core says that there may be something.
 */
export async function sendMessage(message: OutgoingMessage, wiring: Wiring): Promise<string> {
  const { replyTo } = message;
  if (!isReplyTo(replyTo)) throw new DocentError("internal", "An answer for Discord has no place to go to.");
  const inPrivate = replyTo.isPrivate
    ? await followUp(replyTo, { content: message.text, isPrivate: true }, wiring)
    : null;
  if (inPrivate !== null) return inPrivate;
  const referenceId = replyTo.messageId ?? (await askedWith(replyTo, wiring));
  const id =
    (await findEarlier(message, replyTo, referenceId, wiring)) ?? (await post(message, replyTo, referenceId, wiring));
  if (message.part === 1) {
    wiring.progress
      .finish(message.turnId, replyTo.channelId)
      .catch((error: unknown) => wiring.options.log.debug("discord: progress stays.", { error }));
  }
  return id;
}

async function askedWith({ interaction }: ReplyTo, wiring: Wiring): Promise<string | null> {
  return interaction === null ? null : await wiring.asked.find(interaction.id);
}

async function post(
  message: OutgoingMessage,
  replyTo: ReplyTo,
  referenceId: string | null,
  wiring: Wiring,
): Promise<string> {
  const body = {
    content: message.text,
    nonce: message.id.slice(0, 25),
    enforce_nonce: true,
    flags: MessageFlags.SuppressEmbeds,
    allowed_mentions: { parse: [], replied_user: false },
    components: message.part === message.parts ? buttonsOf(message) : [],
  };
  const reference =
    referenceId !== null && message.part === 1
      ? { message_reference: { message_id: referenceId, fail_if_not_exists: false } }
      : {};
  const route = Routes.channelMessages(replyTo.channelId);
  const attempt = async (extra: object): Promise<string> =>
    ((await wiring.rest.post(route, { body: { ...body, ...extra } })) as APIMessage).id;
  try {
    return await attempt(reference).catch((error: unknown) => {
      if (!isApiError(error, ...NO_REPLY) || !("message_reference" in reference)) throw error;
      return attempt({});
    });
  } catch (error) {
    const byToken = isForbidden(error) ? await followUp(replyTo, body, wiring) : null;
    if (byToken !== null) return byToken;
    const failure = toBotError(error, "Posting an answer");
    // What may still work is tried again by core; for the rest somebody has to do something.
    const level = failure.code === "internal" || failure.code === "platform_unreachable" ? "warn" : "error";
    wiring.options.log[level]("discord: an answer could not be posted.", { turn: message.turnId, error: failure });
    throw failure;
  }
}

/** Where the bot may not post, and where only the asker should see it, the command that asked still takes an answer for a quarter of an hour. */
async function followUp(
  { interaction }: ReplyTo,
  said: { readonly content: string; readonly components?: unknown; readonly isPrivate?: boolean },
  { rest, options }: Wiring,
): Promise<string | null> {
  if (interaction === null || options.clock.now() - timeOf(interaction.id) > TOKEN_LIFE_MS) return null;
  const route = Routes.webhook(interaction.applicationId, interaction.token);
  const flags = MessageFlags.SuppressEmbeds | (said.isPrivate === true ? MessageFlags.Ephemeral : 0);
  const body = { content: said.content, components: said.components ?? [], flags, allowed_mentions: { parse: [] } };
  try {
    return ((await rest.post(route, { body, auth: false })) as APIMessage).id;
  } catch (error) {
    options.log.debug("discord: the follow-up failed, too.", { error });
    return null;
  }
}

/** The same part, posted before a crash so long ago that Discord has forgotten its nonce. */
async function findEarlier(
  message: OutgoingMessage,
  { channelId, messageId, interaction }: ReplyTo,
  referenceId: string | null,
  { rest, options, self }: Wiring,
): Promise<string | null> {
  // Two answers may say the same: only what may have been posted before is looked for.
  if (!message.isRepeat) return null;
  const askedId = messageId ?? interaction?.id;
  if (askedId === undefined) return null;
  if (options.clock.now() - timeOf(askedId) < NONCE_SAFE_MS) return null;
  try {
    let after = referenceId ?? String(snowflakeAt(timeOf(askedId)));
    for (let page = 1; page <= LOOK_PAGES; page++) {
      const query = new URLSearchParams({ after, limit: "100" });
      const found = (await rest.get(Routes.channelMessages(channelId), { query })) as APIMessage[];
      const twin = found.find(
        (each) =>
          each.author.id === self().userId &&
          each.content.trim() === message.text.trim() &&
          (message.part > 1 || referenceId === null || each.message_reference?.message_id === referenceId),
      );
      if (twin !== undefined) return twin.id;
      // Newest first.
      after = found[0]?.id ?? after;
      if (found.length < 100) return null;
    }
  } catch (error) {
    options.log.debug("discord: could not look for an earlier post.", { error });
  }
  return null;
}

function buttonsOf({ kind, canRetry, turnId, locale }: OutgoingMessage): unknown {
  if (kind === "answer") return feedbackButtons(turnId, locale);
  return canRetry ? retryButton(turnId, locale) : [];
}
