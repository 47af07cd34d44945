import { existsSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { BlobAddress } from "../../src/stores/blob-address.ts";
import { createBlobs, type BlobStore } from "../../src/stores/create-blobs.ts";
import { chunksOf } from "../contracts/blobs-contract.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { startS3Server } from "../servers/s3-server.ts";

async function open(address: BlobAddress, dataDir: string): Promise<BlobStore> {
  const store = await createBlobs({ address, dataDir, postgres: null });
  onTestFinished(() => store.close());
  await store.blobs.write("d_1", chunksOf("hello"), { maxBytes: 9 });
  return store;
}

describe("the place of files", () => {
  it("is the data folder, which no other replica uses", async () => {
    const dataDir = temporaryFolder();
    const { isShared } = await open({ kind: "data-folder" }, dataDir);
    expect(isShared).toBe(false);
    expect(readdirSync(path.join(dataDir, "files"))).toEqual(["d_1"]);
  });

  it("is a folder of our own in a shared folder, whose other files are nobody's to sweep", async () => {
    const shared = temporaryFolder();
    writeFileSync(path.join(shared, "report"), "theirs");
    const { blobs, isShared } = await open({ kind: "folder", path: shared }, temporaryFolder());
    expect(isShared).toBe(true);
    expect(await blobs.list(Date.now() + 1000)).toEqual(["d_1"]);
    expect(readdirSync(path.join(shared, "docent-files"))).toEqual(["d_1"]);
  });

  it("is a bucket, of which this machine keeps nothing when it stops", async () => {
    const server = await startS3Server();
    onTestFinished(() => server.close());
    const dataDir = temporaryFolder();
    const { accessKeyId, secretAccessKey, region } = server.credentials;
    const key = { accessKeyId, secretAccessKey, sessionToken: undefined };
    const address = {
      kind: "bucket",
      endpoint: server.url,
      bucket: server.bucket,
      prefix: "",
      region,
      ...key,
    } as const;
    const store = await open(address, dataDir);
    expect(store.isShared).toBe(true);
    expect([...server.objects.keys()]).toEqual(["docent-files/d_1"]);
    expect(await store.check()).toEqual({ ready: true });
    await store.close();
    expect(readdirSync(path.join(dataDir, "temporary"))).toEqual([]);
    expect(existsSync(path.join(dataDir, "files"))).toBe(false);
  });

  it("is refused in words when it cannot be", async () => {
    const dataDir = temporaryFolder();
    const file = path.join(dataDir, "file");
    writeFileSync(file, "");
    await expect(open({ kind: "folder", path: file }, dataDir)).rejects.toThrow(/BLOB_URL .* cannot be used/);
    await expect(open({ kind: "database" }, dataDir)).rejects.toThrow(/Postgres/);
  });
});
