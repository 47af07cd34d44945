import type { Json } from "./fault.ts";
import { bySnowflake } from "./snowflake.ts";
import type { Channel, Message, State, User } from "./state.ts";

/** A message as people see it. */
export interface SeenMessage {
  readonly id: string;
  readonly author: string;
  readonly text: string;
  readonly files: readonly string[];
  readonly replyTo: string | null;
  readonly reactions: Readonly<Record<string, readonly string[]>>;
  readonly buttons: readonly string[];
  /** The one person who sees it. */
  readonly onlyFor: string | null;
  /** Who was notified, by name. */
  readonly pinged: readonly string[];
  readonly isEdited: boolean;
  /** "Docent is thinking…" */
  readonly isThinking: boolean;
}

/** What a channel shows, oldest first; the ephemeral answers of everybody, marked, unless one person looks. */
export function transcriptOf(state: State, channel: Channel, person?: User): readonly SeenMessage[] {
  return [...state.messages.values()]
    .filter(({ channelId }) => channelId === channel.id)
    .filter(({ onlyFor }) => person === undefined || onlyFor === null || onlyFor === person.id)
    .toSorted(bySnowflake)
    .map((message) => toSeen(state, message));
}

function toSeen(state: State, message: Message): SeenMessage {
  const nameOf = (id: string): string => state.users.get(id)?.name ?? id;
  const buttons = message.components.flatMap((row) => row["components"] as readonly Json[]);
  return {
    id: message.id,
    author: nameOf(message.authorId),
    text: message.content,
    files: message.files.map(({ name }) => name),
    replyTo: message.replyTo,
    reactions: Object.fromEntries([...message.reactions].map(([emoji, users]) => [emoji, [...users].map(nameOf)])),
    buttons: buttons.filter((button) => button["disabled"] !== true).map((button) => String(button["label"])),
    onlyFor: message.onlyFor === null ? null : nameOf(message.onlyFor),
    pinged: message.pinged.map(nameOf),
    isEdited: message.editedAt !== null,
    isThinking: message.isThinking,
  };
}

/** The transcript as text, for a person who reads a test's output. */
export function toText(messages: readonly SeenMessage[]): string {
  return messages
    .map(({ author, text, files, buttons, reactions, onlyFor, isThinking }) => {
      const lines = [
        `${author}${onlyFor === null ? "" : ` (only ${onlyFor} sees this)`}: ${isThinking ? "is thinking…" : text}`,
        ...files.map((name) => `  [file ${name}]`),
        ...Object.entries(reactions).map(([emoji, names]) => `  ${emoji} ${names.join(", ")}`),
        ...(buttons.length === 0 ? [] : [`  ${buttons.map((label) => `[${label}]`).join(" ")}`]),
      ];
      return lines.join("\n");
    })
    .join("\n");
}
