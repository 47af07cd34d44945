import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import type { Job } from "../../core/job.ts";
import type { Jobs } from "../../core/ports/stores.ts";
import { toWriter } from "./group-commit.ts";

const EMPTY_EVERY_MS = 1_000;

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
  const inOrder = db.prepare("SELECT id, body FROM jobs ORDER BY seq");
  const count = db.prepare("SELECT count(*) AS n FROM jobs");
  const remove = db.prepare("DELETE FROM jobs WHERE id = ?");
  const held = new Set<string>();
  let emptiedAt = -Infinity;
  let later: NodeJS.Timeout | undefined;

  return {
    async add(job) {
      const body = JSON.stringify(job);
      const isNew = (await write(() => insert.run(job.id, body))).changes === 1;
      if (isNew) held.add(job.id);
      return { isNew };
    },
    has: (id) => Promise.resolve(one.get(id) !== undefined),
    claim() {
      // Thousands may be held here, and this is asked after each.
      if (count.get()?.["n"] === held.size) return Promise.resolve(undefined);
      for (const row of inOrder.iterate()) {
        const id = String(row["id"]);
        if (held.has(id)) continue;
        held.add(id);
        return Promise.resolve(toJob(row));
      }
      return Promise.resolve(undefined);
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
    list: () => Promise.resolve(all.all().map(toJob)),
    async remove(id) {
      await write(() => remove.run(id));
      held.delete(id);
      emptyLog();
    },
  };

  /** What was deleted is overwritten in the file, and stays in the log beside it until that is emptied. */
  function emptyLog(): void {
    const now = performance.now();
    // With many jobs under way not behind each of them: nothing else can be done meanwhile.
    if (held.size > 0 && now - emptiedAt < EMPTY_EVERY_MS) {
      later ??= setTimeout(emptyLater, EMPTY_EVERY_MS).unref();
      return;
    }
    emptiedAt = now;
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  function emptyLater(): void {
    later = undefined;
    if (db.isOpen) emptyLog();
  }
}

function toJob(row: Record<string, SQLOutputValue>): Job {
  // What this module wrote itself.
  return JSON.parse(String(row["body"])) as Job;
}
