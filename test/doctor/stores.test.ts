import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { MIGRATIONS } from "../../src/stores/postgres/schema.ts";
import { startPostgresServer, type PostgresServer } from "../servers/postgres-server.ts";
import { startS3Server, type S3Server } from "../servers/s3-server.ts";
import { complaintsOf, examine, expectOnly, type Expected } from "./examine.ts";

interface PostgresMistake {
  readonly label: string;
  /** Makes it in an empty database; returns the address to use. */
  readonly plant: (url: string, run: (sql: string) => Promise<void>) => Promise<string>;
  readonly expected: Expected;
}

interface BucketMistake {
  readonly label: string;
  readonly change: (env: Readonly<Record<string, string>>, server: S3Server) => Readonly<Record<string, string>>;
  readonly expected: Expected;
}

const POSTGRES_MISTAKES: readonly PostgresMistake[] = [
  {
    label: "a wrong password",
    plant: (url) => Promise.resolve(change(url, { password: "planted-0123456789" })),
    expected: {
      subject: "store.postgres",
      seen: /refuses the user or the password/,
      remedy: /right user and password into DATABASE_URL/,
    },
  },
  {
    label: "a database that is not there",
    plant: (url) => Promise.resolve(change(url, { pathname: "/nowhere" })),
    expected: { subject: "store.postgres", seen: /has no database nowhere/, remedy: /createdb nowhere/ },
  },
  {
    label: "a server that does not run",
    plant: (url) => Promise.resolve(change(url, { port: "9" })),
    expected: {
      subject: "store.postgres",
      seen: /Postgres cannot be reached at 127\.0\.0\.1:9/,
      remedy: /Start Postgres .*host and port of DATABASE_URL/,
    },
  },
  {
    label: "a root certificate that is not there",
    plant: (url) => Promise.resolve(`${url}?sslmode=verify-full&sslrootcert=/nowhere/root.crt`),
    expected: {
      subject: "store.postgres",
      seen: /Postgres at 127\.0\.0\.1:\d+, database .* \(ENOENT\)/,
      remedy: /DATABASE_URL/,
    },
  },
  {
    label: "a user who may make nothing",
    async plant(url, run) {
      await run("CREATE ROLE reader LOGIN PASSWORD 'reader-password'");
      return change(url, { username: "reader", password: "reader-password" });
    },
    expected: {
      subject: "store.postgres.rights",
      seen: /may not make a schema/,
      remedy: /GRANT CREATE ON DATABASE/,
    },
  },
  {
    label: "a database that takes no changes",
    async plant(url, run) {
      await run(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET default_transaction_read_only = on`);
      return url;
    },
    expected: {
      subject: "store.postgres.writable",
      seen: /takes no changes/,
      remedy: /primary server in DATABASE_URL, or switch default_transaction_read_only off/,
    },
  },
  {
    label: "tables of a newer version",
    async plant(url, run) {
      await run("CREATE SCHEMA docent; CREATE TABLE docent.schema_version (version integer NOT NULL)");
      await run(`INSERT INTO docent.schema_version VALUES (${MIGRATIONS.length + 1})`);
      return url;
    },
    expected: { subject: "store.database", seen: /newer version of Docent/, remedy: /Update Docent .*DATABASE_URL/ },
  },
  {
    label: "an encoding that cannot hold every text",
    async plant(url, run) {
      await run("CREATE DATABASE narrow ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
      return change(url, { pathname: "/narrow" });
    },
    expected: { subject: "store.postgres.encoding", seen: /encoded in LATIN1/, remedy: /createdb --encoding=UTF8/ },
  },
  {
    label: "a server with no connections to spare",
    async plant(url) {
      const others = Array.from({ length: 14 }, () => new Client(url));
      for (const other of others) {
        other.on("error", () => undefined);
        await other.connect();
      }
      onTestFinished(async () => {
        await Promise.all(others.map((other) => other.end()));
      });
      return url;
    },
    expected: {
      subject: "store.postgres.connections",
      status: "warning",
      seen: /connections left; a replica needs 11/,
      remedy: /Raise max_connections in postgresql\.conf/,
    },
  },
];

const BUCKET_MISTAKES: readonly BucketMistake[] = [
  {
    label: "a bucket that is not there",
    change: (env, { url }) => ({ ...env, BLOB_URL: `s3+${url}/nowhere` }),
    expected: { subject: "files.bucket", seen: /NoSuchBucket/, remedy: /Make the bucket, .* into BLOB_URL/ },
  },
  {
    label: "an access key that nobody knows",
    change: (env) => ({ ...env, S3_ACCESS_KEY_ID: "AKIAPLANTED" }),
    expected: { subject: "files.bucket", seen: /InvalidAccessKeyId/, remedy: /S3_ACCESS_KEY_ID/ },
  },
  {
    label: "a wrong secret",
    change: (env) => ({ ...env, S3_SECRET_ACCESS_KEY: "planted-0123456789" }),
    expected: { subject: "files.bucket", seen: /SignatureDoesNotMatch/, remedy: /S3_SECRET_ACCESS_KEY/ },
  },
  {
    label: "another region",
    change: (env) => ({ ...env, S3_REGION: "eu-central-1" }),
    expected: { subject: "files.bucket", seen: /AuthorizationHeaderMalformed/, remedy: /Set S3_REGION/ },
  },
  {
    label: "a server that is full",
    change(env, server) {
      server.fail("PUT", "full");
      return env;
    },
    expected: { subject: "files.bucket", seen: /XMinioStorageFull/, remedy: /BLOB_URL .*free space/ },
  },
  {
    label: "a server that does not run",
    change: (env) => ({ ...env, BLOB_URL: "s3+http://127.0.0.1:9/our-files" }),
    expected: { subject: "files.bucket", seen: /S3 cannot be reached/, remedy: /BLOB_URL/ },
  },
];

describe("the doctor at Postgres", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgresServer({ flags: ["-c", "max_connections=25"] });
  });
  afterAll(async () => {
    await server.remove();
  });

  it.for(POSTGRES_MISTAKES.map((mistake) => [mistake.label, mistake] as const))("names %s", async ([, mistake]) => {
    const own = await server.createDatabase();
    const DATABASE_URL = await mistake.plant(own, (sql) => runSql(own, sql));
    const findings = await examine({ DATABASE_URL });
    expectOnly(findings, mistake.expected);
    expect(JSON.stringify(findings)).not.toContain(new URL(DATABASE_URL).password);
  });

  it("finds nothing wrong with an empty database, and changes nothing in it", async () => {
    const DATABASE_URL = await server.createDatabase();
    const findings = await examine({ DATABASE_URL });
    expect(complaintsOf(findings)).toEqual([]);
    expect(findings.find(({ subject }) => subject === "store.postgres")?.seen).toMatch(/^Postgres 18 answers at/);
    await expect(runSql(DATABASE_URL, "CREATE SCHEMA docent")).resolves.toBeUndefined();
  });
});

describe("the doctor at a bucket", () => {
  it.for(BUCKET_MISTAKES.map((mistake) => [mistake.label, mistake] as const))("names %s", async ([, mistake]) => {
    const { server, env } = await startBucket();
    expectOnly(await examine(mistake.change(env, server)), mistake.expected);
    expect(server.objects.size).toBe(0);
  });

  it("writes, reads, lists and deletes an object, and leaves none", async () => {
    const { server, env } = await startBucket();
    const findings = await examine(env);
    expect(complaintsOf(findings)).toEqual([]);
    expect(findings.find(({ subject }) => subject === "files.bucket")?.status).toBe("ok");
    expect(server.requests.map((request) => request.split(" ")[0])).toEqual(["PUT", "GET", "GET", "DELETE"]);
    expect(server.objects.size).toBe(0);
  });
});

async function startBucket(): Promise<{ server: S3Server; env: Record<string, string> }> {
  const server = await startS3Server();
  onTestFinished(() => server.close());
  const { accessKeyId, secretAccessKey } = server.credentials;
  const env = {
    BLOB_URL: `s3+${server.url}/${server.bucket}`,
    S3_ACCESS_KEY_ID: accessKeyId,
    S3_SECRET_ACCESS_KEY: secretAccessKey,
  };
  return { server, env };
}

function change(url: string, parts: Readonly<Partial<Record<"username" | "password" | "port" | "pathname", string>>>) {
  return Object.assign(new URL(url), parts).href;
}

async function runSql(url: string, sql: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
