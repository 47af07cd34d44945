import { KeyvPostgres } from "@keyv/postgres";
import type { KeyvStoreAdapter } from "keyv";
import type { Postgres } from "./open-postgres.ts";

const ROWS_AT_ONCE = 100;

/**
 * `@keyv/postgres` on our own connections, which outlive a restart of the server; its own pool would end the process
 * then. A `Keyv` on it must be made with `throwOnErrors`: without, keyv takes a failure to read for "not there".
 */
export function createPostgresKeyvStore(postgres: Postgres): KeyvStoreAdapter {
  class Store extends KeyvPostgres {
    // Called by the constructor of the class above, so it may not look at fields of this one.
    override connect(): ReturnType<KeyvPostgres["connect"]> {
      return Promise.resolve(async (sql: string, values?: readonly unknown[]) => {
        // The table is there; without the right to make it, the attempt would be an error.
        if (sql.startsWith("CREATE ")) return [];
        return [...(await postgres.query(sql, values)).rows];
      });
    }

    /** Ours to close, and others use it. */
    override disconnect(): Promise<void> {
      return Promise.resolve();
    }

    /** The inherited one takes `%` and `_` of a namespace for wildcards. */
    override async clear(): Promise<void> {
      const [first, end] = toRange(this.namespace);
      await postgres.query("DELETE FROM docent.key_values WHERE key >= $1 AND key < $2", [first, end]);
    }

    /** The inherited one ends early when a statement fails, as if there were no more. */
    override async *iterator(namespace?: string): AsyncGenerator<string[], void, unknown> {
      let [after, end] = toRange(namespace);
      for (;;) {
        const { rows } = await postgres.query<{ key: string; value: string }>(
          "SELECT key, value FROM docent.key_values WHERE key > $1 AND key < $2 ORDER BY key LIMIT $3",
          [after, end, ROWS_AT_ONCE],
        );
        for (const { key, value } of rows) {
          after = key;
          yield [key, value];
        }
        if (rows.length < ROWS_AT_ONCE) return;
      }
    }
  }
  return new Store({ schema: "docent", table: "key_values" });
}

/** The keys of a namespace lie in one range: `;` follows `:`. */
function toRange(namespace: string | undefined): [first: string, end: string] {
  return namespace === undefined ? ["", "\u{10FFFF}"] : [`${namespace}:`, `${namespace};`];
}
