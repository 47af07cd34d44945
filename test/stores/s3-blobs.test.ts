import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import type { BucketAddress } from "../../src/stores/blob-address.ts";
import { createS3Blobs, type S3Blobs } from "../../src/stores/s3/s3-blobs.ts";
import { createTemporaryFiles } from "../../src/stores/temporary-files.ts";
import { chunksOf, describeBlobs, type BlobsUnderTest } from "../contracts/blobs-contract.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { startS3Server, type S3Server } from "../servers/s3-server.ts";

type Options = Parameters<typeof startS3Server>[0] & {
  readonly change?: Partial<BucketAddress>;
  readonly idleWithinMs?: number;
};

const LIMITS = { maxBytes: 64 * 1024 * 1024 };
const KEY = "docent/docent-files/d_1";

interface Setup extends BlobsUnderTest, Pick<S3Blobs, "check"> {
  readonly server: S3Server;
  readonly folder: string;
}

async function open({ change = {}, idleWithinMs, ...serverOptions }: Options = {}): Promise<Setup> {
  const server = await startS3Server(serverOptions);
  onTestFinished(() => server.close());
  const { credentials, bucket, objects, url } = server;
  const { accessKeyId, secretAccessKey, sessionToken, region } = credentials;
  const address: BucketAddress = {
    kind: "bucket",
    endpoint: url,
    bucket,
    prefix: "docent",
    region,
    accessKeyId,
    secretAccessKey,
    sessionToken,
    ...change,
  };
  const connect = (folder: string): S3Blobs => {
    const connected = createS3Blobs(
      address,
      createTemporaryFiles(folder),
      idleWithinMs === undefined ? {} : { idleWithinMs },
    );
    onTestFinished(() => connected.close());
    return connected;
  };
  const folder = temporaryFolder();
  const { blobs, check } = connect(folder);
  return {
    server,
    folder,
    blobs,
    check,
    elsewhere: connect(temporaryFolder()).blobs,
    age(id, byMs) {
      const key = `docent/docent-files/${id}`;
      const object = objects.get(key);
      if (object !== undefined) {
        objects.set(key, { ...object, lastModified: new Date(object.lastModified.getTime() - byMs) });
      }
      return Promise.resolve();
    },
    held: () => Promise.resolve(objects.size),
  };
}

function read({ blobs }: Setup): Promise<string> {
  return blobs.withFile("d_1", (path) => readFile(path, "utf8"));
}

async function copiesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder, { recursive: true })).filter((name) => name.includes("/"));
}

describeBlobs("a bucket", () => open({ pageSize: 2 }));

