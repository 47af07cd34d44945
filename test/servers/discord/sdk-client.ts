import { WebSocketManager, type SessionInfo } from "@discordjs/ws";
import { DiscordAPIError, REST } from "@discordjs/rest";
import { GatewayIntentBits } from "discord-api-types/v10";
import type { DiscordServer } from "../discord-server.ts";
import type { Channel, User } from "./state.ts";

export const INTENTS: number =
  GatewayIntentBits.Guilds | GatewayIntentBits.GuildMessages | GatewayIntentBits.DirectMessages;

/** The true SDK, with what it has received. */
export interface SdkClient {
  readonly rest: REST;
  readonly manager: WebSocketManager;
  readonly events: { readonly t: string; readonly d: Record<string, unknown> }[];
  readonly closes: number[];
  readonly connect: () => Promise<void>;
  /** Resolves with all events of a name as soon as there are so many. */
  readonly received: (name: string, count?: number) => Promise<readonly Record<string, unknown>[]>;
}

export function createSdkClient(
  server: DiscordServer,
  options: { intents?: number; token?: string; retries?: number } = {},
): SdkClient {
  const token = options.token ?? server.token;
  const rest = new REST({ api: server.apiUrl, version: "10", retries: options.retries ?? 0 }).setToken(token);
  let session: SessionInfo | null = null;
  const manager = new WebSocketManager({
    token,
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the SDK types a set of bits as one of them
    intents: options.intents ?? INTENTS,
    // A refused token would be dropped from it, and the gateway is what such a test is about.
    rest: new REST({ api: server.apiUrl, version: "10", retries: 0 }).setToken(server.token),
    retrieveSessionInfo: () => session,
    updateSessionInfo: (_, info) => void (session = info),
  });
  const events: SdkClient["events"] = [];
  const closes: number[] = [];
  manager.on("dispatch", ({ data }) => events.push(data as never));
  manager.on("closed", ({ code }) => closes.push(code));
  manager.on("error", () => undefined);
  return {
    rest,
    manager,
    events,
    closes,
    connect: () => manager.connect(),
    received: (name, count = 1) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = events.filter(({ t }) => t === name).map(({ d }) => d);
          if (found.length >= count) resolve(found);
        };
        manager.on("dispatch", look);
        look();
      }),
  };
}

/** The code with which Discord refuses. */
export async function codeOf(promise: Promise<unknown>): Promise<number | string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof DiscordAPIError ? error.code : `not refused: ${String(error)}`;
}

/** Kim in a channel of a server. */
export function setScene(server: DiscordServer): { kim: User; channel: Channel } {
  const kim = server.people.person("Kim");
  const guild = server.people.guild("Acme");
  server.people.join(kim, guild);
  return { kim, channel: server.people.channel(guild, "general") };
}
