import type { BlobAddress } from "./blob-address.ts";
import { found, type Diagnosis } from "../core/ports/diagnosis.ts";
import { diagnoseFolder } from "./diagnose-folder.ts";

/** The place of `BLOB_URL`; of the data folder and of Postgres others tell. */
export async function* diagnoseBlobs(
  address: BlobAddress,
  options: { readonly freeBytes?: (folder: string) => number } = {},
): Diagnosis {
  if (address.kind === "folder") {
    const findings = diagnoseFolder(address.path, { ...options, subject: "files", variable: "BLOB_URL" });
    // A folder that nobody has mounted looks like one that is to be made.
    const isMissing = findings.some(({ seen }) => seen.key === "doctor.store.to_be_made");
    if (!isMissing) return yield* findings;
    const seen = ["doctor.store.no_folder", { folder: address.path }] as const;
    yield found("warning", "files.writable", seen, ["doctor.store.no_folder_remedy", { folder: address.path }]);
  }
  if (address.kind !== "bucket") return;
  // Loaded only when it is used: the SDK takes 35 MB of memory.
  const { diagnoseBucket } = await import("./s3/diagnose-bucket.ts");
  yield* diagnoseBucket(address);
}
