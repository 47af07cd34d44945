import type { KeyValue } from "../../../core/ports/stores.ts";
import type { Clock, Lock } from "../../../core/ports/system.ts";
import type { Kept, ShardPlan } from "../discord-bot-options.ts";
import { snowflakeAt, timeOf } from "../snowflake.ts";
import { createWatermark, type Watermark } from "./watermark.ts";

const TOTALS = "shard-totals";
/** Messages of different channels may arrive a little out of order; core knows what it was given before. */
const GRACE_MS = 60_000;

/** A mark for each shard that this replica serves. */
export interface Watermarks {
  /** Reads the marks of these shards; to be awaited before any of them connects. */
  load(plan: ShardPlan): Promise<void>;
  /** Of a shard of the plan that was loaded last. */
  of(shardId: number): Watermark;
  /** Resolves when all marks are stored. */
  flush(): Promise<void>;
}

export function createWatermarks(options: {
  readonly seen: KeyValue<Kept>;
  readonly clock: Clock;
  readonly lock: Lock;
}): Watermarks {
  const { seen, clock } = options;
  const known = new Map<string, Watermark>();
  let total = 1;

  async function read(shardId: number, of: number): Promise<bigint | null> {
    const kept = await seen.get(keyOf(shardId, of));
    return typeof kept === "string" ? BigInt(kept) : null;
  }

  /** The numbers of shards in all that were ever served, this one included. */
  async function knownTotals(): Promise<readonly number[]> {
    const kept = async (): Promise<readonly string[]> => ((await seen.get(TOTALS)) ?? []) as readonly string[];
    const mine = String(total);
    if (!(await kept()).includes(mine)) {
      await options.lock(TOTALS, async () => {
        const totals = await kept();
        if (!totals.includes(mine)) await seen.set(TOTALS, [...totals, mine]);
      });
    }
    return (await kept()).map(Number);
  }

  /**
   * Up to where the servers of a shard were dealt with, whichever number of shards there was then: with another number,
   * they were spread over several shards, and the mark that lies furthest back holds for all of them.
   */
  async function reachedBy(shardId: number): Promise<bigint | null> {
    let reached: bigint | null = null;
    for (const each of await knownTotals()) {
      const marks = await Promise.all(overlapping(shardId, total, each).map((id) => read(id, each)));
      const [first = null] = marks;
      if (first === null || marks.includes(null)) continue;
      const lowest = marks.reduce<bigint>((low, mark) => (mark !== null && mark < low ? mark : low), first);
      if (reached === null || lowest > reached) reached = lowest;
    }
    return reached;
  }

  return {
    async load(plan) {
      ({ total } = plan);
      for (const shardId of plan.ids) {
        const key = keyOf(shardId, total);
        if (known.has(key)) continue;
        const reached = await reachedBy(shardId);
        // At the very first start history stays history.
        const reachedAt = reached === null ? clock.now() : timeOf(String(reached));
        const stored = (await read(shardId, total)) ?? 0n;
        known.set(key, createWatermark(seen, key, { clock, start: snowflakeAt(reachedAt - GRACE_MS), stored }));
      }
    },
    of(shardId) {
      const mark = known.get(keyOf(shardId, total));
      if (mark === undefined) throw new Error(`Shard ${shardId} of ${total} is not served here.`);
      return mark;
    },
    async flush() {
      await Promise.all([...known.values()].map((mark) => mark.flush()));
    },
  };
}

function keyOf(shardId: number, total: number): string {
  return `watermark:${shardId}/${total}`;
}

/** The shards of another division that share servers with this one: a server's shard is a number modulo the total. */
function overlapping(shardId: number, total: number, otherTotal: number): readonly number[] {
  const common = greatestCommonDivisor(total, otherTotal);
  return Array.from({ length: otherTotal }, (_, id) => id).filter((id) => id % common === shardId % common);
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}
