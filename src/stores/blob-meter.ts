import { createHash } from "node:crypto";
import { DocentError } from "../core/errors.ts";

export interface BlobSize {
  readonly sizeBytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

export interface BlobMeter {
  /** @throws DocentError `file_too_large` as soon as it is over its limit */
  add(chunk: Uint8Array): void;
  /** Ends it: to be called once. */
  result(): BlobSize;
}

/** Counts and hashes bytes on their way. */
export function createBlobMeter(maxBytes: number): BlobMeter {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  return {
    add(chunk) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxBytes) {
        throw new DocentError("file_too_large", `A file is larger than ${maxBytes} bytes.`, {
          details: { maxMb: Math.floor(maxBytes / 1024 / 1024) },
        });
      }
      hash.update(chunk);
    },
    result: () => ({ sizeBytes, sha256: hash.digest("hex") }),
  };
}
