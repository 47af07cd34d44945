/** Where an answer goes; stored with the turn. */
export interface ReplyTo {
  readonly guildId: string | null;
  readonly channelId: string;
  /** The message that is answered; null for an interaction, whose own message is looked up. */
  readonly messageId: string | null;
  readonly interaction: { readonly id: string; readonly token: string; readonly applicationId: string } | null;
  /** For the eyes of whoever used the command, as far as that goes. */
  readonly isPrivate?: boolean;
}

export function isReplyTo(value: unknown): value is ReplyTo {
  return typeof value === "object" && value !== null && "channelId" in value && "messageId" in value;
}
