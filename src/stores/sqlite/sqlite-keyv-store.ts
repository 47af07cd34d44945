import { EventEmitter } from "node:events";
import type { DatabaseSync } from "node:sqlite";
import type { KeyvStoreAdapter } from "keyv";
import { toWriter } from "./group-commit.ts";

/**
 * A keyv 5 storage adapter on `node:sqlite`, one table for all namespaces. Keyv prefixes keys with `namespace:` itself
 * and keeps the expiry inside the value too; here it is a column as well, so that expired rows can be removed.
 */
export function createSqliteKeyvStore(db: DatabaseSync): KeyvStoreAdapter {
  const emitter = new EventEmitter();
  const write = toWriter(db);
  const get = db.prepare("SELECT value FROM key_values WHERE key = ? AND (expires_at IS NULL OR expires_at > ?)");
  const set = db.prepare(`
    INSERT INTO key_values (key, value, expires_at) VALUES (?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`);
  const remove = db.prepare("DELETE FROM key_values WHERE key = ?");
  // A range, not LIKE: `%` and `_` may stand in a namespace.
  const clear = db.prepare("DELETE FROM key_values WHERE key >= ? AND key < ?");
  const scan = db.prepare(`
    SELECT key, value FROM key_values
    WHERE key > ? AND key < ? AND (expires_at IS NULL OR expires_at > ?) ORDER BY key LIMIT 100`);

  const read = (key: string): string | undefined => {
    const row = get.get(key, Date.now());
    return row === undefined ? undefined : String(row["value"]);
  };
  const range = (namespace: string | undefined): [string, string] =>
    namespace === undefined ? ["", "\u{10FFFF}"] : [`${namespace}:`, `${namespace};`];

  const store: KeyvStoreAdapter = {
    opts: { dialect: "sqlite" },
    namespace: undefined,
    on(event, listener) {
      emitter.on(event, listener);
      return store;
    },
    get: <Value>(key: string) => Promise.resolve(read(key) as Value | undefined),
    getMany: <Value>(keys: string[]) => Promise.resolve(keys.map((key) => read(key) as Value | undefined)),
    async set(key: string, value: string, ttl?: number) {
      await write(() => set.run(key, value, ttl === undefined ? null : Date.now() + ttl));
      return true;
    },
    has: (key: string) => Promise.resolve(read(key) !== undefined),
    delete: (key: string) => write(() => remove.run(key).changes === 1),
    deleteMany: (keys: string[]) => write(() => keys.map((key) => remove.run(key).changes === 1).some(Boolean)),
    clear() {
      clear.run(...range(store.namespace));
      return Promise.resolve();
    },
    async *iterator<Value>(namespace?: string) {
      let [after, end] = range(namespace);
      for (;;) {
        const rows = scan.all(after, end, Date.now());
        for (const row of rows) {
          after = String(row["key"]);
          yield [after, row["value"] as Awaited<Value>];
        }
        if (rows.length < 100) return;
      }
    },
    disconnect: () => Promise.resolve(),
  };
  return store;
}
