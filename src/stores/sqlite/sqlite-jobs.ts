import type { DatabaseSync } from "node:sqlite";
import type { Job } from "../../core/job.ts";
import type { Jobs } from "../../core/ports/stores.ts";
import { toWriter } from "./group-commit.ts";

/** What was asked for and is not done yet. */
export function createSqliteJobs(db: DatabaseSync): Jobs {
  const write = toWriter(db);
  const insert = db.prepare("INSERT INTO jobs (id, body) VALUES (?, ?) ON CONFLICT (id) DO NOTHING");
  const update = db.prepare("UPDATE jobs SET body = ? WHERE id = ?");
  const all = db.prepare("SELECT body FROM jobs ORDER BY seq");
  const remove = db.prepare("DELETE FROM jobs WHERE id = ?");
  return {
    async add(job) {
      const body = JSON.stringify(job);
      await write(() => insert.run(job.id, body));
    },
    async update(job) {
      const body = JSON.stringify(job);
      await write(() => update.run(body, job.id));
    },
    // What this module wrote itself.
    list: () => Promise.resolve(all.all().map((row) => JSON.parse(String(row["body"])) as Job)),
    async remove(id) {
      await write(() => remove.run(id));
      // What was deleted is overwritten in the file, and stays in the log beside it until that is emptied.
      db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    },
  };
}
