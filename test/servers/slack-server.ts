import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { createDeliveries, type Delivery, type Transport } from "./slack/deliveries.ts";
import { answerFile } from "./slack/file-route.ts";
import { createHttpDelivery } from "./slack/http-delivery.ts";
import { createInteractions, type Interactions } from "./slack/interactions.ts";
import { answerMethod } from "./slack/methods.ts";
import { createPeople, type People } from "./slack/people.ts";
import { answerResponseUrl } from "./slack/response-url.ts";
import { createSocketMode, type SocketMode } from "./slack/socket-mode.ts";
import { readTranscript } from "./slack/transcript.ts";
import {
  addUser,
  createWorld,
  messagesOf,
  type Json,
  type SlackChannel,
  type SlackMessage,
  type SlackUser,
  type World,
  type WorldOptions,
} from "./slack/world.ts";

export interface SlackServer {
  /** What `SLACK_API_URL` is set to; ends in `/api/`. */
  readonly apiUrl: string;
  readonly world: World;
  readonly people: People;
  readonly interactions: Interactions;
  readonly sockets: SocketMode;
  readonly deliveries: readonly Delivery[];
  /** Where events go by HTTP from now on; for a server that was started with any `requestUrl`. */
  setRequestUrl(url: string): void;
  addUser(user: Partial<SlackUser> & Pick<SlackUser, "id">): SlackUser;
  addChannel(
    channel: Pick<SlackChannel, "id"> & Partial<Omit<SlackChannel, "members">> & { members?: string[] },
  ): SlackChannel;
  /** Tells the app any event. */
  tell(envelope: Json, via?: Transport): Delivery;
  /** What `viewer` sees in a channel, threads indented, reactions and buttons in brackets. */
  transcript(channel: string, viewer?: string): string;
  /** The bot's messages of a channel, oldest first; ephemeral ones too. */
  botMessages(channel: string): readonly SlackMessage[];
  /** Arguments of the calls of a method, oldest first. */
  callsOf(method: string): readonly { readonly args: Json; readonly error: string | null }[];
  /** Resolves when `condition` gives something; looks again whenever something happens here. */
  until<T>(condition: () => T | undefined | null | false): Promise<T>;
  close(): Promise<void>;
}

/**
 * Starts a server that speaks the part of Slack that Docent uses: Web API, Socket Mode, signed HTTP delivery, files,
 * response URLs. It keeps what it is given and is as strict as the vendor. Nothing leaves the machine.
 */
export async function startSlackServer(options: WorldOptions = {}): Promise<SlackServer> {
  const world = createWorld(options);
  const http = createServer((request, out) => {
    route(world, sockets, request, out).catch((error: unknown) => {
      out.writeHead(500).end(String(error));
    });
  });
  const sockets = createSocketMode(world, http);
  world.url = await listen(http);
  let requestUrl = world.options.requestUrl ?? "";
  const transport = world.options.requestUrl === null ? sockets : createHttpDelivery(world, () => requestUrl);
  const deliveries = createDeliveries(world, transport);

  return {
    apiUrl: `${world.url}/api/`,
    world,
    sockets,
    people: createPeople(world, deliveries),
    interactions: createInteractions(world, deliveries),
    deliveries: deliveries.all,
    setRequestUrl(url) {
      requestUrl = url;
    },
    addUser: (user) => addUser(world, user),
    addChannel(channel) {
      const { members = [], ...rest } = channel;
      const everyone = new Set([world.botUserId, ...members]);
      const added: SlackChannel = {
        name: channel.id.toLowerCase(),
        kind: "channel",
        isExtShared: false,
        isArchived: false,
        ...rest,
        members: everyone,
      };
      world.channels.set(added.id, added);
      return added;
    },
    tell: (envelope, via) => deliveries.deliver("events_api", envelope, via),
    transcript: (channel, viewer) => readTranscript(world, channel, viewer),
    botMessages: (channel) =>
      messagesOf(world, channel).filter(({ user, isDeleted }) => user === world.botUserId && !isDeleted),
    callsOf: (method) => world.calls.filter((call) => call.method === method),
    until: (condition) =>
      new Promise((resolve) => {
        let forget = (): void => undefined;
        const look = (): void => {
          const found = condition();
          if (found === undefined || found === null || found === false) return;
          forget();
          resolve(found);
        };
        forget = world.onChange(look);
        look();
      }),
    async close() {
      deliveries.stop();
      transport.stop();
      sockets.stop();
      http.closeAllConnections();
      await new Promise<void>((resolve) => void http.close(() => resolve()));
    },
  };
}

async function route(world: World, sockets: SocketMode, request: IncomingMessage, out: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  const method = /^\/api\/([\w.]+)$/.exec(path)?.[1];
  if (method === "apps.connections.open") return await sockets.answerOpen(request, out);
  if (method !== undefined) return await answerMethod(world, method, request, out);
  if (path.startsWith("/response/")) return await answerResponseUrl(world, request, out);
  if (path.startsWith("/files-pri/")) return answerFile(world, request, out);
  out.writeHead(404).end("Not found");
}

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
