import type { KeyValue } from "../../core/ports/stores.ts";
import type { Clock, Log, Metrics } from "../../core/ports/system.ts";

/** What the bot keeps between starts: small JSON under keys of its own. */
export type Kept = string | boolean | readonly string[] | { readonly [key: string]: string | readonly string[] };

export interface DiscordBotOptions {
  readonly token: string;
  /** Another address of Discord's REST API, without the version; its host may then also serve attachments. */
  readonly apiUrl?: string | undefined;
  readonly conversationPer: "channel" | "thread";
  readonly readUploads: "asked" | "at-once" | "off";
  /** Larger files are refused without fetching them. */
  readonly maxFileMb: number;
  /** How far messages were seen, which commands are registered, which threads Docent takes part in. */
  readonly seen: KeyValue<Kept>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** The language of our own sentences; `auto` follows the person, then the server. */
  readonly language: string;
}
