import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { APPLICATION_ROUTES } from "./discord/application-routes.ts";
import { createCdn, type Cdn } from "./discord/cdn.ts";
import { CHANNEL_ROUTES } from "./discord/channel-routes.ts";
import { INTENT, type Route, type ServerContext } from "./discord/context.ts";
import { ApiFault, readJson, sendReply, toFaultReply, type Json, type Reply } from "./discord/fault.ts";
import { createFaults, type Faults } from "./discord/faults.ts";
import { createGateway, type Gateway } from "./discord/gateway.ts";
import { createControls, type Controls } from "./discord/interactions.ts";
import { INTERACTION_ROUTES } from "./discord/interaction-routes.ts";
import { MESSAGE_ROUTES } from "./discord/message-routes.ts";
import { tellNew } from "./discord/keep-message.ts";
import { createPeople, type People } from "./discord/people.ts";
import { createRateLimits, type RateLimitOptions } from "./discord/rate-limits.ts";
import { createState, type Channel, type Message, type State, type User } from "./discord/state.ts";
import { toText, transcriptOf, type SeenMessage } from "./discord/transcript.ts";
import { createWebSocketServer } from "./websocket-server.ts";

export interface DiscordServerOptions {
  readonly port?: number;
  readonly token?: string;
  /** Message Content is switched on in the developer portal; default yes. */
  readonly hasMessageContent?: boolean;
  readonly heartbeatIntervalMs?: number;
  readonly attachmentLifeMs?: number;
  /** The number of shards that is recommended; default 1. */
  readonly shards?: number;
  /** Sessions that may be started in five seconds; default 1. */
  readonly maxConcurrency?: number;
  /** Default 2,500; more need more shards. */
  readonly guildsPerShard?: number;
  readonly rateLimits?: Partial<RateLimitOptions>;
  /** The bot's user has another id than the application, as of those from before the two became one. */
  readonly hasOwnBotId?: boolean;
  /** A firewall takes the gateway's connections, and nothing comes through. */
  readonly isGatewaySwallowed?: boolean;
}

export interface DiscordServer {
  /** For `rest.api`: without the version. */
  readonly apiUrl: string;
  readonly token: string;
  readonly state: State;
  readonly bot: User;
  readonly gateway: Gateway;
  /** Handshakes with the gateway that are swallowed just now. */
  readonly swallowed: number;
  readonly faults: Faults;
  readonly cdn: Cdn;
  readonly people: People;
  readonly controls: Controls;
  /** `METHOD /path → status` of every request, oldest first. */
  readonly requests: readonly string[];
  readonly invalidRequests: number;
  /** Milliseconds since the epoch on the server's clock. */
  now(): number;
  /** Moves the server's clock on. */
  advance(ms: number): void;
  transcript(channel: Channel, person?: User): readonly SeenMessage[];
  /** The same as text, to look at. */
  transcriptText(channel: Channel, person?: User): string;
  /** The bot's messages of a channel as they are stored, oldest first. */
  botMessages(channel: Channel): readonly Message[];
  isTyping(channel: Channel): boolean;
  /** Tells the bot of a message once more. */
  deliverAgain(message: Message): void;
  /** Resolves as soon as `check` gives something; it is asked again after every change. */
  until<T>(check: () => T | undefined | false | null): Promise<T>;
  close(): Promise<void>;
}

const TYPING_LASTS_MS = 10_000;

/**
 * A Discord for tests: REST under `/api/v10`, the gateway, and the CDN for attachments, all on one port, as strict as
 * Discord about tokens, intents, permissions, limits, deadlines and expiring addresses. Nothing leaves the machine.
 */
