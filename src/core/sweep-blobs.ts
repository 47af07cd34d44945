import type { Blobs, Documents } from "./ports/stores.ts";

/** Clocks of file systems are coarse, and may lag behind the process's own. */
const MARGIN_MS = 1_000;
/** An upload at another replica has become a document, or failed, well within this; clocks differ by much less. */
const SHARED_MARGIN_MS = 60 * 60 * 1000;

/**
 * Removes files that belong to no document: uploads that a crash cut off before they were accepted. What was written
 * since `startedAt` (milliseconds since the epoch) may belong to an upload under way; where other replicas write to the
 * same place (`blobsAreShared`), so may what was written in the hour before.
 */
export async function sweepBlobs(
  deps: { blobs: Blobs; documents: Documents; blobsAreShared?: boolean },
  startedAt: number,
): Promise<void> {
  // Listed first: a document may be added meanwhile.
  const found = await deps.blobs.list(startedAt - (deps.blobsAreShared === true ? SHARED_MARGIN_MS : MARGIN_MS));
  if (found.length === 0) return;
  const known = new Set((await deps.documents.list({})).map(({ id, blobId }) => blobId ?? id));
  for (const id of found) if (!known.has(id)) await deps.blobs.remove(id);
}
