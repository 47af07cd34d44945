import { randomUUID } from "node:crypto";
import type { Job } from "../../core/job.ts";
import type { Jobs } from "../../core/ports/stores.ts";
import type { Postgres } from "./open-postgres.ts";

const LEASE_UNTIL = "clock_timestamp() + $2::double precision * interval '1 ms'";

/** What was asked for and is not done yet, shared by several processes; who does a job holds it for a while. */
export function createPostgresJobs({ query }: Postgres): Jobs {
  return {
    async add(job, { owner, leaseMs }) {
      const delivery = randomUUID();
      const { count } = await query(
        `INSERT INTO docent.jobs (id, lease_owner, lease_until, delivery, body)
         VALUES ($3, $1, ${LEASE_UNTIL}, $4, $5) ON CONFLICT (id) DO NOTHING`,
        [owner, leaseMs, job.id, delivery, JSON.stringify(job)],
      );
      if (count === 1) return { isNew: true };
      const own = await query("SELECT FROM docent.jobs WHERE id = $1 AND delivery = $2", [job.id, delivery]);
      return { isNew: own.count === 1 };
    },
    async has(id) {
      return (await query("SELECT FROM docent.jobs WHERE id = $1", [id])).count === 1;
    },
    async claim({ owner, leaseMs }) {
      const { rows } = await query<{ body: string }>(
        `UPDATE docent.jobs SET lease_owner = $1, lease_until = ${LEASE_UNTIL}
         WHERE seq = (SELECT seq FROM docent.jobs WHERE lease_until <= clock_timestamp()
           ORDER BY seq LIMIT 1 FOR UPDATE SKIP LOCKED)
         RETURNING body`,
        [owner, leaseMs],
      );
      return rows[0] === undefined ? undefined : toJob(rows[0]);
    },
    async renew(ids, { owner, leaseMs }) {
      await query(`UPDATE docent.jobs SET lease_until = ${LEASE_UNTIL} WHERE lease_owner = $1 AND id = ANY($3)`, [
        owner,
        leaseMs,
        ids,
      ]);
    },
    async release(ids, owner) {
      await query(
        `UPDATE docent.jobs SET lease_owner = NULL, lease_until = '-infinity'
         WHERE lease_owner = $1 AND id = ANY($2)`,
        [owner, ids],
      );
    },
    async update(job) {
      await query("UPDATE docent.jobs SET body = $2 WHERE id = $1", [job.id, JSON.stringify(job)]);
    },
    async list() {
      return (await query<{ body: string }>("SELECT body FROM docent.jobs ORDER BY seq")).rows.map(toJob);
    },
    async remove(id) {
      await query("DELETE FROM docent.jobs WHERE id = $1", [id]);
    },
  };
}

function toJob({ body }: { readonly body: string }): Job {
  // What this module wrote itself.
  return JSON.parse(body) as Job;
}
