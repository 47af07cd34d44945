import type { KeyValue } from "../../core/ports/stores.ts";
import type { Bulletin, Clock, Lock, Log, Metrics } from "../../core/ports/system.ts";

export type SlackMode =
  | { readonly kind: "socket"; readonly appToken: string }
  | { readonly kind: "http"; readonly signingSecret: string };

export interface SlackBotOptions {
  readonly botToken: string;
  readonly mode: SlackMode;
  /** Another address for the Web API, ending in `/`; its host may then also serve files. */
  readonly apiUrl?: string | undefined;
  readonly conversationPer: "channel" | "thread";
  readonly readUploads: "asked" | "at-once" | "off";
  /** A file that is larger is refused without being fetched. */
  readonly maxFileMb?: number;
  /** What the bot must not forget: see `memory.ts`. Grows by a few hundred bytes with each question. */
  readonly seen: KeyValue<unknown>;
  /** Both over all replicas. */
  readonly lock: Lock;
  readonly bulletin: Bulletin;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** A language of `core/texts`, or `auto`: that of the person. */
  readonly language: string;
}
