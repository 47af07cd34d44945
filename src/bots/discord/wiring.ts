import type { REST } from "@discordjs/rest";
import type { Docent } from "../../core/ports/docent.ts";
import type { AskedMessages } from "./receiving/asked-messages.ts";
import type { Directory } from "./directory.ts";
import type { DiscordBotOptions } from "./discord-bot-options.ts";
import type { KeptSet } from "./kept-set.ts";
import type { JoinedThreads } from "./receiving/joined-threads.ts";
import type { Lanes } from "./receiving/lanes.ts";
import type { Progress } from "./posting/progress.ts";
import type { Watermarks } from "./receiving/watermarks.ts";

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
