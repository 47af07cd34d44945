import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { S3Error } from "./s3-error.ts";

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly region: string;
}

export interface SignedRequest {
  readonly method: string;
  /** As it was sent: path and query, encoded. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

const MAX_SKEW_MS = 15 * 60 * 1000;
const AUTHORIZATION = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([\da-f]{64})$/;

/**
 * Checks the signature in the header as S3 does, and returns the hash that the body must have, or null where the client
 * left it out. https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html @throws S3Error
 */
export function checkSignature(request: SignedRequest, credentials: S3Credentials, now: number): string | null {
  const { headers } = request;
  if (headers["authorization"] === undefined) throw new S3Error(403, "AccessDenied", "Access Denied");
  const [, credential = "", signed = "", signature = ""] = AUTHORIZATION.exec(headers["authorization"]) ?? [];
  const [accessKeyId, day = "", region = "", service, end] = credential.split("/");
  if (end !== "aws4_request" || service !== "s3") {
    throw new S3Error(400, "AuthorizationHeaderMalformed", "The authorization header is malformed.");
  }
  if (accessKeyId !== credentials.accessKeyId) {
    throw new S3Error(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.");
  }
  if (region !== credentials.region) {
    throw new S3Error(
      400,
      "AuthorizationHeaderMalformed",
      `The authorization header is malformed; the region '${region}' is wrong; expecting '${credentials.region}'`,
      { Region: credentials.region },
    );
  }
  checkTime(headers["x-amz-date"], day, now);
  const payload = headers["x-amz-content-sha256"];
  if (payload === undefined) {
    throw new S3Error(400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
  }
  const names = signed.split(";");
  const unsigned = Object.keys(headers).filter((name) => name.startsWith("x-amz-") && !names.includes(name));
  if (!names.includes("host") || unsigned.length > 0) {
    throw new S3Error(403, "AccessDenied", "There were headers present in the request which were not signed", {
      HeadersNotSigned: unsigned.join(", "),
    });
  }
  const expected = sign(request, { ...credentials, day, names, payload });
  if (!timingSafeEqual(Buffer.from(signature), Buffer.from(expected))) {
    throw new S3Error(
      403,
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    );
  }
  if (headers["x-amz-security-token"] !== credentials.sessionToken) {
    throw new S3Error(400, "InvalidToken", "The provided token is malformed or otherwise invalid.");
  }
  if (payload === "UNSIGNED-PAYLOAD") return null;
  if (/^[\da-f]{64}$/.test(payload)) return payload;
  throw new S3Error(501, "NotImplemented", "A header you provided implies functionality that is not implemented");
}

function checkTime(time: string | undefined, day: string, now: number): void {
  const [, year, month, date, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time ?? "") ?? [];
  const at = Date.parse(`${year}-${month}-${date}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(at) || day !== time?.slice(0, 8)) {
    throw new S3Error(403, "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header");
  }
  if (Math.abs(at - now) > MAX_SKEW_MS) {
    throw new S3Error(
      403,
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
      {
        RequestTime: time,
        ServerTime: new Date(now).toISOString(),
        MaxAllowedSkewMilliseconds: String(MAX_SKEW_MS),
      },
    );
  }
}

function sign(
  { method, target, headers }: SignedRequest,
  scope: S3Credentials & { readonly day: string; readonly names: readonly string[]; readonly payload: string },
): string {
  const [path = "/", query = ""] = target.split("?", 2);
  const canonical = [
    method,
    path,
    toCanonicalQuery(query),
    ...scope.names.map((name) => `${name}:${(headers[name] ?? "").trim().replaceAll(/ +/g, " ")}`),
    "",
    scope.names.join(";"),
    scope.payload,
  ].join("\n");
  const scopeText = `${scope.day}/${scope.region}/s3/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scopeText, sha256(canonical)].join("\n");
  const hmac = (key: string | Buffer, value: string): Buffer => createHmac("sha256", key).update(value).digest();
  const key = [scope.region, "s3", "aws4_request"].reduce(
    (previous, part) => hmac(previous, part),
    hmac(`AWS4${scope.secretAccessKey}`, scope.day),
  );
  return hmac(key, text).toString("hex");
}

function toCanonicalQuery(query: string): string {
  if (query === "") return "";
  const encode = (text: string): string =>
    encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  return query
    .split("&")
    .map((pair) => pair.split("=", 2).map((part) => encode(decodeURIComponent(part))))
    .map(([name = "", value = ""]) => `${name}=${value}`)
    .toSorted()
    .join("&");
}

export function sha256(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
