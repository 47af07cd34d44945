import { createReadStream, createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { ByteRange } from "../../core/ports/stores.ts";
import type { BlobSize } from "../blob-meter.ts";
import type { BucketAddress } from "../blob-address.ts";
import { repeatTransient } from "./repeat-transient.ts";

/** What Docent asks of a bucket. Each waits and asks again after a failure that passes; the rest is thrown as it came. */
export interface Bucket {
  /** Stores the file at `path`, whole or not at all. The server refuses bytes that do not match the hash. */
  put(key: string, path: string, size: BlobSize): Promise<void>;
  /** Size and hash as `put` was told them; the hash is undefined of an object that came there otherwise. */
  head(key: string): Promise<{ readonly sizeBytes: number; readonly sha256: string | undefined }>;
  /** Writes an object to the file at `path`; `pass` sees it go by, in a new pass for each attempt. */
  get(key: string, path: string, pass: GetPass): Promise<void>;
  /** Some of an object's bytes; a connection that breaks behind the first of them is not repeated. */
  getRange(key: string, range: ByteRange): Promise<AsyncIterable<Uint8Array>>;
  delete(key: string): Promise<void>;
  /** Keys that begin with `prefix`, without it, and the times (milliseconds since the epoch) of their last writing. */
  list(prefix: string, limit?: number): AsyncIterable<{ readonly name: string; readonly writtenAt: number }>;
  close(): void;
}

/** Sees the bytes of an object go by; given its hash if the server knows it. Throws to have it fetched again. */
export type GetPass = (
  bytes: AsyncIterable<Uint8Array>,
  sha256: string | undefined,
) => AsyncGenerator<Uint8Array, void, undefined>;

const CONNECT_WITHIN_MS = 5_000;
/** A connection on which nothing moves for this long is given up; how long a whole transfer takes is its size's affair. */
const IDLE_WITHIN_MS = 60_000;

/** Opens no connection yet. */
export function openBucket(address: BucketAddress, options: { readonly idleWithinMs?: number } = {}): Bucket {
  const { bucket: Bucket, accessKeyId, secretAccessKey, sessionToken } = address;
  const client = new S3Client({
    region: address.region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    // Servers other than S3 seldom have a host name for each bucket.
    ...(address.endpoint === null ? {} : { endpoint: address.endpoint, forcePathStyle: true }),
    // The client cannot repeat what it streams, so everything is repeated here.
    maxAttempts: 1,
    requestHandler: { connectionTimeout: CONNECT_WITHIN_MS, socketTimeout: options.idleWithinMs ?? IDLE_WITHIN_MS },
    // Its own checksums come in a form that many servers refuse (https://github.com/aws/aws-sdk-js-v3/issues/6810).
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    // What it would print comes to us as an error as well.
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });

  return {
    async put(Key, path, { sizeBytes, sha256 }) {
      await repeatTransient(async () => {
        const body = createReadStream(path);
        const unreadable = new AbortController();
        body.once("error", (error) => unreadable.abort(error));
        const command = new PutObjectCommand({
          Bucket,
          Key,
          Body: body,
          ContentLength: sizeBytes,
          ContentType: "application/octet-stream",
          Metadata: { sha256 },
        });
        // The hash goes into the signature; of a stream the client would sign UNSIGNED-PAYLOAD.
        command.middlewareStack.add(
          (next) => (args) => {
            const request = args.request as { headers: Record<string, string> };
            request.headers["x-amz-content-sha256"] = sha256;
            return next(args);
          },
          { step: "build", name: "signPayload" },
        );
        try {
          await client.send(command, { abortSignal: unreadable.signal });
        } catch (error) {
          throw unreadable.signal.aborted ? unreadable.signal.reason : error;
        } finally {
          body.destroy();
        }
      });
    },
    async head(Key) {
      return await repeatTransient(async () => {
        const { ContentLength = 0, Metadata } = await client.send(new HeadObjectCommand({ Bucket, Key }));
        return { sizeBytes: ContentLength, sha256: Metadata?.["sha256"] };
      });
    },
    async get(Key, path, pass) {
      await repeatTransient(async () => {
        const { Body, Metadata } = await client.send(new GetObjectCommand({ Bucket, Key }));
        if (!(Body instanceof Readable)) throw new TypeError("The S3 client gave no stream.");
        await pipeline(
          Body,
          (bytes: AsyncIterable<Uint8Array>) => pass(bytes, Metadata?.["sha256"]),
          createWriteStream(path, { mode: 0o600 }),
        );
      });
    },
    async getRange(Key, { start, end }) {
      return await repeatTransient(async () => {
        const command = new GetObjectCommand({ Bucket, Key, Range: `bytes=${start}-${end}` });
        const { Body } = await client.send(command);
        if (!(Body instanceof Readable)) throw new TypeError("The S3 client gave no stream.");
        return Body as AsyncIterable<Uint8Array>;
      });
    },
    async delete(Key) {
      await repeatTransient(() => client.send(new DeleteObjectCommand({ Bucket, Key })));
    },
    async *list(Prefix, limit) {
      for (let ContinuationToken: string | undefined; ;) {
        const page = await repeatTransient(() =>
          client.send(new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken, MaxKeys: limit })),
        );
        for (const { Key = "", LastModified } of page.Contents ?? []) {
          yield { name: Key.slice(Prefix.length), writtenAt: LastModified?.getTime() ?? Number.POSITIVE_INFINITY };
        }
        ContinuationToken = page.NextContinuationToken;
        if (ContinuationToken === undefined || limit !== undefined) return;
      }
    },
    close: () => client.destroy(),
  };
}
