import type { DatabaseSync } from "node:sqlite";
import type { Job } from "../../core/job.ts";
import type { Jobs } from "../../core/ports/stores.ts";
import { toWriter } from "./group-commit.ts";

/**
 * What was asked for and is not done yet. The file belongs to this process alone: whoever held a job before is gone, and
 * who holds one now is kept in memory.
 */
export function createSqliteJobs(db: DatabaseSync): Jobs {
  const write = toWriter(db);
  const insert = db.prepare("INSERT INTO jobs (id, body) VALUES (?, ?) ON CONFLICT (id) DO NOTHING");
  const update = db.prepare("UPDATE jobs SET body = ? WHERE id = ?");
  const one = db.prepare("SELECT 1 FROM jobs WHERE id = ?");
  const all = db.prepare("SELECT body FROM jobs ORDER BY seq");
  const remove = db.prepare("DELETE FROM jobs WHERE id = ?");
  const held = new Set<string>();
  // What this module wrote itself.
  const list = (): Job[] => all.all().map((row) => JSON.parse(String(row["body"])) as Job);

  return {
    async add(job) {
      const body = JSON.stringify(job);
      const isNew = (await write(() => insert.run(job.id, body))).changes === 1;
      if (isNew) held.add(job.id);
      return { isNew };
    },
    has: (id) => Promise.resolve(one.get(id) !== undefined),
    claim() {
      const job = list().find(({ id }) => !held.has(id));
      if (job !== undefined) held.add(job.id);
      return Promise.resolve(job);
    },
    renew: () => Promise.resolve(),
    release(ids) {
      for (const id of ids) held.delete(id);
      return Promise.resolve();
    },
    async update(job) {
      const body = JSON.stringify(job);
      await write(() => update.run(body, job.id));
    },
    list: () => Promise.resolve(list()),
    async remove(id) {
      await write(() => remove.run(id));
      held.delete(id);
      // What was deleted is overwritten in the file, and stays in the log beside it until that is emptied.
      db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    },
  };
}
