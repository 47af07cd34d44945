import { open } from "node:fs/promises";
import { DocentError, toDocentError } from "../../core/errors.ts";
import type { Readiness } from "../../core/ports/readiness.ts";
import type { Blobs } from "../../core/ports/stores.ts";
import type { BucketAddress } from "../blob-address.ts";
import { checkBlobId, isBlobId } from "../blob-id.ts";
import { createBlobMeter, type BlobSize } from "../blob-meter.ts";
import type { TemporaryFiles } from "../temporary-files.ts";
import { openBucket } from "./open-bucket.ts";
import { isGone, toStoreError } from "./s3-errors.ts";

export interface S3Blobs {
  readonly blobs: Blobs;
  readonly check: () => Promise<Readiness>;
  readonly close: () => void;
}

/** Under the prefix of the address: what else is in the bucket is none of ours, and is never swept. */
const FOLDER = "docent-files/";

/**
 * Files in a bucket, one object each. A file is received into `temporary` first: the server is told its length and hash
 * before its bytes, so an object is there whole or not at all. `withFile` lends a copy in `temporary`.
 */
export function createS3Blobs(
  address: BucketAddress,
  temporary: TemporaryFiles,
  options: { readonly idleWithinMs?: number } = {},
): S3Blobs {
  const bucket = openBucket(address, options);
  const folder = address.prefix === "" ? FOLDER : `${address.prefix}/${FOLDER}`;
  const keyOf = (id: string): string => folder + checkBlobId(id);

  /** Where the object is missing, `instead`; what else goes wrong is said in our words. */
  async function ask<T>(attempted: string, work: () => Promise<T>, instead: () => T = refuseGone): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isGone(error)) return instead();
      throw toStoreError(error, attempted);
    }
  }

  const blobs: Blobs = {
    async write(id, bytes, { maxBytes }) {
      const key = keyOf(id);
      return await temporary.withPath(async (path) => {
        const size = await receive(bytes, path, maxBytes);
        await ask("Storing a file", () => bucket.put(key, path, size));
        return size;
      });
    },
    async has(id) {
      const key = keyOf(id);
      const find = (): Promise<boolean> => bucket.head(key).then(() => true);
      return await ask("Looking for a stored file", find, () => false);
    },
    async measure(id) {
      const key = keyOf(id);
      const { sizeBytes, sha256 } = await ask("Measuring a stored file", () => bucket.head(key));
      if (sha256 === undefined) {
        throw new DocentError(
          "internal",
          "A stored file has lost its metadata `sha256`. Copy the bucket with metadata.",
        );
      }
      return { sizeBytes, sha256 };
    },
    async *read(id, range) {
      const key = keyOf(id);
      yield* await ask("Reading a stored file", () => bucket.getRange(key, range));
    },
    async withFile(id, use) {
      const key = keyOf(id);
      return await temporary.withPath(async (path) => {
        await ask("Fetching a stored file", () => bucket.get(key, path, passWhole));
        return await use(path);
      });
    },
    withFolder: (use) => temporary.withFolder(use),
    async remove(id) {
      const key = keyOf(id);
      await ask(
        "Deleting a stored file",
        () => bucket.delete(key),
        () => undefined,
      );
    },
    async list(writtenBefore) {
      return await ask("Listing the stored files", async () => {
        const ids: string[] = [];
        for await (const { name, writtenAt } of bucket.list(folder)) {
          if (writtenAt < writtenBefore && isBlobId(name)) ids.push(name);
        }
        return ids;
      });
    },
  };

  return {
    blobs,
    async check() {
      try {
        for await (const _ of bucket.list(folder, 1)) break;
        return { ready: true };
      } catch (error) {
        return { ready: false, reason: toStoreError(error, "Looking into the bucket").message };
      }
    },
    close: () => bucket.close(),
  };
}

function refuseGone(): never {
  throw new DocentError("file_gone", "A stored file is missing.");
}

async function receive(bytes: AsyncIterable<Uint8Array>, path: string, maxBytes: number): Promise<BlobSize> {
  const meter = createBlobMeter(maxBytes);
  try {
    const file = await open(path, "w", 0o600);
    try {
      for await (const chunk of bytes) {
        meter.add(chunk);
        await file.writeFile(chunk);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    throw toDocentError(error, "Storing a file");
  }
  return meter.result();
}

/** Lets bytes pass, and fails at their end when they are not what was stored. */
async function* passWhole(
  bytes: AsyncIterable<Uint8Array>,
  expected: string | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const meter = createBlobMeter(Number.POSITIVE_INFINITY);
  for await (const chunk of bytes) {
    meter.add(chunk);
    yield chunk;
  }
  const { sha256 } = meter.result();
  if (expected !== undefined && sha256 !== expected) throw new Error("the bytes do not match their hash");
}
