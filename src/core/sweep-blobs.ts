import type { Blobs, Documents } from "./ports/stores.ts";

/** Clocks of file systems are coarse, and may lag behind the process's own. */
const MARGIN_MS = 1_000;

/**
 * Removes files that belong to no document: uploads that a crash cut off before they were accepted. What was written
 * since `startedAt` (milliseconds since the epoch) may belong to an upload under way.
 */
export async function sweepBlobs(deps: { blobs: Blobs; documents: Documents }, startedAt: number): Promise<void> {
  // Listed first: a document may be added meanwhile.
  const found = await deps.blobs.list(startedAt - MARGIN_MS);
  if (found.length === 0) return;
  const known = new Set((await deps.documents.list({})).map(({ id, blobId }) => blobId ?? id));
  for (const id of found) if (!known.has(id)) await deps.blobs.remove(id);
}
