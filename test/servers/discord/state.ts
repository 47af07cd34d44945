import { createSnowflakes } from "./snowflake.ts";
import type { Json } from "./fault.ts";

export interface User {
  readonly id: string;
  readonly name: string;
  readonly isBot: boolean;
}

export interface Guild {
  readonly id: string;
  readonly name: string;
  readonly preferredLocale: string;
  /** The role that came with the bot: picking it in the client instead of the bot is a common slip. */
  readonly botRoleId: string;
  botPermissions: bigint;
  /** Permissions of each person. */
  readonly members: Map<string, { permissions: bigint; nick: string | null }>;
}

/** Discord's channel types that Docent can meet. */
export const CHANNEL_TYPE = { text: 0, dm: 1, publicThread: 11, privateThread: 12, forum: 15 } as const;

export type ChannelKind = keyof typeof CHANNEL_TYPE;

export interface Channel {
  readonly id: string;
  readonly kind: ChannelKind;
  readonly guildId: string | null;
  readonly parentId: string | null;
  readonly name: string;
  readonly ownerId: string | null;
  /** The person of a DM. */
  readonly recipientId: string | null;
  isArchived: boolean;
  isLocked: boolean;
  /** Permissions that this channel takes from the bot. */
  deniedToBot: bigint;
  lastMessageId: string | null;
  /** When somebody (the bot) last began to type, and how often. */
  typingAt: number;
  typings: number;
}

export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly durationSeconds: number | null;
  readonly isEphemeral: boolean;
}

export interface Message {
  readonly id: string;
  readonly channelId: string;
  readonly authorId: string;
  readonly webhookId: string | null;
  readonly type: number;
  readonly createdAt: number;
  readonly files: readonly StoredFile[];
  readonly replyTo: string | null;
  readonly mentions: readonly string[];
  readonly mentionedRoles: readonly string[];
  /** Who would have got a notification. */
  readonly pinged: readonly string[];
  readonly nonce: string | null;
  /** The person who alone sees it. */
  readonly onlyFor: string | null;
  readonly interactionId: string | null;
  content: string;
  components: readonly Json[];
  flags: number;
  editedAt: number | null;
  edits: number;
  /** A deferred answer: "Docent is thinking…". */
  isThinking: boolean;
  readonly reactions: Map<string, Set<string>>;
}

export interface Interaction {
  readonly id: string;
  readonly token: string;
  readonly type: number;
  readonly userId: string;
  readonly channelId: string;
  readonly createdAt: number;
  readonly sourceMessageId: string | null;
  /** The callback type, once it was answered. */
  answeredWith: number | null;
  isEphemeral: boolean;
  /** The message of `@original`. */
  responseId: string | null;
  modal: Json | null;
}

export interface Application {
  readonly id: string;
  /** Of the bot's user; mostly the same. */
  readonly botId: string;
  token: string;
  /** Privileged intents that are switched on in the developer portal. */
  grantedIntents: number;
  commands: readonly (Json & { readonly id: string; readonly version: string; readonly name: string })[];
  /** How often the commands were replaced. */
  commandWrites: number;
  identifies: number;
  /** Where interactions are sent by HTTP instead of the gateway; null: nowhere. */
  interactionsUrl: string | null;
  /** The invite link alone does not add the bot. */
  requiresCodeGrant: boolean;
}

export interface State {
  readonly nextId: () => string;
  readonly app: Application;
  readonly users: Map<string, User>;
  readonly guilds: Map<string, Guild>;
  readonly channels: Map<string, Channel>;
  readonly messages: Map<string, Message>;
  readonly interactions: Map<string, Interaction>;
}

export function createState(options: {
  now: () => number;
  token?: string;
  grantedIntents: number;
  hasOwnBotId: boolean;
}): State {
  const nextId = createSnowflakes(options.now);
  const id = nextId();
  const botId = options.hasOwnBotId ? nextId() : id;
  const token = options.token ?? `${Buffer.from(id).toString("base64url")}.test.secret-of-this-bot`;
  const bot: User = { id: botId, name: "Docent", isBot: true };
  return {
    nextId,
    app: {
      id,
      botId,
      token,
      grantedIntents: options.grantedIntents,
      commands: [],
      commandWrites: 0,
      identifies: 0,
      interactionsUrl: null,
      requiresCodeGrant: false,
    },
    users: new Map([[botId, bot]]),
    guilds: new Map(),
    channels: new Map(),
    messages: new Map(),
    interactions: new Map(),
  };
}

export function isThread({ kind }: Channel): boolean {
  return kind === "publicThread" || kind === "privateThread";
}
