import { createHash, randomUUID } from "node:crypto";
import type { Postgres } from "../postgres/open-postgres.ts";
import type { BlobTarget } from "./move-blobs.ts";

const CHUNK_BYTES = 1024 * 1024;

/** Files as rows of at most 1 MiB. A file is there once its row is, which is written last. */
export function createBlobRows(postgres: Postgres): BlobTarget {
  return {
    async has(id) {
      return (await postgres.query("SELECT 1 FROM docent.blobs WHERE id = $1", [id])).rows.length > 0;
    },
    async write(id, bytes) {
      const upload = randomUUID();
      const hash = createHash("sha256");
      let sizeBytes = 0;
      let chunks = 0;
      for await (const piece of bytes) {
        hash.update(piece);
        sizeBytes += piece.byteLength;
        for (let start = 0; start < piece.byteLength; start += CHUNK_BYTES) {
          await postgres.query(
            `INSERT INTO docent.blob_chunks (upload, position, bytes) VALUES ($1, $2, $3)
             ON CONFLICT (upload, position) DO NOTHING`,
            [upload, chunks, piece.subarray(start, start + CHUNK_BYTES)],
          );
          chunks += 1;
        }
      }
      const sha256 = hash.digest("hex");
      await postgres.query(
        `INSERT INTO docent.blobs (id, size_bytes, sha256, chunks, upload) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO NOTHING`,
        [id, sizeBytes, sha256, chunks, upload],
      );
      return { sizeBytes, sha256 };
    },
  };
}