export async function startDiscordServer(options: DiscordServerOptions = {}): Promise<DiscordServer> {
  let ahead = 0;
  const now = (): number => Date.now() + ahead;
  const grantedIntents = options.hasMessageContent === false ? 0 : INTENT.messageContent;
  const hasOwnBotId = options.hasOwnBotId === true;
  const state = createState({
    now,
    grantedIntents,
    hasOwnBotId,
    ...(options.token === undefined ? {} : { token: options.token }),
  });
  const routes = [...APPLICATION_ROUTES, ...CHANNEL_ROUTES, ...MESSAGE_ROUTES, ...INTERACTION_ROUTES];
  const requests: string[] = [];
  const watchers = new Set<() => void>();
  const faults = createFaults();
  const limits = createRateLimits(
    { limit: 100, windowMs: 1000, globalPerSecond: 50, invalidRequests: 10_000, ...options.rateLimits },
    now,
  );
  const http = createServer((request, out) => void answer(request, out));
  await new Promise<void>((resolve) => http.listen(options.port ?? 0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  const cdn = createCdn({
    base: () => `http://127.0.0.1:${port}`,
    now,
    lifeMs: options.attachmentLifeMs ?? 86_400_000,
    find: (id) => [...state.messages.values()].flatMap(({ files }) => files).find((file) => file.id === id),
  });
  const context: ServerContext = {
    state,
    faults,
    cdn,
    now,
    changed,
    gatewayUrl: () => `ws://127.0.0.1:${port}/gateway`,
    remainingIdentifies: () => gateway.remainingIdentifies,
    maxConcurrency: options.maxConcurrency ?? 1,
    shards: options.shards ?? 1,
    dispatch: (event) => gateway.dispatch(event),
  };
  const gateway = createGateway(context, {
    heartbeatIntervalMs: options.heartbeatIntervalMs ?? 41_250,
    maxConcurrency: context.maxConcurrency,
    ...(options.guildsPerShard === undefined ? {} : { guildsPerShard: options.guildsPerShard }),
  });
  const sockets = createWebSocketServer(http, {
    path: (path) => path.startsWith("/gateway"),
    verify: () => (options.isGatewaySwallowed === true ? "silence" : null),
    onConnection: (socket, request) => gateway.connect(socket, request),
  });
  const people = createPeople(context);

  function changed(): void {
    for (const check of watchers) check();
  }

  async function answer(request: IncomingMessage, out: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://localhost");
    const line = `${request.method} ${url.pathname.replace(/^\/api\/v10/, "")}`;
    const file = cdn.handle(url);
    const reply = file ?? (await toReply(request, url, line));
    if (file === undefined) limits.countInvalid(reply);
    requests.push(`${line} → ${reply.status}`);
    sendReply(out, reply);
    changed();
  }

  async function toReply(request: IncomingMessage, url: URL, line: string): Promise<Reply> {
    if (limits.isBanned)
      return { status: 429, bytes: Buffer.from("error code: 1015"), headers: { "retry-after": "3600" } };
    const path = url.pathname.replace(/^\/api\/v10/, "");
    const found = path === url.pathname ? undefined : findRoute(routes, request.method ?? "GET", path);
    try {
      const body = (await readJson(request)) as Json;
      if (found === undefined) throw new ApiFault(0, { status: 404, message: "404: Not Found" });
      const { route, params } = found;
      if (route.isInteraction !== true && request.headers.authorization !== `Bot ${state.app.token}`) {
        throw new ApiFault(0, { status: 401, message: "401: Unauthorized" });
      }
      const major = params["channel"] ?? params["guild"] ?? params["token"] ?? "";
      const { headers, refused } = limits.take(`${route.method} ${route.path}`, major, route.isInteraction === true);
      if (refused !== undefined) return { ...refused, headers: { ...headers, ...refused.headers } };
      const fault = faults.next(line);
      if (fault?.when === "before") return fault.reply;
      const reply = route.handle({ context, params, query: url.searchParams, body });
      return fault === undefined ? { ...reply, headers: { ...headers, ...reply.headers } } : fault.reply;
    } catch (error) {
      if (error instanceof ApiFault) return toFaultReply(error);
      throw error;
    }
  }

  return {
    apiUrl: `http://127.0.0.1:${port}/api`,
    token: state.app.token,
    state,
    bot: state.users.get(state.app.botId) ?? people.person("Docent", { isBot: true }),
    gateway,
    get swallowed() {
      return sockets.unanswered;
    },
    faults,
    cdn,
    people,
    controls: createControls(context, people),
    requests,
    get invalidRequests() {
      return limits.invalidRequests;
    },
    now,
    advance(ms) {
      ahead += ms;
      changed();
    },
    transcript: (channel, person) => transcriptOf(state, channel, person),
    transcriptText: (channel, person) => toText(transcriptOf(state, channel, person)),
    botMessages: (channel) =>
      [...state.messages.values()].filter((each) => each.channelId === channel.id && each.authorId === state.app.botId),
    deliverAgain: (message) => tellNew(context, message),
    isTyping: ({ typingAt }) => now() - typingAt < TYPING_LASTS_MS,
    until: (check) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          try {
            const value = check();
            if (value === undefined || value === false || value === null) return;
            watchers.delete(look);
            resolve(value);
          } catch (error) {
            watchers.delete(look);
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        };
        watchers.add(look);
        look();
      }),
    async close() {
      sockets.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; params: Record<string, string> } | undefined {
  const parts = path.split("/");
  for (const route of routes) {
    const pattern = route.path.split("/");
    if (route.method !== method || pattern.length !== parts.length) continue;
    const params: Record<string, string> = {};
    const fits = pattern.every((piece, index) => {
      const part = decodeURIComponent(parts[index] ?? "");
      if (!piece.startsWith(":")) return piece === part;
      params[piece.slice(1)] = part;
      return part !== "";
    });
    if (fits) return { route, params };
  }
  return undefined;
}
