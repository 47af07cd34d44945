/** The Discord shards that one replica serves, of how many in all. */
export interface ShardPlan {
  /** Ascending, each once. */
  readonly ids: readonly number[];
  readonly total: number;
}

/** Far above what Discord gives out: 40,000,000 servers. */
const MAX_TOTAL = 16_000;

/**
 * Parses `0-3/16` or `0,1/4`: single shards and ranges, then how many shards there are in all. Returns a sentence about
 * what is wrong instead, without the name of the variable.
 */
export function parseShards(value: string): ShardPlan | string {
  const [list = "", given = "", ...rest] = value.split("/");
  if (rest.length > 0 || !/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(list) || !/^\d+$/.test(given)) {
    return `must be “auto”, or shards and their total, such as 0-3/16 or 0,1/4; it is “${value}”.`;
  }
  const total = Number(given);
  if (total < 1 || total > MAX_TOTAL) return `must have a total from 1 to ${MAX_TOTAL}; it is “${value}”.`;
  const ids = new Set<number>();
  for (const part of list.split(",")) {
    const [first = 0, last = first] = part.split("-").map(Number);
    if (last < first) return `has the range ${part}, which goes backwards.`;
    if (last >= total) return `names shard ${last}, but of ${total} shards the last is ${total - 1}.`;
    for (let id = first; id <= last; id++) {
      if (ids.has(id)) return `names shard ${id} twice.`;
      ids.add(id);
    }
  }
  return { ids: [...ids].toSorted((one, other) => one - other), total };
}
