import { WebSocketManager, WebSocketShardEvents, type SessionInfo } from "@discordjs/ws";
import { DiscordAPIError } from "@discordjs/rest";
import { GatewayCloseCodes, GatewayIntentBits } from "discord-api-types/v10";
import type { REST } from "@discordjs/rest";
import type { GatewayDispatchPayload } from "discord-api-types/v10";
import type { Readiness } from "../../../core/ports/readiness.ts";
import type { Clock, Log, Metrics } from "../../../core/ports/system.ts";
import type { ShardPlan } from "../discord-bot-options.ts";
import type { IdentifySlots } from "./identify-slots.ts";

/** Message Content is asked for, and done without where it is not granted. */
export const INTENTS = GatewayIntentBits.Guilds | GatewayIntentBits.GuildMessages | GatewayIntentBits.DirectMessages;

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
/** How long `start` waits for READY; connecting goes on after that. */
const START_WITHIN_MS = 10_000;

/** For the log and the check: what Docent cannot see, and what to click. */
export const NO_CONTENT_HINT =
  "Docent sees only messages that mention it, ping it by a reply or are direct: the Message Content Intent is off. " +
  "To let it note files and follow threads, switch it on (Developer Portal → your application → Bot → Message Content " +
  "Intent) and restart Docent. Until then, people can use “Apps → Ask Docent about this” on any message.";
/** Discord takes one attempt in five seconds: so long people would read "not connected". */
const NO_CONTENT_YET =
  "Discord: connecting within seconds, without the Message Content Intent, which is off: the bot will see only messages " +
  "that mention it or are direct. To change that, switch it on (Developer Portal → your application → Bot → Message " +
  "Content Intent) and restart Docent.";
const WRONG_SHARDS =
  "Discord refused the shards. Make DISCORD_SHARDS “auto”, or raise its total: one shard serves at most 2,500 servers.";
const WRONG_TOKEN =
  "Discord refused the token. Get a new one (Developer Portal → your application → Bot → Reset Token), set it as DISCORD_TOKEN and restart Docent.";

export interface Connection {
  /** Resolves when all shards are connected, or when they cannot be yet and it goes on trying. */
  start(): Promise<void>;
  stop(): Promise<void>;
  check(): Readiness;
  /** Shards that are connected now. */
  readonly connected: number;
  /** False when Discord empties messages that do not concern the bot. */
  readonly seesContent: boolean;
}

type Outcome = "stopped" | "wrong-token" | "no-content" | "wrong-shards" | "lost";

/** What a close code means for us; undefined when the SDK comes back by itself. */
export const OUTCOMES: Readonly<Record<number, Outcome>> = {
  [GatewayCloseCodes.AuthenticationFailed]: "wrong-token",
  [GatewayCloseCodes.DisallowedIntents]: "no-content",
  [GatewayCloseCodes.InvalidIntents]: "lost",
  [GatewayCloseCodes.InvalidShard]: "wrong-shards",
  [GatewayCloseCodes.ShardingRequired]: "wrong-shards",
  [GatewayCloseCodes.InvalidAPIVersion]: "lost",
};

/**
 * Keeps the gateway connected. The SDK resumes and reconnects by itself; what it gives up on comes back here: a token
 * that is refused (4004), an intent that is not granted (4014), a REST API that does not answer.
 */
