import { sha256 } from "./check-signature.ts";
import { escapeXml, S3Error, toXml } from "./s3-error.ts";

export interface StoredObject {
  readonly bytes: Buffer;
  /** Without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** S3 keeps whole seconds. */
  readonly lastModified: Date;
}

export type Objects = Map<string, StoredObject>;

/** S3 gives at most so many keys in one answer. */
const MAX_KEYS = 1000;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export function listObjects(objects: Objects, bucket: string, query: URLSearchParams, pageSize: number): string {
  if (query.get("list-type") !== "2") {
    throw new S3Error(501, "NotImplemented", "A header you provided implies functionality that is not implemented");
  }
  const prefix = query.get("prefix") ?? "";
  const asked = Number(query.get("max-keys") ?? MAX_KEYS);
  if (!Number.isInteger(asked) || asked < 0) throw new S3Error(400, "InvalidArgument", "Provided max-keys not valid");
  const maxKeys = Math.min(asked, MAX_KEYS, pageSize);
  const after = readToken(query.get("continuation-token"));
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).toSorted();
  const page = keys.slice(0, maxKeys);
  const isTruncated = keys.length > page.length && page.length > 0;
  const contents = page.map((key) => {
    const object = objects.get(key);
    const lastModified = object?.lastModified.toISOString() ?? "";
    const etag = escapeXml(`"${toEtag(object)}"`);
    return `<Contents><Key>${escapeXml(key)}</Key><LastModified>${lastModified}</LastModified><ETag>${etag}</ETag><Size>${object?.bytes.byteLength ?? 0}</Size><StorageClass>STANDARD</StorageClass></Contents>`;
  });
  return toXml(
    "ListBucketResult",
    {
      Name: bucket,
      Prefix: prefix,
      KeyCount: page.length,
      MaxKeys: maxKeys,
      IsTruncated: String(isTruncated),
      ...(isTruncated ? { NextContinuationToken: Buffer.from(page.at(-1) ?? "").toString("base64") } : {}),
    },
    contents.join(""),
  );
}

function readToken(token: string | null): string {
  if (token === null) return "";
  const key = Buffer.from(token, "base64").toString();
  if (Buffer.from(key).toString("base64") !== token) {
    throw new S3Error(400, "InvalidArgument", "The continuation token provided is incorrect");
  }
  return key;
}

export function toEtag(object: StoredObject | undefined): string {
  return sha256(object?.bytes ?? "").slice(0, 32);
}
