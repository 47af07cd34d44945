import type { DatabaseSync } from "node:sqlite";

/** Runs a write soon, together with others, and resolves once it is on the disk. Rejects with what `work` throws. */
export type Write = <T>(work: () => T) => Promise<T>;

interface Waiting {
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

  function commitAll(): void {
    const group = waiting;
    waiting = [];
    const settled: (() => void)[] = [];
    try {
      db.exec("BEGIN IMMEDIATE");
      for (const { run, settle } of group) settled.push(attempt(run, settle));
      db.exec("COMMIT");
    } catch (error) {
      // Busy, full, closed: nothing of the group was written.
      if (db.isOpen && db.isTransaction) db.exec("ROLLBACK");
      for (const { settle } of group) settle({ error });
      return;
    }
    for (const settle of settled) settle();
  }

  function attempt(run: Waiting["run"], settle: Waiting["settle"]): () => void {
    db.exec("SAVEPOINT one");
    try {
      run();
      db.exec("RELEASE one");
      return () => settle();
    } catch (error) {
      db.exec("ROLLBACK TO one; RELEASE one");
      return () => settle({ error });
    }
  }

  return <T>(work: () => T) =>
    new Promise<T>((resolve, reject) => {
      let result: { readonly value: T } | undefined;
      if (waiting.length === 0) setImmediate(commitAll);
      waiting.push({
        run: () => void (result = { value: work() }),
        settle(failure) {
          if (failure !== undefined)
            reject(failure.error instanceof Error ? failure.error : new Error(String(failure.error)));
          else if (result !== undefined) resolve(result.value);
        },
      });
    });
}
