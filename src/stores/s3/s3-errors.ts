import { S3ServiceException } from "@aws-sdk/client-s3";
import { DocentError, isDocentError, toDocentError } from "../../core/errors.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const GONE: ReadonlySet<string> = new Set(["NoSuchKey", "NotFound"]);
const TRANSIENT: ReadonlySet<string> = new Set([
  "InternalError",
  "OperationAborted",
  "RequestTimeout",
  "ServiceUnavailable",
  "SlowDown",
  "Throttling",
  // The client has set its clock by the answer.
  "RequestTimeTooSkewed",
  // The bytes were changed on their way.
  "XAmzContentSHA256Mismatch",
]);
/** MinIO and Ceph; S3 itself is never full. */
const FULL: ReadonlySet<string> = new Set(["XMinioStorageFull", "QuotaExceeded", "InsufficientStorage"]);
/** Of this machine's disk, not of the network. */
const LOCAL: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "ENOENT", "EACCES", "EPERM", "EROFS", "EMFILE", "EIO"]);

const REMEDIES: Readonly<Record<string, string>> = {
  NoSuchBucket: "there is no such bucket. Check BLOB_URL",
  InvalidAccessKeyId: "the access key is not known there. Check S3_ACCESS_KEY_ID",
  SignatureDoesNotMatch: "the signature does not match. Check S3_SECRET_ACCESS_KEY",
  InvalidToken: "the session token is not valid. Check S3_SESSION_TOKEN",
  ExpiredToken: "the session token has expired. Renew S3_SESSION_TOKEN, or use a key that does not expire",
  AuthorizationHeaderMalformed: "the bucket is in another region. Check S3_REGION",
  PermanentRedirect: "the bucket is in another region. Check S3_REGION",
  AccessDenied:
    "the key may not do this. Allow it s3:ListBucket on the bucket and s3:GetObject, s3:PutObject and s3:DeleteObject in it",
  RequestTimeTooSkewed: "the clocks differ by more than 15 minutes. Set this machine's clock",
};

/** Answers to HEAD have no body: these statuses are all that is known. */
const CODE_BY_STATUS: Readonly<Record<number, string>> = { 301: "PermanentRedirect", 403: "AccessDenied" };

export function isGone(error: unknown): boolean {
  return error instanceof S3ServiceException && GONE.has(error.name);
}

/** True when the same request may succeed a moment later: the network broke, or the server is busy. */
export function isTransient(error: unknown): boolean {
  if (isDocentError(error) || !(error instanceof Error) || LOCAL.has(codeOf(error))) return false;
  if (!(error instanceof S3ServiceException)) return true;
  if (FULL.has(error.name)) return false;
  const status = error.$metadata.httpStatusCode ?? 0;
  return TRANSIENT.has(error.name) || status === 429 || (status >= 500 && status !== 501 && status !== 507);
}

/** The server's name of a failure; null when it did not answer. */
export function s3CodeOf(error: unknown): string | null {
  if (!(error instanceof S3ServiceException)) return null;
  const status = error.$metadata.httpStatusCode ?? 0;
  return error.name in REMEDIES ? error.name : (CODE_BY_STATUS[status] ?? error.name);
}

/** A failure in words for whoever runs Docent: with the server's code, without anything of the request. */
export function toStoreError(error: unknown, attempted: string): DocentError {
  if (isDocentError(error)) return error;
  if (LOCAL.has(codeOf(error))) return toDocentError(error, attempted);
  if (!(error instanceof S3ServiceException)) {
    const seen = error instanceof Error && error.message !== "" ? error.message : codeOf(error);
    return new DocentError("internal", `${attempted}: the server of BLOB_URL cannot be reached (${seen}).`, {
      cause: error,
    });
  }
  const status = error.$metadata.httpStatusCode ?? 0;
  const code = s3CodeOf(error) ?? error.name;
  if (FULL.has(code) || status === 507) {
    return new DocentError("storage_full", `${attempted}: the server of BLOB_URL is full (${code}).`, { cause: error });
  }
  return new DocentError("internal", `${attempted}: ${REMEDIES[code] ?? "the server of BLOB_URL refused"} (${code}).`, {
    cause: error,
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "no answer";
}
