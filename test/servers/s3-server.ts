import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { checkSignature, sha256, type S3Credentials } from "./s3/check-signature.ts";
import { listObjects, toEtag, type Objects } from "./s3/objects.ts";
import { S3Error, toErrorXml } from "./s3/s3-error.ts";

export type S3Fault =
  /** 503, as S3 asks for fewer requests. */
  | "slow-down"
  /** 507, as MinIO says that its disk is full. */
  | "full"
  /** The connection ends without an answer. */
  | "cut"
  /** What is to be stored arrives with one bit changed. */
  | "spoil-upload"
  /** The connection ends in the middle of an object. */
  | "cut-object"
  /** An object arrives with one bit changed. */
  | "spoil-object"
  /** No answer, ever. */
  | "hang";

export interface S3Server {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly credentials: S3Credentials;
  readonly bucket: string;
  /** What is in the bucket, by key. */
  readonly objects: Objects;
  /** Every request that came, as `PUT /bucket/key`. */
  readonly requests: readonly string[];
  /** The next requests of a method meet these faults, one each. */
  fail(method: string, ...faults: readonly S3Fault[]): void;
  /** Sets its clock apart from this machine's. */
  skew(byMs: number): void;
  close(): Promise<void>;
}

/**
 * A bucket in memory behind the part of S3's protocol that keeps whole objects, as strict as S3 with signatures, hashes,
 * lengths and clocks. The bucket is in the path of the address.
 */
export async function startS3Server(
  options: { readonly sessionToken?: string; readonly region?: string; readonly pageSize?: number } = {},
): Promise<S3Server> {
  const bucket = "our-files";
  const credentials: S3Credentials = {
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    sessionToken: options.sessionToken,
    region: options.region ?? "us-east-1",
  };
  const objects: Objects = new Map();
  const requests: string[] = [];
  const faults: { readonly method: string; readonly fault: S3Fault }[] = [];
  let skewMs = 0;
  const now = (): number => Date.now() + skewMs;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url: target = "/" } = request;
    requests.push(`${method} ${target.split("?")[0]}`);
    const at = faults.findIndex((each) => each.method === method);
    const fault = at === -1 ? null : (faults.splice(at, 1)[0]?.fault ?? null);
    if (fault === "hang") return;
    if (fault === "cut") {
      request.destroy();
      return;
    }
    const headers = flatten(request);
    if (method === "PUT" && headers["content-length"] === undefined) {
      throw new S3Error(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
    }
    const hash = checkSignature({ method, target, headers }, credentials, now());
    if (fault === "slow-down") throw new S3Error(503, "SlowDown", "Please reduce your request rate.");
    if (fault === "full") throw new S3Error(507, "XMinioStorageFull", "Storage backend has reached its minimum free.");
    const url = new URL(target, "http://localhost");
    const [, bucketName = "", ...rest] = url.pathname.split("/").map(decodeURIComponent);
    if (bucketName !== bucket) throw new S3Error(404, "NoSuchBucket", "The specified bucket does not exist");
    const key = rest.join("/");
    const body = await readBody(request, { hash, isSpoilt: fault === "spoil-upload" });
    if (key === "" && method === "GET") {
      const xml = listObjects(objects, bucket, url.searchParams, options.pageSize ?? Number.POSITIVE_INFINITY);
      response.writeHead(200, { "content-type": "application/xml" }).end(xml);
      return;
    }
    await serveObject({ method, key, body, headers, fault }, response);
  }

  async function serveObject(
    asked: { method: string; key: string; body: Buffer; headers: Record<string, string>; fault: S3Fault | null },
    response: ServerResponse,
  ): Promise<void> {
    const { method, key, body, headers, fault } = asked;
    if (method === "PUT") {
      const metadata = Object.entries(headers).flatMap(([name, value]) =>
        name.startsWith("x-amz-meta-") ? [[name.slice("x-amz-meta-".length), value] as const] : [],
      );
      const object = {
        bytes: body,
        metadata: Object.fromEntries(metadata),
        lastModified: new Date(Math.floor(now() / 1000) * 1000),
      };
      objects.set(key, object);
      response.writeHead(200, { etag: `"${toEtag(object)}"` }).end();
      return;
    }
    if (method === "DELETE") {
      objects.delete(key);
      response.writeHead(204).end();
      return;
    }
    if (method !== "GET" && method !== "HEAD") {
      throw new S3Error(405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
    }
    const object = objects.get(key);
    if (object === undefined) throw new S3Error(404, "NoSuchKey", "The specified key does not exist.");
    const part = toRange(headers.range, object.bytes.byteLength);
    const bytes = part === null ? object.bytes : object.bytes.subarray(part.start, part.end + 1);
    response.writeHead(part === null ? 200 : 206, {
      ...(part === null ? {} : { "content-range": `bytes ${part.start}-${part.end}/${object.bytes.byteLength}` }),
      "content-type": "application/octet-stream",
      "content-length": bytes.byteLength,
      "last-modified": object.lastModified.toUTCString(),
      etag: `"${toEtag(object)}"`,
      ...Object.fromEntries(Object.entries(object.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
    });
    if (fault === "cut-object") {
      response.write(bytes.subarray(0, bytes.byteLength / 2), () => response.destroy());
      return;
    }
    response.end(method === "HEAD" ? undefined : fault === "spoil-object" ? spoil(bytes) : bytes);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent) return response.destroy();
      const known = error instanceof S3Error ? error : new S3Error(500, "InternalError", String(error));
      const xml = request.method === "HEAD" ? "" : toErrorXml(known, request.url ?? "");
      response.sendDate = false;
      response.writeHead(known.status, { "content-type": "application/xml", date: new Date(now()).toUTCString() });
      return response.end(xml);
    });
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials,
    bucket,
    objects,
    requests,
    fail: (method, ...given) => void faults.push(...given.map((fault) => ({ method, fault }))),
    skew: (byMs) => void (skewMs = byMs),
    async close() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}

function flatten(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(",") : (value ?? ""),
    ]),
  );
}

/** The whole body, which must have the hash that was signed. */
async function readBody(
  request: IncomingMessage,
  { hash, isSpoilt }: { hash: string | null; isSpoilt: boolean },
): Promise<Buffer> {
  const sent = await buffer(request);
  const body = isSpoilt ? spoil(sent) : sent;
  if (hash !== null && sha256(body) !== hash) {
    throw new S3Error(
      400,
      "XAmzContentSHA256Mismatch",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      { ClientComputedContentSHA256: hash, S3ComputedContentSHA256: sha256(body) },
    );
  }
  return body;
}

function spoil(bytes: Buffer): Buffer {
  const spoilt = Buffer.from(bytes);
  spoilt[0] = (spoilt[0] ?? 0) ^ 1;
  return spoilt;
}

/** S3 answers one range: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
function toRange(header: string | undefined, size: number): { start: number; end: number } | null {
  if (header === undefined) return null;
  const [, start = "", end = ""] = /^bytes=(\d+)-(\d+)$/.exec(header) ?? [];
  if (start === "" || Number(start) > Number(end)) return null;
  if (Number(start) >= size) throw new S3Error(416, "InvalidRange", "The requested range is not satisfiable");
  return { start: Number(start), end: Math.min(Number(end), size - 1) };
}
