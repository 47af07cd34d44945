import { close, closeSync, fdatasync, fsyncSync, openSync } from "node:fs";
import path from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";

const sync = promisify(fdatasync);

/** The write-ahead log of a database, brought to the disk by another thread than the one that answers people. */
export interface WalSync {
  /** True when commits need not wait for the disk: `flush` is called behind them. */
  isOpen(): boolean;
  /** Resolves when all that was committed before is on the disk. */
  flush(): Promise<void>;
  close(): void;
}

/**
 * With `synchronous = FULL` SQLite writes a commit to the log and waits for the disk; with `NORMAL` it only writes
 * (sqlite.org/pragma.html#pragma_synchronous). A commit that is followed by a flush of the log is as durable as one
 * that waits: frames are checked in order when the log is read, so what a power cut tears off is the end.
 */
export function createWalSync(db: DatabaseSync): WalSync {
  let file: number | null = null;
  let flushing = 0;
  let isClosed = false;

  function open(): void {
    const location = db.location();
    if (location === null) return;
    try {
      // For writing: some systems do not flush what was opened for reading.
      file = openSync(`${location}-wal`, "r+");
      syncFolder(path.dirname(location));
    } catch {
      // There is no log before the first commit, which SQLite then brings to the disk itself.
    }
  }

  return {
    isOpen() {
      if (file === null && !isClosed) open();
      return file !== null;
    },
    async flush() {
      if (file === null) return;
      flushing += 1;
      try {
        await sync(file);
      } finally {
        flushing -= 1;
        if (isClosed && flushing === 0) end();
      }
    },
    close() {
      isClosed = true;
      if (flushing === 0) end();
    },
  };

  function end(): void {
    if (file !== null) close(file, () => undefined);
    file = null;
  }
}

/** A new file is found after a power cut only if its folder was written too. */
function syncFolder(folder: string): void {
  const opened = openSync(folder, "r");
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
