/** Milliseconds of 2015-01-01, where Discord's ids begin (https://discord.com/developers/docs/reference#snowflakes). */
const EPOCH = 1_420_070_400_000n;

/** Ids as Discord's: later things have larger ones, and the time can be read from them. */
export function createSnowflakes(now: () => number): () => string {
  let last = 0n;
  return () => {
    const next = (BigInt(now()) - EPOCH) << 22n;
    last = next > last ? next : last + 1n;
    return String(last);
  };
}

/** Older first, as numbers: ids differ in length. */
export function bySnowflake(one: { readonly id: string }, other: { readonly id: string }): number {
  return BigInt(one.id) < BigInt(other.id) ? -1 : 1;
}
