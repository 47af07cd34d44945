import { execFile } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { Keyv } from "keyv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDiskBlobs } from "../../src/stores/disk-blobs.ts";
import { createPostgresDocuments } from "../../src/stores/postgres/postgres-documents.ts";
import { createPostgresKeyvStore } from "../../src/stores/postgres/postgres-keyv-store.ts";
import { createPostgresMessages } from "../../src/stores/postgres/postgres-messages.ts";
import type { Postgres } from "../../src/stores/postgres/open-postgres.ts";
import { openDatabase } from "../../src/stores/sqlite/open-database.ts";
import { createSqliteMessages } from "../../src/stores/sqlite/sqlite-messages.ts";
import { sampleDocument, sampleMessage } from "../fakes/sample-data.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { startPostgresServer, type PostgresServer } from "../servers/postgres-server.ts";
import { MESSAGES, PAGES } from "./installation.ts";
import { connect, dump, installation, migrate } from "./migration-under-test.ts";
import { createRepeatingPostgres } from "./repeating-postgres.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgresServer({ flags: ["-c", "fsync=off"] });
});
afterAll(() => server.remove());

describe("a move from SQLite to Postgres", () => {
  it("counts what it moved, and changes nothing the second time", async () => {
    const folder = await installation();
    const postgres = await connect(server);
    const first = await migrate(folder, postgres);
    const added = Object.fromEntries(first.tables.map((table) => [table.part, table.added]));
    expect(first.isNew).toBe(true);
    expect(added).toMatchObject({ turns: 4, documents: 3, pages: 2 * PAGES, removed_documents: 2, messages: MESSAGES });
    expect(added).toMatchObject({ key_values: 2, usage: 1, feedback: 2, jobs: 1, forgotten_turns: 1, blobs: 2 });
    const before = await dump(postgres);
    expect(await migrate(folder, postgres)).toEqual({ tables: first.tables, isNew: false });
    expect(await dump(postgres)).toEqual(before);
  });

  it("is completed by the next run wherever it was interrupted, and ends as if nothing had happened", async () => {
    const folder = await installation();
    const whole = await connect(server);
    await migrate(folder, whole);
    const postgres = await connect(server);
    let isDone = false;
    let runs = 0;
    for (let allowed = 1; !isDone; allowed += 3) {
      let left = allowed;
      const spend = (): void => {
        left -= 1;
        if (left < 0) throw new Error("interrupted");
      };
      const mortal: Postgres = {
        ...postgres,
        async query(sql, values) {
          spend();
          return await postgres.query(sql, values);
        },
        transaction: (work) =>
          postgres.transaction((query) =>
            work(async (sql, values) => {
              spend();
              return await query(sql, values);
            }),
          ),
      };
      runs += 1;
      isDone = await migrate(folder, mortal).then(
        () => true,
        (error: Error) => {
          if (!error.message.includes("interrupted")) throw error;
          return false;
        },
      );
    }
    expect(runs).toBeGreaterThan(10);
    expect(await dump(postgres)).toEqual(await dump(whole));
  });

  it("ends the same when every statement is repeated", async () => {
    const folder = await installation();
    const whole = await connect(server);
    await migrate(folder, whole);
    const postgres = await connect(server);
    await migrate(folder, createRepeatingPostgres(postgres));
    expect(await dump(postgres)).toEqual(await dump(whole));
  });

  it("does not bring back what was deleted in Postgres since, nor undo what was done there", async () => {
    const folder = await installation();
    const postgres = await connect(server);
    await migrate(folder, postgres);
    const documents = createPostgresDocuments(postgres);
    await documents.retire("d_lease");
    await documents.update("d_two", { name: "renamed.pdf" });
    await createPostgresMessages(postgres).forgetChannel("web:a", 500);
    await new Keyv({ store: createPostgresKeyvStore(postgres), namespace: "slack" }).clear();
    await postgres.query("DELETE FROM docent.jobs; UPDATE docent.turns SET is_open = false; DELETE FROM docent.blobs");
    const before = await dump(postgres);
    await migrate(folder, postgres);
    expect(await dump(postgres)).toEqual(before);
  });

  it("puts what it moves before what the target has, and leaves that as it is", async () => {
    const postgres = await connect(server);
    const documents = createPostgresDocuments(postgres);
    const messages = createPostgresMessages(postgres);
    await documents.add(sampleDocument({ id: "d_new" }));
    await documents.add(sampleDocument({ id: "d_two", name: "as it is here.pdf" }));
    await documents.savePages("d_two", [{ number: 1, text: "as it is here" }]);
    await messages.append(sampleMessage({ id: "new" }));
    const { tables } = await migrate(await installation(), postgres);
    expect((await documents.list({})).map(({ id }) => id)).toEqual(["d_lease", "d_noted", "d_new", "d_two"]);
    expect((await documents.get("d_two"))?.name).toBe("as it is here.pdf");
    expect(await documents.pages("d_two")).toEqual([{ number: 1, text: "as it is here" }]);
    expect((await messages.list("web:a", { limit: 2 })).map(({ id }) => id)).toEqual(["m1", "new"]);
    expect(tables.find(({ part }) => part === "documents")).toEqual({ part: "documents", added: 2, kept: 1 });
    await documents.add(sampleDocument({ id: "d_after" }));
    expect((await documents.list({})).at(-1)?.id).toBe("d_after");
  });

  it("refuses an installation that was used after it was moved, and another one", async () => {
    const folder = await installation();
    const postgres = await connect(server);
    await migrate(folder, postgres);
    const source = openDatabase(folder);
    await createSqliteMessages(source.db).append(sampleMessage({ id: "late" }));
    source.close();
    const before = await dump(postgres);
    const refusal = /has taken in an installation already.*empty database/;
    await expect(migrate(folder, postgres)).rejects.toThrow(refusal);
    await expect(migrate(temporaryFolder(), postgres)).rejects.toThrow(refusal);
    expect(await dump(postgres)).toEqual(before);
  });

  it("says so when something of it is missing in the end", async () => {
    const postgres = await connect(server);
    await postgres.query(`CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE TRIGGER lose BEFORE INSERT ON docent.messages FOR EACH ROW WHEN (NEW.id = 'm7') EXECUTE FUNCTION lose()`);
    await expect(migrate(await installation(), postgres)).rejects.toThrow(/not in the target: 1 of messages\./);
  });
});

