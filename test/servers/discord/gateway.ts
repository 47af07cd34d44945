import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { ServerSocket } from "../websocket-server.ts";
import { INTENT, type GatewayEvent, type ServerContext } from "./context.ts";
import type { Json } from "./fault.ts";
import { CLOSE, OP, shardOf } from "./gateway-protocol.ts";
import { can } from "./permissions.ts";
import type { Guild } from "./state.ts";
import { toGuild, toUser } from "./views.ts";

const ALL_INTENTS = (1 << 26) - 1;
const PRIVILEGED = INTENT.guildMembers | INTENT.guildPresences | INTENT.messageContent;
const SESSION_STARTS_PER_DAY = 1000;
const SENDS_PER_MINUTE = 120;
const IDENTIFY_WINDOW_MS = 5000;
const GUILDS_PER_SHARD = 2500;

interface Session {
  readonly id: string;
  readonly intents: number;
  /** Number and total. */
  readonly shard: readonly [number, number];
  readonly events: { readonly s: number; readonly text: string }[];
  socket: ServerSocket | null;
  isOver: boolean;
  isFrozen: boolean;
}

export interface Gateway {
  connect(socket: ServerSocket, request: IncomingMessage): void;
  dispatch(event: GatewayEvent): void;
  readonly remainingIdentifies: number;
  /** Sessions that have a connection now. */
  readonly connected: number;
  readonly identifies: number;
  /** Session starts that were refused because they came too soon after another. */
  readonly hasty: number;
  /** `0/1` and so on, of the sessions that have a connection now. */
  readonly shards: readonly string[];
  readonly resumes: number;
  /** Cuts the connections, as a lost network does; sessions can be resumed. */
  drop(): void;
  /** Asks every client to reconnect and resume (op 7). */
  askToReconnect(): void;
  /** Ends every session (op 9); nothing can be resumed. */
  invalidate(): void;
  /** The next attempts to resume are refused (op 9, not resumable). */
  refuseResumes(count: number): void;
  /** Connections stay open, but nothing comes through and no heartbeat is answered. */
  freeze(): void;
  /** Uses up today's session starts but so many. */
  leaveIdentifies(count: number): void;
}

