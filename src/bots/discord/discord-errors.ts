import { DiscordAPIError, HTTPError } from "@discordjs/rest";
import { RESTJSONErrorCodes } from "discord-api-types/v10";
import { DocentError } from "../../core/errors.ts";

/** Not in the SDK's list (topics/opcodes-and-status-codes.mdx). */
const THREAD_LOCKED = 160_005;

const REMEDIES: Readonly<Record<number, string>> = {
  [RESTJSONErrorCodes.MissingAccess]: "Docent cannot see that channel: give its role “View Channel” there.",
  [RESTJSONErrorCodes.MissingPermissions]:
    "Give Docent’s role “Send Messages”, “Send Messages in Threads”, “Read Message History” and “Add Reactions” there.",
  [RESTJSONErrorCodes.CannotSendMessagesToThisUser]: "That person does not take direct messages from Docent.",
  [RESTJSONErrorCodes.UnknownChannel]: "The channel was deleted.",
  [RESTJSONErrorCodes.UnknownMessage]: "The message was deleted.",
  [THREAD_LOCKED]: "The thread is locked: unlock it, or give Docent’s role “Manage Threads”.",
};

/** True for an error that Discord's API answered with one of these codes. */
export function isApiError(error: unknown, ...codes: readonly number[]): error is DiscordAPIError {
  return error instanceof DiscordAPIError && (codes.length === 0 || codes.includes(Number(error.code)));
}

/** What was asked about is no longer there, or never was. */
export function isGone(error: unknown): boolean {
  return isApiError(error, RESTJSONErrorCodes.UnknownChannel, RESTJSONErrorCodes.UnknownMessage);
}

/** The bot may not do that here. */
export function isForbidden(error: unknown): boolean {
  return isApiError(
    error,
    RESTJSONErrorCodes.MissingAccess,
    RESTJSONErrorCodes.MissingPermissions,
    RESTJSONErrorCodes.CannotSendMessagesToThisUser,
    THREAD_LOCKED,
  );
}

/** Another replica, which was told of the same interaction, has answered it. */
export function isTakenElsewhere(error: unknown): boolean {
  return isApiError(error, RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged);
}

/** This interaction takes no first answer any more: another replica gave one, or three seconds have passed. */
export function isAnswered(error: unknown): boolean {
  return isTakenElsewhere(error) || isApiError(error, RESTJSONErrorCodes.UnknownInteraction);
}

/** What follows the first answer to an interaction came before it, or after a quarter of an hour. */
export function isUnanswered(error: unknown): boolean {
  return isApiError(error, RESTJSONErrorCodes.UnknownWebhook);
}

/** A failed call in the words of an operator: what was attempted, what Discord said, what to do. */
export function toBotError(error: unknown, attempted: string): DocentError {
  if (error instanceof DocentError) return error;
  if (error instanceof DiscordAPIError) {
    const code = isGone(error) ? "not_found" : isForbidden(error) ? "forbidden" : "internal";
    // `message` of a form error may quote what was posted; the code is enough.
    return new DocentError(
      error.status === 401 ? "platform_unreachable" : code,
      `${attempted}: Discord answered ${error.status}, code ${error.code}. ${remedy(error)}`,
    );
  }
  if (error instanceof HTTPError) {
    const message = `${attempted}: Discord answered ${error.status}. It may work again later.`;
    return new DocentError("platform_unreachable", message);
  }
  const seen = error instanceof Error ? error.message : String(error);
  const message = `${attempted}: Discord could not be reached (${seen}).`;
  return new DocentError("platform_unreachable", message, { cause: error });
}

function remedy({ code, status }: DiscordAPIError): string {
  if (status === 401) return "The token is not valid any more: set a new DISCORD_TOKEN.";
  return REMEDIES[Number(code)] ?? "";
}
