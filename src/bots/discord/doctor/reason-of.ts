import { DiscordAPIError, HTTPError } from "@discordjs/rest";

/** A status and Discord's number of an error. */
export function reasonOf(error: unknown): string {
  if (error instanceof DiscordAPIError) return [error.status, error.code].filter(Boolean).join(", ");
  return error instanceof HTTPError ? String(error.status) : "no answer";
}
