import { MessageReferenceType } from "discord-api-types/v10";
import type { APIMessage, APIMessageSnapshotFields } from "discord-api-types/v10";

/** Names for what a message mentions by id. */
export interface Names {
  readonly ownId: string;
  readonly ownRoleId: string | null;
  readonly role: (id: string) => string | undefined;
  readonly channel: (id: string) => string | undefined;
}

/**
 * A message's text as a person reads it: the bot's own mention is left out, other mentions become names, custom emoji
 * their word, times ISO dates (https://discord.com/developers/docs/reference#message-formatting).
 */
export function toPlainText(message: Pick<APIMessage, "content" | "mentions">, names: Names): string {
  const people = new Map(message.mentions.map((user) => [user.id, user.global_name ?? user.username]));
  return message.content
    .replace(/[ \t]*<@(!|&)?(\d+)>/g, (whole, kind: string | undefined, id: string) => {
      if (id === names.ownId || id === names.ownRoleId) return "";
      const name = kind === "&" ? names.role(id) : people.get(id);
      return whole.replace(/<.*>/, `@${name ?? "someone"}`);
    })
    .replace(/<#(\d+)>/g, (_, id: string) => `#${names.channel(id) ?? "channel"}`)
    .replace(/<a?:(\w+):\d+>/g, ":$1:")
    .replace(/<\/([^:>]+):\d+>/g, "/$1")
    .replace(/<t:(-?\d{1,13})(?::\w)?>/g, (whole, seconds: string) => {
      const time = new Date(Number(seconds) * 1000);
      return Number.isNaN(time.getTime()) ? whole : time.toISOString().replace(".000Z", "Z");
    })
    .trim();
}

/** What a message forwards: its own text and files are elsewhere. */
export function forwarded(message: APIMessage): readonly APIMessageSnapshotFields[] {
  if (message.message_reference?.type !== MessageReferenceType.Forward) return [];
  return (message.message_snapshots ?? []).map((snapshot) => snapshot.message);
}
