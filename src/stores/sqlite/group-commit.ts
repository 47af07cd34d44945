import type { DatabaseSync } from "node:sqlite";
import { createWalSync } from "./wal-sync.ts";

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

interface Writer {
  readonly write: Write;
  readonly close: () => void;
}

const writers = new WeakMap<DatabaseSync, Writer>();

/**
 * Writes of one database that come in the same moment, or while the disk is busy with those before, share one
 * transaction: two hundred events at once must not wait for the disk two hundred times, and nobody else waits for it
 * at all. A write that throws is undone alone.
 */
export function toWriter(db: DatabaseSync): Write {
  const known = writers.get(db) ?? createWriter(db);
  writers.set(db, known);
  return known.write;
}

/** To be called before the database is closed. */
export function closeWriter(db: DatabaseSync): void {
  writers.get(db)?.close();
}

function createWriter(db: DatabaseSync): Writer {
  const log = createWalSync(db);
  const savepoint = db.prepare("SAVEPOINT one");
  const release = db.prepare("RELEASE one");
  let waiting: Waiting[] = [];
  let isPlanned = false;

  async function commitAll(): Promise<void> {
    const group = waiting;
    waiting = [];
    const settled: (() => void)[] = [];
    try {
      if (!db.isOpen) throw new Error("The database is not open.");
      commit(group, settled);
      await log.flush();
    } catch (error) {
      // Busy, full, closed: nothing of the group was written, or nobody knows whether it will last.
      if (db.isOpen && db.isTransaction) db.exec("ROLLBACK; PRAGMA synchronous = FULL");
      giveUp(group, error);
      return;
    }
    for (const settle of settled) settle();
    isPlanned = false;
    if (waiting.length > 0) plan();
  }

  function commit(group: readonly Waiting[], settled: (() => void)[]): void {
    const isFlushedLater = log.isOpen();
    db.exec(isFlushedLater ? "PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE" : "BEGIN IMMEDIATE");
    try {
      for (const { run, settle } of group) settled.push(attempt(run, settle));
      db.exec("COMMIT");
    } finally {
      // Whoever writes without this module gets what the database was opened with.
      if (isFlushedLater && !db.isTransaction) db.exec("PRAGMA synchronous = FULL");
    }
  }

  /** What only has to wait for somebody else waits here, and not in SQLite, which would hold up the whole process. */
  function giveUp(group: readonly Waiting[], error: unknown): void {
    const oldest = performance.now() - BUSY_WITHIN_MS;
    const mayWait = isBusy(error) ? group.filter(({ since }) => since > oldest) : [];
    for (const each of group) if (!mayWait.includes(each)) each.settle({ error });
    waiting = [...mayWait, ...waiting];
    isPlanned = false;
    if (waiting.length > 0) plan(mayWait.length > 0 ? BUSY_PAUSE_MS : 0);
  }

  function plan(pauseMs = 0): void {
    isPlanned = true;
    if (pauseMs > 0) setTimeout(() => void commitAll(), pauseMs);
    else setImmediate(() => void commitAll());
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

  function write<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let result: { readonly value: T } | undefined;
      if (!isPlanned) plan();
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

  return { write, close: () => log.close() };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
}
