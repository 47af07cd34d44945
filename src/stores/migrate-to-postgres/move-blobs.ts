import { createReadStream, existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import type { Blobs } from "../../core/ports/stores.ts";
import { isBlobId } from "../blob-id.ts";
import type { Postgres } from "../postgres/open-postgres.ts";
import { addProgress, readCursor, writeCursor } from "./move-part.ts";

const PART = "blobs";
const CHUNK_BYTES = 1024 * 1024;

/** Where files are moved to. */
export type BlobTarget = Pick<Blobs, "has" | "write">;

/** Moves the files that are not moved yet, in the order of their names. */
export async function moveBlobs(
  postgres: Postgres,
  folder: string,
  target: BlobTarget,
  onBatch: (files: number) => void,
): Promise<void> {
  await addProgress(postgres.query, { part: PART, added: 0, kept: 0 });
  const [after = ""] = (await readCursor(postgres.query, PART)) ?? [];
  for (const id of (await blobIds(folder)).filter((each) => each > String(after))) {
    const isThere = await target.has(id);
    if (!isThere) {
      const bytes = createReadStream(path.join(folder, id), { highWaterMark: CHUNK_BYTES });
      await target.write(id, bytes, { maxBytes: Number.MAX_SAFE_INTEGER });
    }
    await postgres.transaction(async (query) => {
      const [done = ""] = (await readCursor(query, PART)) ?? [];
      // A repeat after a lost connection has counted it already.
      if (id <= String(done)) return;
      await addProgress(query, { part: PART, added: isThere ? 0 : 1, kept: isThere ? 1 : 0 });
      await writeCursor(query, PART, [id]);
    });
    onBatch(1);
  }
}

/** Counts the files that the target lacks. */
export async function countMissingBlobs(folder: string, target: BlobTarget): Promise<number> {
  let missing = 0;
  for (const id of await blobIds(folder)) if (!(await target.has(id))) missing += 1;
  return missing;
}

async function blobIds(folder: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile());
  return (
    names
      .map(({ name }) => name)
      // What was being written has a sign in its name that no id has.
      .filter(isBlobId)
      .toSorted()
  );
}