describe("blobs in a bucket", () => {
  it("are objects under the prefix, with their hash, and nothing else in the bucket is theirs", async () => {
    const { blobs, server } = await open();
    const { sha256 } = await blobs.write("d_1", chunksOf("hello"), LIMITS);
    expect(server.objects.get(KEY)).toMatchObject({ bytes: Buffer.from("hello"), metadata: { sha256 } });
    for (const key of ["report", "docent/report", "docent/docent-files/a/b", "docent/docent-files/notes.txt"]) {
      server.objects.set(key, { bytes: Buffer.from("theirs"), metadata: {}, lastModified: new Date(0) });
    }
    expect(await blobs.list(Date.now() + 60_000)).toEqual(["d_1"]);
  });

  it("leave no copy on this machine", async () => {
    const { blobs, folder, server } = await open();
    await blobs.write("d_1", chunksOf("hello"), LIMITS);
    expect(await copiesIn(folder)).toEqual([]);
    await blobs.withFile("d_1", async () => {
      expect(await copiesIn(folder)).toHaveLength(1);
    });
    server.fail("GET", "full");
    await expect(blobs.withFile("d_1", () => Promise.resolve())).rejects.toMatchObject({ code: "storage_full" });
    expect(await copiesIn(folder)).toEqual([]);
  });

  it.for([
    ["writing", "PUT", "slow-down", "cut", "spoil-upload"],
    ["reading", "GET", "slow-down", "cut"],
    ["reading, in the middle of the bytes", "GET", "cut-object", "spoil-object"],
  ] as const)("ask again when the server is busy or the network breaks in %s", async ([, method, ...faults]) => {
    const setup = await open();
    await setup.blobs.write("d_1", chunksOf("before"), LIMITS);
    setup.server.fail(method, ...faults);
    const before = setup.server.requests.length;
    if (method === "PUT") await setup.blobs.write("d_1", chunksOf("hello, again"), LIMITS);
    expect(await read(setup)).toBe(method === "PUT" ? "hello, again" : "before");
    const asked = setup.server.requests.slice(before).filter((request) => request.startsWith(method));
    expect(asked).toHaveLength(faults.length + 1);
  });

  it("ask again when the server does not answer", async () => {
    const setup = await open({ idleWithinMs: 1_000 });
    setup.server.fail("PUT", "hang");
    await setup.blobs.write("d_1", chunksOf("hello"), LIMITS);
    setup.server.fail("GET", "hang");
    expect(await read(setup)).toBe("hello");
    expect(setup.server.requests.length).toBeGreaterThanOrEqual(4);
  });

  it("ask again for what has no body", async () => {
    const { blobs, server } = await open();
    await blobs.write("d_1", chunksOf("hello"), LIMITS);
    server.fail("HEAD", "slow-down", "cut");
    expect(await blobs.has("d_1")).toBe(true);
    server.fail("DELETE", "slow-down", "cut");
    await blobs.remove("d_1");
    expect(server.objects.size).toBe(0);
  });

  it("give up on a server that stays busy, and say so", async () => {
    const { blobs, server } = await open();
    server.fail("PUT", ...Array.from({ length: 5 }, () => "slow-down" as const));
    await expect(blobs.write("d_1", chunksOf("hello"), LIMITS)).rejects.toMatchObject({
      code: "internal",
      message: expect.stringContaining("SlowDown"),
    });
    expect(server.requests).toHaveLength(5);
  });

  it("do not lend bytes that stay wrong", async () => {
    const { blobs, server } = await open();
    await blobs.write("d_1", chunksOf("hello"), LIMITS);
    server.fail("GET", ...Array.from({ length: 5 }, () => "spoil-object" as const));
    let used = false;
    const lent = blobs.withFile("d_1", () => Promise.resolve(void (used = true)));
    await expect(lent).rejects.toThrow(/do not match their hash/);
    expect(used).toBe(false);
  });

  it("tell a full server, at once", async () => {
    const { blobs, server } = await open();
    server.fail("PUT", "full");
    await expect(blobs.write("d_1", chunksOf("hello"), LIMITS)).rejects.toMatchObject({ code: "storage_full" });
    expect(server.requests).toHaveLength(1);
  });

  it("store a large file in one piece, without holding its copy", async () => {
    const { blobs, folder, server } = await open();
    const megabyte = Buffer.alloc(1024 * 1024, "x");
    const { sizeBytes } = await blobs.write("d_1", chunksOf(...Array.from({ length: 20 }, () => megabyte)), LIMITS);
    expect(sizeBytes).toBe(20 * megabyte.byteLength);
    expect(server.objects.get(KEY)?.bytes.byteLength).toBe(sizeBytes);
    expect(await copiesIn(folder)).toEqual([]);
  });

  it("work with a temporary key and in another region", async () => {
    const setup = await open({ sessionToken: "a-session-token", region: "eu-central-1" });
    await setup.blobs.write("d_1", chunksOf("hello"), LIMITS);
    expect(await read(setup)).toBe("hello");
    expect(await setup.check()).toEqual({ ready: true });
  });

  it("work although this machine's clock is wrong", async () => {
    const setup = await open();
    setup.server.skew(60 * 60 * 1000);
    await setup.blobs.write("d_1", chunksOf("hello"), LIMITS);
    expect(await read(setup)).toBe("hello");
  });

  it.for([
    ["a wrong secret", { secretAccessKey: "wrong-secret-4711" }, /SignatureDoesNotMatch/, "S3_SECRET_ACCESS_KEY"],
    ["an unknown key", { accessKeyId: "AKIAWRONG4711" }, /InvalidAccessKeyId/, "S3_ACCESS_KEY_ID"],
    ["a bucket that is not there", { bucket: "no-such-bucket" }, /NoSuchBucket/, "BLOB_URL"],
    ["another region", { region: "us-west-2" }, /AuthorizationHeaderMalformed/, "S3_REGION"],
    ["a wrong session token", { sessionToken: "token-4711" }, /InvalidToken/, "S3_SESSION_TOKEN"],
    ["nobody there", { endpoint: "http://127.0.0.1:1" }, /ECONNREFUSED/, "BLOB_URL"],
  ] as const)("say what to do about %s, and no secret", async ([, change, expected, remedy]) => {
    const { blobs, check } = await open({ change });
    const failure: unknown = await blobs.write("d_1", chunksOf("hello"), LIMITS).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "internal", message: expect.stringMatching(expected) });
    expect(String(failure)).toContain(remedy);
    const readiness = await check();
    expect(readiness).toMatchObject({ ready: false, reason: expect.stringMatching(expected) });
    expect(`${String(failure)} ${JSON.stringify(readiness)}`).not.toContain("4711");
  });

  it("say that a key was refused where the server says nothing more", async () => {
    const { blobs } = await open({ change: { secretAccessKey: "wrong-secret-4711" } });
    await expect(blobs.has("d_1")).rejects.toThrow(/AccessDenied/);
  });

  it("refuse an object that lost its hash", async () => {
    const { blobs, server } = await open();
    server.objects.set(KEY, { bytes: Buffer.from("copied"), metadata: {}, lastModified: new Date() });
    await expect(blobs.measure("d_1")).rejects.toThrow(/sha256/);
  });
});
