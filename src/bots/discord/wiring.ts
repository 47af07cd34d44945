import type { REST } from "@discordjs/rest";
import type { Docent } from "../../core/ports/docent.ts";
import type { AskedMessages } from "./asked-messages.ts";
import type { Directory } from "./directory.ts";
import type { DiscordBotOptions } from "./discord-bot-options.ts";
import type { KeptSet } from "./kept-set.ts";
import type { JoinedThreads } from "./joined-threads.ts";
import type { Lanes } from "./lanes.ts";
import type { Progress } from "./progress.ts";
import type { Watermarks } from "./watermarks.ts";

/** What the parts of the bot share. */
export interface Wiring {
  readonly options: DiscordBotOptions;
  readonly rest: REST;
  readonly directory: Directory;
  readonly lanes: Lanes;
  readonly watermarks: Watermarks;
  readonly threads: JoinedThreads;
  /** Direct messages: the gateway does not list them. */
  readonly directs: KeptSet;
  readonly asked: AskedMessages;
  readonly progress: Progress;
  /** Aborts when the bot stops: nothing is tried again after that. */
  readonly stopping: AbortSignal;
  readonly docent: () => Docent;
  readonly seesContent: () => boolean;
  /** Commands that core has taken and this replica has not told Discord of yet: only after that they can be answered. */
  readonly unacknowledged: Map<string, Promise<void>>;
  /** The bot's own ids, known from READY. */
  readonly self: () => Self;
}

export interface Self {
  readonly userId: string;
  readonly applicationId: string;
}

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