export function createConnection(options: {
  readonly token: string;
  readonly createRest: () => REST;
  readonly shards: "auto" | ShardPlan;
  readonly slots: IdentifySlots;
  /** Which shards are about to connect; awaited before any of them does. */
  readonly onPlan: (plan: ShardPlan) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly onDispatch: (payload: GatewayDispatchPayload, shardId: number) => void;
}): Connection {
  const { clock, log, metrics } = options;
  const stopping = new AbortController();
  /** Shards that are connected. */
  const up = new Set<number>();
  let readiness: Readiness = { ready: false, reason: "Discord: not connected yet." };
  let seesContent = true;
  let running: Promise<void> = Promise.resolve();
  let settle: () => void = () => undefined;

  async function run(): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; !stopping.signal.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      const { outcome, wasUp } = await connect();
      if (outcome === "stopped") return;
      if (outcome === "wrong-token") {
        // Asking again cannot help, and 10,000 refused requests get the whole address banned.
        readiness = { ready: false, reason: WRONG_TOKEN };
        log.error(`discord: ${WRONG_TOKEN}`);
        settle();
        return;
      }
      if (outcome === "no-content" && seesContent) {
        seesContent = false;
        readiness = { ready: false, reason: NO_CONTENT_YET };
        log.warn(`discord: ${NO_CONTENT_HINT}`);
        continue;
      }
      if (outcome === "wrong-shards") {
        readiness = { ready: false, reason: WRONG_SHARDS };
        log.error(`discord: ${WRONG_SHARDS}`);
      }
      settle();
      if (wasUp) pauseMs = FIRST_PAUSE_MS;
      log.warn("discord: not connected; trying again.", { inMs: pauseMs });
      await clock.sleep(pauseMs, stopping.signal).catch(() => undefined);
    }
  }

  /** One life of a connection; ends when the SDK gives up. */
  async function connect(): Promise<{ outcome: Outcome; wasUp: boolean }> {
    const sessions = new Map<number, SessionInfo | null>();
    let plan: ShardPlan = { ids: [], total: 0 };
    let isOver = false;
    let wasUp = false;
    up.clear();
    const manager = new WebSocketManager({
      token: options.token,
      // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the SDK types a set of bits as one of them
      intents: seesContent ? INTENTS | GatewayIntentBits.MessageContent : INTENTS,
      rest: options.createRest(),
      ...(options.shards === "auto" ? {} : { shardIds: [...options.shards.ids], shardCount: options.shards.total }),
      // The SDK's own keeps to the limit within one process.
      async buildIdentifyThrottler(own) {
        const { max_concurrency: keys } = (await own.fetchGatewayInformation()).session_start_limit;
        return {
          waitForIdentify: (shardId, signal) =>
            // The rest of the program does not wait for that.
            options.slots.wait(shardId % keys, AbortSignal.any([signal, stopping.signal]), settle),
        };
      },
      // The SDK's default store is shared by the whole process. A shard that is destroyed while it connects connects
      // again; this is the question it asks first, and what is over never gets an answer.
      retrieveSessionInfo: (shardId) => (isOver ? new Promise(() => undefined) : (sessions.get(shardId) ?? null)),
      updateSessionInfo: (shardId, info) => void sessions.set(shardId, info),
    });
    const outcome = await new Promise<Outcome>((resolve) => {
      stopping.signal.addEventListener("abort", () => resolve("stopped"), { once: true });
      manager.on(WebSocketShardEvents.Closed, ({ code, shardId }) => {
        if (isOver) return;
        up.delete(shardId);
        metrics.count("gateway_closed_total", { bot: "discord", code: String(code) });
        const final = OUTCOMES[code];
        if (final !== undefined) return resolve(final);
        const which = plan.total > 1 ? `the connection of shard ${shardId}` : "the connection";
        readiness = { ready: false, reason: `Discord: ${which} was lost (${code}); reconnecting.` };
      });
      // What matters of it comes as a close code.
      manager.on(WebSocketShardEvents.Error, ({ error }) => log.debug("discord: the gateway failed.", { error }));
      const onUp = (shardId: number): void => {
        up.add(shardId);
        wasUp = true;
        readiness = toReadiness(plan);
        if (readiness.ready) settle();
      };
      manager.on(WebSocketShardEvents.Ready, ({ shardId }) => onUp(shardId));
      manager.on(WebSocketShardEvents.Resumed, ({ shardId }) => onUp(shardId));
      manager.on(WebSocketShardEvents.Dispatch, ({ data, shardId }) => {
        if (!isOver) options.onDispatch(data, shardId);
      });
      const begin = async (): Promise<void> => {
        plan = { ids: await manager.getShardIds(), total: await manager.getShardCount() };
        await options.onPlan(plan);
        if (!isOver) await manager.connect();
      };
      begin().catch((error: unknown) => {
        if (error instanceof DiscordAPIError && error.status === 401) return resolve("wrong-token");
        const reason = error instanceof Error ? error.message : String(error);
        if (!isOver) readiness = { ready: false, reason: `Discord: could not connect (${reason}); trying again.` };
        // A close code says more than the error that follows it: it comes first.
        setImmediate(() => resolve("lost"));
      });
    });
    isOver = true;
    const wereUp = wasUp && up.size === plan.ids.length;
    up.clear();
    const closed = Promise.resolve(manager.destroy()).catch((error: unknown) =>
      log.debug("discord: closing the gateway failed.", { error }),
    );
    // Destroying a shard that is still connecting never ends.
    if (wereUp) await closed;
    return { outcome, wasUp };
  }

  function toReadiness({ ids, total }: ShardPlan): Readiness {
    const shards = `Shards ${toRanges(ids)} of ${total}`;
    if (up.size < ids.length) {
      const down = ids.filter((id) => !up.has(id));
      return { ready: false, reason: `Discord: ${shards}; not connected yet: ${toRanges(down)}.` };
    }
    const hints = [...(total > 1 ? [`${shards}.`] : []), ...(seesContent ? [] : [NO_CONTENT_HINT])];
    return hints.length === 0 ? { ready: true } : { ready: true, hint: hints.join(" ") };
  }

  return {
    get seesContent() {
      return seesContent;
    },
    get connected() {
      return up.size;
    },
    check: () => readiness,
    async start() {
      const settled = new Promise<void>((resolve) => (settle = resolve));
      running = run();
      const patience = new AbortController();
      await Promise.race([settled, running, clock.sleep(START_WITHIN_MS, patience.signal).catch(() => undefined)]);
      patience.abort();
    },
    async stop() {
      stopping.abort();
      readiness = { ready: false, reason: "Discord: stopped." };
      await running;
    },
  };
}

/** Ascending numbers as people write them: `0-3, 8`. */
function toRanges(ids: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const id of ids) {
    const last = ranges.at(-1);
    if (last?.[1] === id - 1) last[1] = id;
    else ranges.push([id, id]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(", ");
}
