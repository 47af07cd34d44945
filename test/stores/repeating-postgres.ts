import type { Postgres } from "../../src/stores/postgres/open-postgres.ts";

/** A connection that is lost after each statement was carried out and before its result came: all is done twice. */
export function createRepeatingPostgres(postgres: Postgres): Postgres {
  return {
    ...postgres,
    async query(sql, values) {
      await postgres.query(sql, values);
      return await postgres.query(sql, values);
    },
    async transaction(work) {
      await postgres.transaction(work);
      return await postgres.transaction(work);
    },
  };
}
