import { WebSocketManager, WebSocketShardEvents } from "@discordjs/ws";
import { GatewayIntentBits } from "discord-api-types/v10";
import type { REST } from "@discordjs/rest";
import { INTENTS, OUTCOMES } from "../receiving/connection.ts";

export type GatewayOutcome = "ready" | "wrong-token" | "wrong-shards" | "none";

export const GATEWAY_WITHIN_MS = 30_000;
/** Of that time, one handshake may take so much: a firewall that swallows it leaves some for another. */
const HANDSHAKE_SHARE = 1 / 3;

interface Probe {
  readonly token: string;
  /** The SDK drops the token of a REST client when Discord refuses it. */
  readonly createRest: () => REST;
  readonly shard: { readonly id: number; readonly total: number };
  /** Whether Message Content is granted: another try costs a session start, and five seconds. */
  readonly seesContent: boolean;
  readonly withinMs: number;
}

/**
 * Connects one shard as Docent does, without Message Content where that is not granted, and ends it as soon as Discord
 * is content. A Docent that runs keeps its own session, and gets every event as before.
 */
export async function probeGateway(probe: Probe): Promise<GatewayOutcome> {
  const first = await connect(probe, probe.seesContent ? INTENTS | GatewayIntentBits.MessageContent : INTENTS);
  const outcome = first === "no-content" ? await connect(probe, INTENTS) : first;
  return outcome === "no-content" ? "none" : outcome;
}

async function connect(probe: Probe, intents: number): Promise<GatewayOutcome | "no-content"> {
  const { token, createRest, shard, withinMs } = probe;
  const { promise, resolve } = Promise.withResolvers<GatewayOutcome | "no-content">();
  let isOver = false;
  const manager = new WebSocketManager({
    token,
    intents,
    rest: createRest(),
    shardIds: [shard.id],
    shardCount: shard.total,
    handshakeTimeout: withinMs * HANDSHAKE_SHARE,
    helloTimeout: withinMs,
    // A shard that is destroyed while it connects connects again; what is over never gets an answer.
    retrieveSessionInfo: () => (isOver ? new Promise(() => undefined) : null),
    updateSessionInfo: () => undefined,
  });
  manager.on(WebSocketShardEvents.Ready, () => resolve("ready"));
  manager.on(WebSocketShardEvents.Error, () => undefined);
  manager.on(WebSocketShardEvents.Closed, ({ code }) => {
    const outcome = OUTCOMES[code];
    if (outcome === "wrong-token" || outcome === "no-content" || outcome === "wrong-shards") resolve(outcome);
  });
  manager.on(WebSocketShardEvents.Hello, () => {
    if (isOver) void end();
  });
  const timer = setTimeout(() => resolve("none"), withinMs);
  // A close code says more than the error that follows it: it comes first.
  manager.connect().catch(() => setImmediate(() => resolve("none")));
  const outcome = await promise;
  clearTimeout(timer);
  isOver = true;
  // Ending a shard takes its listeners off, and a handshake that is still under way would fail without any, which ends
  // the process: it is left to its own time.
  if (outcome !== "none") {
    const closed = end();
    // Destroying a shard that is still connecting never ends.
    if (outcome === "ready") await closed;
  }
  return outcome;

  async function end(): Promise<void> {
    await Promise.resolve(manager.destroy()).catch(() => undefined);
  }
}
