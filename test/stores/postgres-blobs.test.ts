import { readdir, readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Blobs } from "../../src/core/ports/stores.ts";
import { openPostgres, type Postgres } from "../../src/stores/postgres/open-postgres.ts";
import { createPostgresBlobs } from "../../src/stores/postgres/postgres-blobs.ts";
import { createTemporaryFiles } from "../../src/stores/temporary-files.ts";
import { chunksOf, describeBlobs, type BlobsUnderTest } from "../contracts/blobs-contract.ts";
import { silentLog } from "../fakes/core-under-test.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { startPostgresServer, type PostgresServer } from "../servers/postgres-server.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgresServer();
});
afterAll(() => server.remove());

async function open(): Promise<BlobsUnderTest & { readonly postgres: Postgres; readonly folder: string }> {
  const url = await server.createDatabase();
  const folder = temporaryFolder();
  const connect = async (): Promise<Postgres> => {
    const connected = await openPostgres({ url, log: silentLog, max: 4 });
    onTestFinished(() => connected.close());
    return connected;
  };
  const blobsOf = (connected: Postgres, place: string): Blobs =>
    createPostgresBlobs(connected, createTemporaryFiles(place));
  const postgres = await connect();
  return {
    postgres,
    folder,
    blobs: blobsOf(postgres, folder),
    elsewhere: blobsOf(await connect(), temporaryFolder()),
    async age(id, byMs) {
      await postgres.query(
        "UPDATE docent.blobs SET written_at = written_at - $2 * interval '1 millisecond' WHERE id = $1",
        [id, byMs],
      );
    },
    async held() {
      const { rows } = await postgres.query<{ uploads: number }>(
        "SELECT count(DISTINCT upload) AS uploads FROM docent.blob_chunks",
      );
      return rows[0]?.uploads ?? 0;
    },
  };
}

describeBlobs("Postgres", open);

describe("blobs in Postgres", () => {
  it("are lent as a copy that only this user can read and that vanishes", async () => {
    const { blobs, folder } = await open();
    await blobs.write("d_1", chunksOf("hello"), { maxBytes: 9 });
    const copies = async (): Promise<string[]> =>
      (await readdir(folder, { recursive: true })).filter((name) => name.includes("/"));
    await blobs.withFile("d_1", async () => {
      expect(await copies()).toHaveLength(1);
    });
    expect(await copies()).toEqual([]);
  });

  it("list an upload that a crash cut off, and remove it without touching a file", async () => {
    const { blobs, held, postgres } = await open();
    await blobs.write("d_1", chunksOf("whole"), { maxBytes: 9 });
    const upload = "0f0e0d0c-0b0a-4908-8706-050403020100";
    await postgres.query("INSERT INTO docent.blob_chunks (upload, position, bytes) VALUES ($1, 0, $2)", [
      upload,
      Buffer.from("half"),
    ]);
    expect(await blobs.list(Date.now() - 60_000)).toEqual([]);
    expect((await blobs.list(Date.now() + 60_000)).toSorted()).toEqual(["d_1", `upload-${upload}`]);
    await blobs.remove(`upload-${upload}`);
    expect(await held()).toBe(1);
    const { rows } = await postgres.query<{ upload: string }>("SELECT upload FROM docent.blobs");
    await blobs.remove(`upload-${rows[0]?.upload}`);
    expect(await blobs.withFile("d_1", (path) => readFile(path, "utf8"))).toBe("whole");
  });

  it("survive a restart of the server in the middle of an upload", async () => {
    const { blobs, held } = await open();
    const megabyte = Buffer.alloc(1024 * 1024, "x");
    async function* interrupted(): AsyncGenerator<Uint8Array> {
      yield* chunksOf(megabyte);
      await server.restart();
      yield* chunksOf(megabyte);
    }
    const written = await blobs.write("d_1", interrupted(), { maxBytes: 4 * megabyte.byteLength });
    expect(written.sizeBytes).toBe(2 * megabyte.byteLength);
    expect(await blobs.withFile("d_1", (path) => readFile(path))).toEqual(Buffer.concat([megabyte, megabyte]));
    expect(await held()).toBe(1);
  });

  it.for([
    ["are missing", "DELETE FROM docent.blob_chunks", /missing in Postgres/],
    ["were changed", "UPDATE docent.blob_chunks SET bytes = 'jello'", /do not match their hash/],
  ] as const)("are not lent when some of their bytes %s", async ([, sql, expected]) => {
    const { blobs, postgres } = await open();
    await blobs.write("d_1", chunksOf("hello"), { maxBytes: 9 });
    await postgres.query(sql);
    let used = false;
    const lent = blobs.withFile("d_1", () => Promise.resolve(void (used = true)));
    await expect(lent).rejects.toThrow(expected);
    expect(used).toBe(false);
  });
});