/** The gateway (topics/gateway.mdx): identify, heartbeats, sequence numbers, resume with replay, intents, close codes. */
export function createGateway(
  context: ServerContext,
  options: { readonly heartbeatIntervalMs: number; readonly maxConcurrency: number; readonly guildsPerShard?: number },
): Gateway {
  const { state } = context;
  const known = new Map<string, Session>();
  let remaining = SESSION_STARTS_PER_DAY;
  let refusals = 0;
  let resumes = 0;
  let hasty = 0;
  /** When the last session of each key of the rate limit was started. */
  const identifiedAt = new Map<number, number>();

  function live(): readonly Session[] {
    return [...known.values()].filter(({ socket, isOver }) => socket !== null && !isOver);
  }

  function push(session: Session, name: string, data: Json): void {
    const s = (session.events.at(-1)?.s ?? 0) + 1;
    const text = JSON.stringify({ op: OP.dispatch, t: name, s, d: data });
    session.events.push({ s, text });
    if (!session.isFrozen) session.socket?.send(text);
  }

  function identify(socket: ServerSocket, data: Json): Session | null {
    const intents = Number(data["intents"]);
    if (data["token"] !== state.app.token) return refuse(socket, CLOSE.authenticationFailed, "Authentication failed.");
    if (!Number.isInteger(intents) || (intents & ~ALL_INTENTS) !== 0) {
      return refuse(socket, CLOSE.invalidIntents, "Invalid intent(s).");
    }
    const [number, total] = (data["shard"] ?? [0, 1]) as readonly [number, number];
    if (!Number.isInteger(number) || !Number.isInteger(total) || number < 0 || number >= total) {
      return refuse(socket, CLOSE.invalidShard, "Invalid shard.");
    }
    const key = number % options.maxConcurrency;
    if (context.now() - (identifiedAt.get(key) ?? 0) < IDENTIFY_WINDOW_MS) {
      hasty += 1;
      socket.send(JSON.stringify({ op: OP.invalid, d: false, s: null, t: null }));
      return null;
    }
    identifiedAt.set(key, context.now());
    remaining -= 1;
    state.app.identifies += 1;
    if (remaining < 0) {
      // Too many session starts: Discord resets the token.
      state.app.token = "reset because of too many session starts";
      return refuse(socket, CLOSE.authenticationFailed, "Authentication failed.");
    }
    if ((intents & PRIVILEGED & ~state.app.grantedIntents) !== 0) {
      return refuse(socket, CLOSE.disallowedIntents, "Disallowed intent(s).");
    }
    const guilds = [...state.guilds.values()].filter((guild) => shardOf(guild.id, total) === number);
    if (guilds.length > (options.guildsPerShard ?? GUILDS_PER_SHARD)) {
      return refuse(socket, CLOSE.shardingRequired, "Sharding required.");
    }
    const shard = [number, total] as const;
    const session: Session = { id: randomUUID(), intents, shard, events: [], socket, isOver: false, isFrozen: false };
    known.set(session.id, session);
    push(session, "READY", {
      v: 10,
      user: toUser(state.users.get(state.app.botId)),
      guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: context.gatewayUrl(),
      shard,
      application: { id: state.app.id, flags: 0 },
    });
    for (const guild of guilds) greet(session, guild);
    context.changed();
    return session;
  }

  function greet(session: Session, guild: Guild): void {
    if ((session.intents & INTENT.guilds) !== 0) push(session, "GUILD_CREATE", toGuild(state, guild));
  }

  function resume(socket: ServerSocket, data: Json): Session | null {
    if (data["token"] !== state.app.token) return refuse(socket, CLOSE.authenticationFailed, "Authentication failed.");
    const session = known.get(String(data["session_id"]));
    if (refusals > 0 || session === undefined || session.isOver) {
      refusals = Math.max(0, refusals - 1);
      if (session !== undefined) session.isOver = true;
      socket.send(JSON.stringify({ op: OP.invalid, d: false, s: null, t: null }));
      return null;
    }
    const seq = Number(data["seq"]);
    if (seq > (session.events.at(-1)?.s ?? 0)) return refuse(socket, CLOSE.invalidSequence, "Invalid seq.");
    session.socket = socket;
    session.isFrozen = false;
    resumes += 1;
    for (const { s, text } of session.events) if (s > seq) socket.send(text);
    push(session, "RESUMED", {});
    context.changed();
    return session;
  }

  return {
    get remainingIdentifies() {
      return Math.max(0, remaining);
    },
    get connected() {
      return live().length;
    },
    get identifies() {
      return state.app.identifies;
    },
    get hasty() {
      return hasty;
    },
    get shards() {
      return live().map(({ shard }) => shard.join("/"));
    },
    get resumes() {
      return resumes;
    },
    connect(socket, request) {
      const url = new URL(request.url ?? "/", "http://localhost");
      if (url.searchParams.get("v") !== "10" || url.searchParams.get("encoding") !== "json") {
        refuse(socket, CLOSE.invalidApiVersion, "Invalid API version.");
        return;
      }
      let session: Session | null = null;
      const sends: number[] = [];
      socket.send(
        JSON.stringify({ op: OP.hello, d: { heartbeat_interval: options.heartbeatIntervalMs }, s: null, t: null }),
      );
      socket.onMessage(take);
      function take(text: string): void {
        sends.push(context.now());
        while ((sends[0] ?? 0) < context.now() - 60_000) sends.shift();
        if (sends.length > SENDS_PER_MINUTE) return void refuse(socket, CLOSE.rateLimited, "Rate limited.");
        const payload = parse(text);
        if (payload === null) return void refuse(socket, CLOSE.decodeError, "Error while decoding payload.");
        const { op, d } = payload;
        if (op === OP.heartbeat && session?.isFrozen === true) return;
        if (op === OP.heartbeat) return socket.send(JSON.stringify({ op: OP.ack, d: null, s: null, t: null }));
        if (op === OP.identify || op === OP.resume) {
          if (session !== null) return void refuse(socket, CLOSE.alreadyAuthenticated, "Already authenticated.");
          session = op === OP.identify ? identify(socket, d as Json) : resume(socket, d as Json);
          return;
        }
        if (session === null) return void refuse(socket, CLOSE.notAuthenticated, "Not authenticated.");
        if (op !== 3 && op !== 4 && op !== 8) refuse(socket, CLOSE.unknownOpcode, "Unknown opcode.");
      }
      socket.onClose(({ code, by }) => {
        if (session === null || session.socket !== socket) return;
        session.socket = null;
        // A client that says goodbye with 1000 or 1001 ends its session.
        if (by === "client" && (code === 1000 || code === 1001)) session.isOver = true;
        context.changed();
      });
    },
    dispatch(event) {
      const guildId = event.guildId ?? event.channel?.guildId;
      if (event.channel !== undefined && !can(state, event.channel, "viewChannel")) return;
      for (const session of known.values()) {
        if (guildId !== undefined && shardOf(guildId, session.shard[1]) !== session.shard[0]) continue;
        if (session.isOver || (event.intents !== 0 && (session.intents & event.intents) === 0)) continue;
        push(session, event.name, event.data(session));
      }
    },
    drop() {
      for (const { socket } of live()) socket?.terminate();
    },
    askToReconnect() {
      for (const { socket } of live()) socket?.send(JSON.stringify({ op: OP.reconnect, d: null, s: null, t: null }));
    },
    invalidate() {
      for (const session of live()) {
        session.isOver = true;
        session.socket?.send(JSON.stringify({ op: OP.invalid, d: false, s: null, t: null }));
      }
    },
    refuseResumes: (count) => void (refusals = count),
    freeze() {
      for (const session of live()) session.isFrozen = true;
    },
    leaveIdentifies: (count) => void (remaining = count),
  };
}

function refuse(socket: ServerSocket, code: number, reason: string): null {
  socket.close(code, reason);
  return null;
}

function parse(text: string): { op: unknown; d: unknown } | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "op" in value ? { d: null, ...value } : null;
  } catch {
    return null;
  }
}
