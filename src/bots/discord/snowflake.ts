/** Milliseconds of 2015-01-01, where Discord's ids begin (https://discord.com/developers/docs/reference#snowflakes). */
const EPOCH = 1_420_070_400_000n;

/** When something with this id was made, in milliseconds since the epoch. */
export function timeOf(snowflake: string): number {
  return Number((BigInt(snowflake) >> 22n) + EPOCH);
}

/** The smallest id that something made at this time can have. */
export function snowflakeAt(timeMs: number): bigint {
  return (BigInt(Math.max(timeMs, Number(EPOCH))) - EPOCH) << 22n;
}

/** Older first. */
export function compareSnowflakes(one: string, other: string): number {
  return BigInt(one) < BigInt(other) ? -1 : 1;
}
