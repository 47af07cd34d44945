import type { DatabaseSync } from "node:sqlite";

/** Runs a write soon, together with others, and resolves once it is on the disk. Rejects with what `work` throws. */
export type Write = <T>(work: () => T) => Promise<T>;

/** SQLite's code for "another connection is writing". */
const SQLITE_BUSY = 5;
const BUSY_PAUSE_MS = 50;
/** Another program, a backup say, may hold the database for so long before writes are given up. */
const BUSY_WITHIN_MS = 20_000;

interface Waiting {
  readonly since: number;
  readonly run: () => void;
  readonly settle: (failure?: { readonly error: unknown }) => void;
}

const writers = new WeakMap<DatabaseSync, Write>();

/**
 * Writes of one database that come in the same moment share one transaction: a commit waits for the disk, and two
 * hundred events at once must not wait two hundred times. A write that throws is undone alone.
 */
export function toWriter(db: DatabaseSync): Write {
  const known = writers.get(db) ?? createWriter(db);
  writers.set(db, known);
  return known;
}

function createWriter(db: DatabaseSync): Write {
  let waiting: Waiting[] = [];
  const begin = db.prepare("BEGIN IMMEDIATE");
  const commit = db.prepare("COMMIT");
  const savepoint = db.prepare("SAVEPOINT one");
  const release = db.prepare("RELEASE one");

  function commitAll(): void {
    const group = waiting;
    waiting = [];
    const settled: (() => void)[] = [];
    try {
      // Said here, as a closed file's statements speak of themselves.
      if (!db.isOpen) throw new Error("The database is not open.");
      begin.run();
      for (const { run, settle } of group) settled.push(attempt(run, settle));
      commit.run();
    } catch (error) {
      // Busy, full, closed: nothing of the group was written.
      if (db.isOpen && db.isTransaction) db.exec("ROLLBACK");
      giveUp(group, error);
      return;
    }
    for (const settle of settled) settle();
  }

  /** What only has to wait for somebody else waits here, and not in SQLite, which would hold up the whole process. */
  function giveUp(group: readonly Waiting[], error: unknown): void {
    const oldest = performance.now() - BUSY_WITHIN_MS;
    const mayWait = isBusy(error) ? group.filter(({ since }) => since > oldest) : [];
    for (const each of group) if (!mayWait.includes(each)) each.settle({ error });
    if (mayWait.length === 0) return;
    waiting = [...mayWait, ...waiting];
    setTimeout(commitAll, BUSY_PAUSE_MS);
  }

  function attempt(run: Waiting["run"], settle: Waiting["settle"]): () => void {
    savepoint.run();
    try {
      run();
      release.run();
      return () => settle();
    } catch (error) {
      // A full disk takes the whole transaction down, and with it everything that ran before.
      if (!db.isTransaction) throw error;
      db.exec("ROLLBACK TO one; RELEASE one");
      return () => settle({ error });
    }
  }

  return <T>(work: () => T) =>
    new Promise<T>((resolve, reject) => {
      let result: { readonly value: T } | undefined;
      if (waiting.length === 0) setImmediate(commitAll);
      waiting.push({
        since: performance.now(),
        run: () => void (result = { value: work() }),
        settle(failure) {
          if (failure !== undefined)
            reject(failure.error instanceof Error ? failure.error : new Error(String(failure.error)));
          else if (result !== undefined) resolve(result.value);
        },
      });
    });
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
}
