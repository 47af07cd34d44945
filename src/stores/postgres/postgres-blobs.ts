import { randomUUID } from "node:crypto";
import { open } from "node:fs/promises";
import { DocentError, toDocentError } from "../../core/errors.ts";
import type { Blobs } from "../../core/ports/stores.ts";
import { checkBlobId } from "../blob-id.ts";
import { createBlobMeter } from "../blob-meter.ts";
import type { TemporaryFiles } from "../temporary-files.ts";
import { toPieces } from "../to-pieces.ts";
import type { Postgres } from "./open-postgres.ts";

interface BlobRow {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly chunks: number;
  readonly upload: string;
}

/** One statement writes or reads one; the driver holds it a few times over. */
const CHUNK_BYTES = 1024 * 1024;

/** `list` names an upload that never ended so, and `remove` takes it. */
const UPLOAD_ID = /^upload-([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/;

/** Only of one that is not visible: an answer that was lost may have been a yes. */
const DELETE_UPLOAD = `DELETE FROM docent.blob_chunks
  WHERE upload = $1 AND NOT EXISTS (SELECT FROM docent.blobs WHERE blobs.upload = $1)`;

/**
 * Files in the database. An upload writes its chunks first, under a number of its own; the row that names them comes
 * last and makes them visible, so that a reader never finds half a file. `withFile` lends a copy in `temporary`.
 */
export function createPostgresBlobs(postgres: Postgres, temporary: TemporaryFiles): Blobs {
  async function find(id: string): Promise<BlobRow> {
    const { rows } = await postgres.query<BlobRow>(
      `SELECT size_bytes AS "sizeBytes", sha256, chunks, upload FROM docent.blobs WHERE id = $1`,
      [checkBlobId(id)],
    );
    const [row] = rows;
    if (row === undefined) throw new DocentError("file_gone", "A stored file is missing.");
    return row;
  }

  async function writeChunk(upload: string, position: number, bytes: Buffer): Promise<void> {
    await postgres.query(
      `INSERT INTO docent.blob_chunks (upload, position, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
      [upload, position, bytes],
    );
  }

  /** Makes an upload the file of its id; the chunks of the one before it go in the same transaction. */
  async function publish(id: string, { upload, chunks, sizeBytes, sha256 }: BlobRow): Promise<void> {
    await postgres.transaction(async (query) => {
      // Two that write one id at once: the second must see what the first one left.
      await query("SELECT pg_advisory_xact_lock(hashtextextended('docent.blobs ' || $1, 0))", [id]);
      await query(
        `DELETE FROM docent.blob_chunks WHERE upload IN (SELECT upload FROM docent.blobs WHERE id = $1 AND upload <> $2)`,
        [id, upload],
      );
      await query(
        `INSERT INTO docent.blobs (id, size_bytes, sha256, chunks, upload) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET size_bytes = excluded.size_bytes, sha256 = excluded.sha256,
           chunks = excluded.chunks, upload = excluded.upload, written_at = now()`,
        [id, sizeBytes, sha256, chunks, upload],
      );
    });
  }

  /** False when the file was replaced or removed meanwhile. */
  async function copyChunks({ upload, chunks, sizeBytes, sha256 }: BlobRow, path: string): Promise<boolean> {
    const meter = createBlobMeter(sizeBytes);
    const file = await open(path, "w", 0o600);
    try {
      for (let position = 0; position < chunks; position += 1) {
        const { rows } = await postgres.query<{ bytes: Buffer }>(
          "SELECT bytes FROM docent.blob_chunks WHERE upload = $1 AND position = $2",
          [upload, position],
        );
        const [row] = rows;
        if (row === undefined) return false;
        meter.add(row.bytes);
        await file.writeFile(row.bytes);
      }
    } finally {
      await file.close();
    }
    if (meter.result().sha256 !== sha256) {
      throw new DocentError("internal", "A stored file is damaged: its bytes in Postgres do not match their hash.");
    }
    return true;
  }

  async function copyTo(id: string, path: string): Promise<void> {
    for (let seen: string | null = null; ;) {
      const row = await find(id);
      if (row.upload === seen) {
        throw new DocentError("internal", "A stored file is damaged: some of its bytes are missing in Postgres.");
      }
      if (await copyChunks(row, path)) return;
      seen = row.upload;
    }
  }

  return {
    async write(id, bytes, { maxBytes }) {
      checkBlobId(id);
      const upload = randomUUID();
      const meter = createBlobMeter(maxBytes);
      let chunks = 0;
      try {
        for await (const chunk of toPieces(bytes, CHUNK_BYTES)) {
          meter.add(chunk);
          await writeChunk(upload, chunks, chunk);
          chunks += 1;
        }
        const size = meter.result();
        await publish(id, { ...size, upload, chunks });
        return size;
      } catch (error) {
        // What cannot be deleted now is found by `list`.
        await postgres.query(DELETE_UPLOAD, [upload]).catch(() => undefined);
        throw toDocentError(error, "Storing a file");
      }
    },
    async has(id) {
      const { count } = await postgres.query("SELECT FROM docent.blobs WHERE id = $1", [checkBlobId(id)]);
      return count > 0;
    },
    async measure(id) {
      const { sizeBytes, sha256 } = await find(id);
      return { sizeBytes, sha256 };
    },
    async *read(id, { start, end }) {
      const { upload } = await find(id);
      for (let at = start; at <= end;) {
        const position = Math.floor(at / CHUNK_BYTES);
        const last = Math.min(end, (position + 1) * CHUNK_BYTES - 1);
        const { rows } = await postgres.query<{ bytes: Buffer }>(
          `SELECT substring(bytes FROM $3 FOR $4) AS bytes FROM docent.blob_chunks WHERE upload = $1 AND position = $2`,
          [upload, position, at - position * CHUNK_BYTES + 1, last - at + 1],
        );
        const [row] = rows;
        // Replaced or removed while it was read.
        if (row === undefined) throw new DocentError("file_gone", "A stored file is missing.");
        yield row.bytes;
        at = last + 1;
      }
    },
    async withFile(id, use) {
      return await temporary.withPath(async (path) => {
        await copyTo(id, path).catch((error: unknown) => {
          throw toDocentError(error, "Fetching a stored file");
        });
        return await use(path);
      });
    },
    withFolder: (use) => temporary.withFolder(use),
    async remove(id) {
      await postgres.query(
        `WITH gone AS (DELETE FROM docent.blobs WHERE id = $1 RETURNING upload)
         DELETE FROM docent.blob_chunks WHERE upload IN (SELECT upload FROM gone)`,
        [checkBlobId(id)],
      );
      const [, upload] = UPLOAD_ID.exec(id) ?? [];
      if (upload !== undefined) await postgres.query(DELETE_UPLOAD, [upload]);
    },
    async list(writtenBefore) {
      const { rows } = await postgres.query<{ id: string }>(
        `SELECT id FROM docent.blobs WHERE written_at < to_timestamp($1::double precision / 1000)
         UNION ALL
         SELECT 'upload-' || upload::text FROM docent.blob_chunks AS chunk
         WHERE NOT EXISTS (SELECT FROM docent.blobs WHERE blobs.upload = chunk.upload)
         GROUP BY upload HAVING max(written_at) < to_timestamp($1::double precision / 1000)`,
        [writtenBefore],
      );
      return rows.map(({ id }) => id);
    },
  };
}
