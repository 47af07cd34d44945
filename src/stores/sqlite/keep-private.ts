import { chmodSync, closeSync, openSync } from "node:fs";

const FOR_THIS_USER = 0o600;

/** Makes a database that other users of the machine cannot read, whatever folder it lies in. SQLite gives its other files the same mode. */
export function keepPrivate(file: string): void {
  closeSync(openSync(file, "a", FOR_THIS_USER));
  for (const each of [file, `${file}-wal`, `${file}-shm`]) {
    try {
      chmodSync(each, FOR_THIS_USER);
    } catch {
      // It is not there yet, or belongs to another user, whose mode it then keeps.
    }
  }
}
