import { WebAPIRequestError } from "@slack/web-api";
import type { Bulletin, Clock, Log, Metrics } from "../../../core/ports/system.ts";
import { refusalOf } from "../slack-api.ts";
import { connectSocket, type Ending, type SocketConnection, type SocketOptions } from "./socket-connection.ts";

export interface SocketConnections {
  /** Resolves when the first connection is there, or has failed and is being tried again. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Why nothing is connected; null when something is. */
  problem(): string | null;
  /** Connections that are open now. */
  readonly count: number;
}

/**
 * Slack gives each envelope to one of an app's connections: with two, one can be renewed while the other receives. The
 * second is a spare, which a replica does without where others are there: an app has ten, and a rolling update needs
 * one for each new replica before an old one goes.
 */
const CONNECTIONS = 2;
/** With its spare, the app may have so many. */
const SPARES_UP_TO = 6;
/** So long a replica does without a spare before it looks again whether there is room. */
const SPARE_AGAIN_MS = 10 * 60_000;
const TOPIC = "slack.sockets";
const PAUSES_MS = [1_000, 2_000, 5_000, 15_000, 30_000];
/** Only a person can mend these: asked again now and then, so that a repaired app needs no restart. */
const PAUSE_FOR_A_PERSON_MS = 60_000;
/** A connection that ends sooner counts as a failure, so that nothing turns in a circle. */
const SETTLED_AFTER_MS = 5_000;

const TOO_MANY =
  "Slack takes no more Socket Mode connections: an app has ten at most. Run fewer replicas, or use HTTP mode (SLACK_SIGNING_SECRET).";

const REMEDIES: Readonly<Record<string, string>> = {
  invalid_auth:
    "SLACK_APP_TOKEN is not valid. Copy the token from api.slack.com/apps → your app → Basic Information → App-Level Tokens.",
  not_authed: "SLACK_APP_TOKEN is empty. Copy it from Basic Information → App-Level Tokens.",
  not_allowed_token_type:
    "SLACK_APP_TOKEN is not an app-level token. It begins with xapp- and stands under Basic Information → App-Level Tokens.",
  missing_scope:
    "SLACK_APP_TOKEN lacks the scope connections:write. Make a new one under Basic Information → App-Level Tokens.",
  account_inactive: "The Slack app was removed from the workspace. Install it again.",
  "switched-off": "Socket Mode is switched off. Switch it on under api.slack.com/apps → your app → Socket Mode.",
};

export function createSocketConnections(
  options: SocketOptions & {
    readonly bulletin: Bulletin;
    readonly clock: Clock;
    readonly log: Log;
    readonly metrics: Metrics;
  },
): SocketConnections {
  const { clock, log, metrics } = options;
  const open = new Set<SocketConnection>();
  const stopping = new AbortController();
  const { promise: tried, resolve: noteTry } = Promise.withResolvers<void>();
  let slots: readonly Promise<void>[] = [];
  let failure = "It is not connected yet.";
  /** How many connections the app had, as far as this replica knows. */
  let ofApp = 0;
  let spare: SocketConnection | null = null;
  let noSpareUntil = 0;
  let stopListening: () => void = () => undefined;

  /** A replica has found no room: spares are for those who have none at all. */
  function giveWay(): void {
    noSpareUntil = clock.steady() + SPARE_AGAIN_MS;
    if (spare !== null && open.size > 1) void spare.close();
  }

  return {
    async start() {
      stopListening = options.bulletin.subscribe(TOPIC, giveWay);
      slots = Array.from({ length: CONNECTIONS }, (_, slot) => keepOpen(slot));
      await tried;
    },
    async stop() {
      stopping.abort();
      stopListening();
      await Promise.all([...open].map((connection) => connection.close()));
      await Promise.all(slots);
    },
    problem: () => (open.size > 0 ? null : failure),
    get count() {
      return open.size;
    },
  };

  /** Holds one connection; a new one is there before the old one goes. */
  async function keepOpen(slot: number): Promise<void> {
    // One after the other: together they would also be refreshed together.
    if (slot > 0) await tried;
    let old: SocketConnection | null = null;
    let failures = 0;
    while (!stopping.signal.aborted) {
      if (slot > 0 && !hasRoomForSpare(old)) {
        await old?.close();
        old = null;
        await pause(SPARE_AGAIN_MS);
        continue;
      }
      const startedAt = clock.steady();
      let ending: Ending;
      try {
        const connection: SocketConnection = await connectSocket(options);
        open.add(connection);
        if (slot > 0) spare = connection;
        // The one that it replaces is still counted.
        if (connection.ofApp !== null) ofApp = connection.ofApp - (old === null ? 0 : 1);
        void connection.closed.then(() => open.delete(connection));
        if (stopping.signal.aborted) await connection.close();
        noteTry();
        if (old !== null) await old.close();
        ending = await connection.ending;
        old = ending === "asked-to-refresh" ? connection : null;
        if (ending === "too-many" || ending === "switched-off") void connection.close();
        log.debug("A Socket Mode connection ended.", { slot, ending });
        metrics.count("slack_connections_ended_total", { reason: ending });
        if (ending === "too-many") {
          failure = TOO_MANY;
          log.warn(`Slack: ${TOO_MANY}`, { slot });
          if (slot === 0) options.bulletin.publish(TOPIC, "no room");
          else noSpareUntil = clock.steady() + SPARE_AGAIN_MS;
        }
        if (ending === "switched-off") failure = REMEDIES["switched-off"] ?? failure;
      } catch (error) {
        ending = "closed";
        failure = explain(error);
        if (failures === 0) log.error(`Slack: no Socket Mode connection. ${failure}`);
        noteTry();
        failures = isForAPerson(error) ? PAUSES_MS.length : failures;
      }
      const isSettled = clock.steady() - startedAt >= SETTLED_AFTER_MS;
      const isFine = (ending === "closed" && isSettled) || ending === "asked-to-refresh";
      failures = isFine ? 0 : failures + 1;
      if (failures > 0) await pause(PAUSES_MS[failures - 1] ?? PAUSE_FOR_A_PERSON_MS);
    }
    await old?.close();
  }

  function hasRoomForSpare(old: SocketConnection | null): boolean {
    return clock.steady() >= noSpareUntil && ofApp + (old === null ? 1 : 0) <= SPARES_UP_TO;
  }

  async function pause(ms: number): Promise<void> {
    await clock.sleep(ms, stopping.signal).catch(() => undefined);
  }
}

function isForAPerson(error: unknown): boolean {
  return REMEDIES[refusalOf(error) ?? ""] !== undefined;
}

function explain(error: unknown): string {
  const refusal = refusalOf(error);
  if (refusal !== null) return REMEDIES[refusal] ?? `Slack refused apps.connections.open: ${refusal}.`;
  if (error instanceof WebAPIRequestError) return "Slack cannot be reached. Check the network of this machine.";
  return `The connection did not come about: ${error instanceof Error ? error.message : "it was closed at once"}`;
}
