import { setTimeout as sleep } from "node:timers/promises";
import { createKeyedLock } from "../../core/keyed-lock.ts";
import type { Lock, Log } from "../../core/ports/system.ts";
import type { Postgres } from "./open-postgres.ts";

const LEASE_MS = 30_000;
const FIRST_LOOK_MS = 5;
const SLOWEST_LOOK_MS = 250;
/** A lock that was taken less than a second before a crash of the server may be gone after it, and need not wait for the disk. */
const UNHURRIED = "unhurried AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))";

export interface PostgresLock {
  readonly lock: Lock;
  readonly stop: () => void;
}

/**
 * A lock over all processes that share a database: a row that its holder renews. Within this process the order of
 * asking is kept, and one process asks for one name once at a time.
 */
export function createPostgresLock({ query }: Postgres, options: { owner: string; log: Log }): PostgresLock {
  const { owner, log } = options;
  const within = createKeyedLock();
  const held = new Set<string>();
  const renewal = setInterval(() => void renew(), LEASE_MS / 3);
  renewal.unref();

  async function take(name: string): Promise<void> {
    for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 2, SLOWEST_LOOK_MS)) {
      const { count } = await query(
        `WITH ${UNHURRIED}
         INSERT INTO docent.locks AS l (name, owner, held_until)
         SELECT $1, $2, clock_timestamp() + $3::double precision * interval '1 ms' FROM unhurried
         ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, held_until = excluded.held_until
         WHERE l.owner = excluded.owner OR l.held_until <= clock_timestamp()`,
        [name, owner, LEASE_MS],
      );
      if (count === 1) return;
      await sleep(pauseMs * (0.5 + Math.random() / 2));
    }
  }

  async function letGo(name: string): Promise<void> {
    held.delete(name);
    await query(`WITH ${UNHURRIED} DELETE FROM docent.locks USING unhurried WHERE name = $1 AND owner = $2`, [
      name,
      owner,
    ]).catch((error: unknown) => log.warn("A lock could not be given back; it ends by itself.", { error }));
  }

  async function renew(): Promise<void> {
    if (held.size === 0) return;
    await query(
      `UPDATE docent.locks SET held_until = clock_timestamp() + $2::double precision * interval '1 ms'
       WHERE owner = $1 AND name = ANY($3)`,
      [owner, LEASE_MS, [...held]],
    ).catch((error: unknown) => log.warn("Locks could not be held for longer.", { locks: held.size, error }));
  }

  return {
    lock: (name, work) =>
      within(name, async () => {
        await take(name);
        held.add(name);
        try {
          return await work();
        } finally {
          await letGo(name);
        }
      }),
    stop: () => clearInterval(renewal),
  };
}
