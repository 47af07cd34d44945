/** Opcodes of the gateway that are used here (topics/opcodes-and-status-codes.mdx). */
export const OP = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  resume: 6,
  reconnect: 7,
  invalid: 9,
  hello: 10,
  ack: 11,
} as const;

/** Close codes of the gateway (topics/opcodes-and-status-codes.mdx). */
export const CLOSE = {
  unknownOpcode: 4001,
  decodeError: 4002,
  notAuthenticated: 4003,
  authenticationFailed: 4004,
  alreadyAuthenticated: 4005,
  invalidSequence: 4007,
  rateLimited: 4008,
  invalidShard: 4010,
  shardingRequired: 4011,
  invalidApiVersion: 4012,
  invalidIntents: 4013,
  disallowedIntents: 4014,
} as const;

/** The shard of a server; direct messages go to the first one (topics/gateway.mdx, Sharding). */
export function shardOf(guildId: string | null, total: number): number {
  return guildId === null ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(total));
}
