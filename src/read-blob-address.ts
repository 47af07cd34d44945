import { fileURLToPath } from "node:url";
import type { EnvironmentReader } from "./read-environment.ts";
import type { BlobAddress } from "./stores/blob-address.ts";

export const BLOB_VARIABLES = [
  "BLOB_URL",
  "S3_REGION",
  "S3_ACCESS_KEY_ID",
  "S3_SECRET_ACCESS_KEY",
  "S3_SESSION_TOKEN",
] as const;

type BlobVariable = (typeof BLOB_VARIABLES)[number];

const SHAPES = "file:///folder, s3://bucket/prefix, s3+https://host/bucket/prefix or s3+http://host/bucket/prefix";
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** `BLOB_URL` and the variables of its bucket. Without it: the database if there is one, else the data folder. */
export function readBlobAddress(
  read: EnvironmentReader<BlobVariable>,
  problems: string[],
  hasDatabase: boolean,
): BlobAddress {
  const fallback: BlobAddress = { kind: hasDatabase ? "database" : "data-folder" };
  const value = read.text("BLOB_URL");
  const isBucket = value !== undefined && /^s3(\+https?)?:/.test(value);
  if (!isBucket) {
    const halves = BLOB_VARIABLES.filter((name) => name !== "BLOB_URL" && read.text(name) !== undefined);
    if (halves.length > 0) {
      problems.push(
        `${halves.join(" and ")} is set but BLOB_URL names no bucket. Add BLOB_URL=s3://bucket, or remove ${halves.join(" and ")}.`,
      );
    }
  }
  if (value === undefined) return fallback;
  // The value is not shown: whoever writes a password into an address does not want to read it in a log.
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^(file|s3|s3\+https?):$/.test(url.protocol)) {
    problems.push(`BLOB_URL must be ${SHAPES}. Leave it empty for the data folder, or for Postgres with DATABASE_URL.`);
    return fallback;
  }
  if (url.username !== "" || url.password !== "") {
    problems.push("BLOB_URL must hold no user or password. Put them into S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.");
    return fallback;
  }
  if (url.search !== "" || url.hash !== "") {
    problems.push(`BLOB_URL must end after its path, without “?” and “#”: ${SHAPES}.`);
    return fallback;
  }
  return isBucket ? readBucket(url, read, problems) : readFolder(url, problems);
}

function readFolder(url: URL, problems: string[]): BlobAddress {
  try {
    return { kind: "folder", path: fileURLToPath(url) };
  } catch {
    problems.push("BLOB_URL must name a folder of this machine, with three slashes: file:///folder.");
    return { kind: "data-folder" };
  }
}

function readBucket(url: URL, read: EnvironmentReader<BlobVariable>, problems: string[]): BlobAddress {
  const segments = url.pathname.split("/").filter(Boolean).map(decode);
  const isAmazon = url.protocol === "s3:";
  const [bucket = "", ...prefix] = isAmazon ? [url.host, ...segments] : segments;
  if (!BUCKET_NAME.test(bucket) || (!isAmazon && url.host === "")) {
    problems.push(
      `BLOB_URL must name a bucket of 3 to 63 lower-case letters, digits, “-” and “.”: ${isAmazon ? "s3://bucket/prefix" : `${url.protocol}//host/bucket/prefix`}.`,
    );
  }
  const accessKeyId = read.secret("S3_ACCESS_KEY_ID", { minLength: 1 });
  const secretAccessKey = read.secret("S3_SECRET_ACCESS_KEY", { minLength: 8 });
  const missing = (["S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"] as const).filter(
    (name) => read.text(name) === undefined,
  );
  if (missing.length > 0) {
    problems.push(`BLOB_URL names a bucket but ${missing.join(" and ")} is not set. Add it, or remove BLOB_URL.`);
  }
  return {
    kind: "bucket",
    endpoint: isAmazon ? null : `${url.protocol.slice("s3+".length)}//${url.host}`,
    bucket,
    prefix: prefix.join("/"),
    region: read.text("S3_REGION") ?? "us-east-1",
    accessKeyId: accessKeyId ?? "",
    secretAccessKey: secretAccessKey ?? "",
    sessionToken: read.secret("S3_SESSION_TOKEN", { minLength: 1 }),
  };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
