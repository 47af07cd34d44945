import { createHash, randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { found, type Diagnosis, type Finding } from "../../core/ports/diagnosis.ts";
import type { TextKey } from "../../core/texts/language.ts";
import type { BucketAddress } from "../blob-address.ts";
import { openBucket } from "./open-bucket.ts";
import { s3CodeOf } from "./s3-errors.ts";

const IDLE_WITHIN_MS = 10_000;
/** Another folder than that of documents, which is swept. */
const FOLDER = "docent-doctor/";

const REMEDIES: Readonly<Record<string, TextKey>> = {
  NoSuchBucket: "doctor.bucket.no_bucket_remedy",
  InvalidAccessKeyId: "doctor.bucket.key_remedy",
  SignatureDoesNotMatch: "doctor.bucket.secret_remedy",
  InvalidToken: "doctor.bucket.token_remedy",
  ExpiredToken: "doctor.bucket.token_remedy",
  AuthorizationHeaderMalformed: "doctor.bucket.region_remedy",
  PermanentRedirect: "doctor.bucket.region_remedy",
  AccessDenied: "doctor.bucket.rights_remedy",
  RequestTimeTooSkewed: "doctor.clock_remedy",
};

/** Writes an object of a few bytes, reads it, lists it and deletes it: all that Docent does with a bucket. */
export async function* diagnoseBucket(address: BucketAddress): Diagnosis {
  const bucket = openBucket(address, { idleWithinMs: IDLE_WITHIN_MS });
  const prefix = address.prefix === "" ? FOLDER : `${address.prefix}/${FOLDER}`;
  const key = `${prefix}${randomUUID()}`;
  const folder = await mkdtemp(path.join(tmpdir(), "docent-doctor-"));
  const file = path.join(folder, "probe");
  let isThere = false;
  try {
    const bytes = Buffer.from("Docent checks whether files can be kept here.\n");
    await writeFile(file, bytes);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    await bucket.put(key, file, { sizeBytes: bytes.byteLength, sha256 });
    isThere = true;
    await bucket.get(key, path.join(folder, "copy"), async function* (read) {
      yield* read;
    });
    for await (const _ of bucket.list(prefix, 1)) break;
    await bucket.delete(key);
    isThere = false;
    yield found("ok", "files.bucket", ["doctor.bucket.ok", { bucket: address.bucket }]);
  } catch (error) {
    yield explain(error, address);
    if (isThere)
      await bucket.delete(key).then(
        () => (isThere = false),
        () => undefined,
      );
    if (isThere) {
      yield found("warning", "files.leftovers", ["doctor.bucket.left", { key }], "doctor.bucket.rights_remedy");
    }
  } finally {
    bucket.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function explain(error: unknown, { bucket, endpoint }: BucketAddress): Finding {
  const code = s3CodeOf(error);
  if (code === null) {
    const seen = ["doctor.unreachable", { service: "S3", address: endpoint ?? "Amazon S3" }] as const;
    return found("problem", "files.bucket", seen, ["doctor.unreachable_remedy", { variable: "BLOB_URL" }]);
  }
  const remedy = REMEDIES[code] ?? "doctor.bucket.server_remedy";
  return found("problem", "files.bucket", ["doctor.bucket.failed", { bucket, code }], remedy);
}
