import type { BlobAddress } from "./blob-address.ts";
import { found, type Diagnosis, type Finding } from "../core/ports/diagnosis.ts";
import { diagnoseFolder, type DiskProbe } from "./diagnose-folder.ts";

/** The place of `BLOB_URL`; of the data folder and of Postgres others tell. */
export async function* diagnoseBlobs(address: BlobAddress, options: DiskProbe = {}): Diagnosis {
  if (address.kind === "folder") {
    const findings = diagnoseFolder(address.path, { ...options, subject: "files", variable: "BLOB_URL" });
    // A folder that nobody has mounted looks like one that is to be made.
    const isMissing = findings.some(({ seen }) => seen.key === "doctor.store.to_be_made");
    yield* isMissing ? [explainMissing(address.path)] : findings;
  }
  if (address.kind === "bucket") {
    // Loaded only when it is used: the SDK takes 35 MB of memory.
    const { diagnoseBucket } = await import("./s3/diagnose-bucket.ts");
    yield* diagnoseBucket(address);
  }
}

function explainMissing(folder: string): Finding {
  const remedy = ["doctor.store.no_folder_remedy", { folder }] as const;
  return found("warning", "files.writable", ["doctor.store.no_folder", { folder }], remedy);
}
