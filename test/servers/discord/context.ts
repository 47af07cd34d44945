import type { Cdn } from "./cdn.ts";
import type { Faults } from "./faults.ts";
import type { Json, Reply } from "./fault.ts";
import type { Channel, State } from "./state.ts";

/** What every part of the server shares. */
export interface ServerContext {
  readonly state: State;
  readonly faults: Faults;
  readonly cdn: Cdn;
  readonly now: () => number;
  /** Something that people can see is different now. */
  readonly changed: () => void;
  /** Address of the gateway: `ws://…`. */
  readonly gatewayUrl: () => string;
  readonly remainingIdentifies: () => number;
  readonly maxConcurrency: number;
  /** What `/gateway/bot` recommends. */
  readonly shards: number;
  readonly dispatch: (event: GatewayEvent) => void;
}

/** One event for every session whose intents ask for it. */
export interface GatewayEvent {
  readonly name: string;
  /** Any of these bits asks for it; 0 goes to everybody. */
  readonly intents: number;
  /** The channel must be visible to the bot. */
  readonly channel?: Channel;
  /** Where it happened, which decides the shard; by default that of the channel. Null: in a direct message. */
  readonly guildId?: string | null;
  /** Made for each session, as the intents decide what may be seen. */
  readonly data: (session: { readonly intents: number }) => Json;
}

export interface RouteCall {
  readonly context: ServerContext;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Json;
}

export interface Route {
  readonly method: string;
  /** `/channels/:channel/messages` */
  readonly path: string;
  readonly handle: (call: RouteCall) => Reply;
  /** Without the bot's token: interaction endpoints carry their own, and do not count against the global limit. */
  readonly isInteraction?: boolean;
}

export const INTENT = {
  guilds: 1 << 0,
  guildMembers: 1 << 1,
  guildPresences: 1 << 8,
  guildMessages: 1 << 9,
  directMessages: 1 << 12,
  messageContent: 1 << 15,
} as const;

export function intentOf(channel: Channel): number {
  return channel.guildId === null ? INTENT.directMessages : INTENT.guildMessages;
}
