import type { KeyValue } from "../../core/ports/stores.ts";
import type { Bulletin, Clock, Lock, Log, Metrics } from "../../core/ports/system.ts";

/** What the bot keeps between starts and shares with other replicas: small JSON under keys of its own. */
export type Kept = string | boolean | readonly string[] | { readonly [key: string]: string | readonly string[] };

/** The shards that this replica serves, of how many in all. */
export interface ShardPlan {
  readonly ids: readonly number[];
  readonly total: number;
}

export interface DiscordBotOptions {
  readonly token: string;
  /** Another address of Discord's REST API, without the version; its host may then also serve attachments. */
  readonly apiUrl?: string | undefined;
  /** `auto`: all shards, as many as Discord recommends. */
  readonly shards: "auto" | ShardPlan;
  readonly conversationPer: "channel" | "thread";
  readonly readUploads: "asked" | "at-once" | "off";
  /** Larger files are refused without fetching them. */
  readonly maxFileMb: number;
  /** How far messages were seen, which commands are registered, which threads Docent takes part in. */
  readonly seen: KeyValue<Kept>;
  /** Both over all replicas. */
  readonly lock: Lock;
  readonly bulletin: Bulletin;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** The language of our own sentences; `auto` follows the person, then the server. */
  readonly language: string;
}
