import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { startPostgresServer, type PostgresServer } from "../servers/postgres-server.ts";
import { startProgram, visit, type Program } from "./program.ts";

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgresServer();
});
afterAll(() => postgres.remove());

/** What means something to SQLite, its full-text search, Postgres, its text search, LIKE, JSON, or a shell. */
const HOSTILE: readonly string[] = [
  "'; DROP TABLE turns; --",
  "x' OR '1'='1",
  '" OR 1=1) UNION SELECT body FROM documents --',
  'laptop" OR text:* NEAR(a b, 3) AND NOT ^x*',
  "laptop:* & !never | 'x' <-> y",
  "%_\\%$1 $2 ${process.env} {{7*7}} %s %n",
  "\\'; SELECT pg_sleep(60); --",
  '{"$gt":""} __proto__ constructor',
  "$(reboot) `reboot` | reboot\r\nX-Injected: 1",
  "a\u0000b\uD800c\u202Ed",
];

const NOTE = { name: "loans.txt", bytes: Buffer.from("A laptop may be borrowed for 14 days.") };

/** Every hostile text as a question, as a file's name and as what stands in a file. */
async function attack(program: Program): Promise<void> {
  const attacker = visit(program, "attacker");
  for (const [index, text] of HOSTILE.entries()) {
    const file = { name: `${text} ${index}.txt`, bytes: Buffer.from(`${text.replaceAll("\0", "")} laptop`) };
    await attacker.ask(`${text} laptop`, [file]);
  }
  const states = async () => (await attacker.messages()).map(({ turn }) => turn?.state);
  await expect.poll(states).toEqual(HOSTILE.flatMap(() => ["answered", "answered"]));
  for (const text of HOSTILE) {
    const { status } = await fetch(`${program.url}/api/channels/${encodeURIComponent(text.toWellFormed())}/messages`);
    expect([400, 404], text).toContain(status);
    const turn = await fetch(`${program.url}/api/turns/${encodeURIComponent(text.toWellFormed())}`);
    expect(turn.status, text).toBe(404);
    const document = await fetch(`${program.url}/api/documents/${encodeURIComponent(text.toWellFormed())}/content`);
    expect(document.status, text).toBe(404);
  }
}

describe("texts that are meant for a database", () => {
  it.for(["SQLite", "Postgres"] as const)(
    "are texts to %s: each is answered, and nothing else is touched",
    { timeout: 120_000 },
    async (store) => {
      const databaseUrl = store === "Postgres" ? await postgres.createDatabase() : undefined;
      const folder = temporaryFolder();
      const program = await startProgram({
        DATA_DIR: folder,
        ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
      });
      const victim = visit(program, "victim");
      await victim.ask("How long may a laptop be borrowed?", [NOTE]);
      await attack(program);
      expect((await victim.documents()).map(({ name, state }) => `${name} ${state}`)).toEqual(["loans.txt ready"]);
      expect(await victim.messages()).toHaveLength(2);
      expect(JSON.stringify(await victim.ask("How long may a laptop be borrowed?"))).toContain("14 days");
      const documents = await visit(program, "attacker").documents();
      expect(documents.map(({ state }) => state)).toEqual(HOSTILE.map(() => "ready"));
      await program.stop();
      expect(await countTurns(folder, databaseUrl)).toBe(HOSTILE.length + 2);
    },
  );
});

async function countTurns(folder: string, databaseUrl: string | undefined): Promise<number> {
  if (databaseUrl === undefined) {
    const db = new DatabaseSync(path.join(folder, "docent.db"), { readOnly: true });
    const count = Number(db.prepare("SELECT count(*) AS n FROM turns").get()?.["n"]);
    db.close();
    return count;
  }
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ n: string }>("SELECT count(*) AS n FROM docent.turns");
  await client.end();
  return Number(rows[0]?.n);
}

describe("names that are paths", () => {
  it("lead nowhere: files are stored by id, for this user alone", async () => {
    const folder = path.join(temporaryFolder(), "data");
    const program = await startProgram({ DATA_DIR: folder });
    const names = ["../../../escaped.txt", "/etc/escaped.txt", "..\\..\\escaped.txt", "files/../../escaped.txt"];
    for (const name of names) {
      await visit(program, "general").ask("What is it?", [{ name, bytes: Buffer.from(`A laptop, ${name}.`) }]);
    }
    const documents = await visit(program, "general").documents();
    expect(documents.map(({ name }) => name)).toEqual(names.map(() => "escaped.txt"));
    const found = readdirSync(path.dirname(folder), { recursive: true, withFileTypes: true });
    expect(found.filter(({ name }) => name.includes("escaped"))).toEqual([]);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const files = found.filter((entry) => entry.isFile() && entry.parentPath.endsWith("files"));
    expect(files).toHaveLength(names.length);
    for (const { parentPath, name } of files) expect(statSync(path.join(parentPath, name)).mode & 0o077).toBe(0);
    await program.stop();
  });
});

describe("another user of the machine", () => {
  it("is a reason for a warning when .env is open to them, and none when it is not", async () => {
    const home = temporaryFolder();
    mkdirSync(path.join(home, "data"));
    const file = path.join(home, ".env");
    writeFileSync(file, "WEB_TOKEN=a-long-token-of-the-team\n");
    chmodSync(file, 0o644);
    const open = await startProgram({ DATA_DIR: path.join(home, "data") }, home);
    await open.stop();
    expect(open.output()).toContain("chmod 600 .env");
    expect(readFileSync(file, "utf8")).toContain("WEB_TOKEN=");
    chmodSync(file, 0o600);
    const closed = await startProgram({ DATA_DIR: path.join(home, "data") }, home);
    await closed.stop();
    expect(closed.output()).not.toContain("chmod");
  });
});