describe("npm run migrate", () => {
  const run = (...args: readonly string[]) => runWith({}, ...args);
  const runWith = async (
    env: Readonly<Record<string, string>>,
    ...args: readonly string[]
  ): Promise<{ code: number; output: string }> =>
    await promisify(execFile)(process.execPath, ["scripts/migrate.ts", ...args], {
      env: { PATH: process.env["PATH"], ...env },
    }).then(
      ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
      (error: Error & { code: number; stdout: string; stderr: string }) => ({
        code: error.code,
        output: error.stdout + error.stderr,
      }),
    );

  it("moves a folder, tells the counts, and never the password", async () => {
    const folder = await installation();
    const url = await server.createDatabase();
    const first = await run("--from", folder, "--to", url);
    expect(first.output).toMatch(/messages +1200\n/);
    expect(first.output).toMatch(/All of it arrived/);
    expect(first.code).toBe(0);
    const second = await run("--from", folder, "--to", url);
    expect(second.output).toMatch(/Nothing was added/);
    const wrong = new URL(url);
    wrong.password = "wrong-secret";
    const refused = await run("--from", folder, "--to", wrong.href);
    expect(refused).toMatchObject({ code: 1, output: expect.stringMatching(/refused the connection/) as string });
    expect(first.output + second.output).not.toContain(new URL(url).password);
    expect(refused.output).not.toContain("wrong-secret");
  });

  it("moves files to the place of BLOB_URL", async () => {
    const folder = await installation();
    const place = temporaryFolder();
    const env = { BLOB_URL: pathToFileURL(place).href };
    const moved = await runWith(env, "--from", folder, "--to", await server.createDatabase());
    expect(moved.output).toMatch(/blobs +2\n/);
    const blobs = createDiskBlobs(path.join(place, "docent-files"));
    expect(await blobs.measure("d_lease")).toEqual(
      await createDiskBlobs(path.join(folder, "files")).measure("d_lease"),
    );
  });

  it("refuses a folder on which Docent runs, one without data, one of a newer version, and no address", async () => {
    const url = await server.createDatabase();
    const folder = temporaryFolder();
    expect(await run("--from", folder, "--to", url)).toMatchObject({
      code: 1,
      output: expect.stringMatching(/no docent.db.*--from/) as string,
    });
    const source = openDatabase(folder);
    const running = await run("--from", folder, "--to", url);
    expect(running).toMatchObject({ code: 1, output: expect.stringMatching(/already running/) as string });
    source.db.exec("PRAGMA user_version = 999");
    source.close();
    const newer = await run("--from", folder, "--to", url);
    expect(newer).toMatchObject({ code: 1, output: expect.stringMatching(/newer version/) as string });
    expect(await run("--from", folder)).toMatchObject({ code: 1, output: expect.stringMatching(/--to/) as string });
  });
});
