import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPostgres } from "../../src/stores/postgres/open-postgres.ts";
import { MIGRATIONS } from "../../src/stores/postgres/schema.ts";
import { silentLog } from "../fakes/core-under-test.ts";
import { startPostgresServer, type PostgresServer } from "../servers/postgres-server.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgresServer();
});
afterAll(() => server.remove());

describe("a connection to Postgres", () => {
  it("makes its tables once, also when three replicas start together", async () => {
    const url = await server.createDatabase();
    const opened = await Promise.all([1, 2, 3].map(() => openPostgres({ url, log: silentLog, max: 2 })));
    const [first] = opened;
    expect((await first?.query("SELECT version FROM docent.schema_version"))?.rows).toEqual([
      { version: MIGRATIONS.length },
    ]);
    await Promise.all(opened.map((each) => each.close()));
  });

  it("refuses a database that a newer version wrote", async () => {
    const url = await server.createDatabase();
    const postgres = await openPostgres({ url, log: silentLog, max: 1 });
    await postgres.query("UPDATE docent.schema_version SET version = 99");
    await postgres.close();
    await expect(openPostgres({ url, log: silentLog, max: 1 })).rejects.toThrow(/newer version/);
  });

  it("goes on when the server is restarted, in the middle of a transaction too", async () => {
    const postgres = await openPostgres({ url: await server.createDatabase(), log: silentLog, max: 2 });
    let begun = 0;
    await postgres.transaction(async (query) => {
      await query("INSERT INTO docent.forgotten_turns (id) VALUES ('one')");
      begun += 1;
      if (begun === 1) await server.restart();
      await query("INSERT INTO docent.forgotten_turns (id) VALUES ('two')");
    });
    expect(begun).toBe(2);
    const { rows } = await postgres.query("SELECT id FROM docent.forgotten_turns ORDER BY id");
    expect(rows).toEqual([{ id: "one" }, { id: "two" }]);
    await postgres.close();
  });

  it("says what to do when there is nobody, or the wrong password, and does not say the password", async () => {
    const url = new URL(await server.createDatabase());
    url.password = "wrong-secret";
    const refused = await openPostgres({ url: url.href, log: silentLog, max: 1 }).catch((error: unknown) => error);
    expect(String(refused)).toMatch(/refused.*DATABASE_URL/);
    expect(String(refused)).not.toContain("wrong-secret");
    const nobody = openPostgres({ url: "postgres://a:b@127.0.0.1:1/x", log: silentLog, max: 1, awayWithinMs: 100 });
    await expect(nobody).rejects.toThrow(/cannot be reached.*DATABASE_URL/);
  });
});
