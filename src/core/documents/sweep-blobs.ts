import type { Blobs, Documents } from "../ports/stores.ts";
import type { Clock, Log } from "../ports/system.ts";

const EVERY_MS = 6 * 60 * 60_000;
/** Clocks of file systems are coarse, and may lag behind the process's own. */
const MARGIN_MS = 1_000;
/** An upload under way has become a document, or failed, well within this; clocks of two machines differ by much less. */
const UNDER_WAY_MS = 60 * 60 * 1000;

export interface SweepDeps {
  readonly blobs: Blobs;
  /** Other processes write to `blobs` too. */
  readonly blobsAreShared: boolean;
  readonly documents: Documents;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Removes files that belong to no document, now and every six hours until `signal` aborts: uploads that a crash cut off
 * before they were accepted. What may be under way stays: at first what others wrote in the last hour, later all of it.
 */
export async function keepSwept(deps: SweepDeps, signal: AbortSignal): Promise<void> {
  const { blobsAreShared, clock, log } = deps;
  let marginMs = blobsAreShared ? UNDER_WAY_MS : MARGIN_MS;
  while (!signal.aborted) {
    await sweep(deps, clock.now() - marginMs).catch((error: unknown) =>
      log.warn("Left-over files could not be removed.", { error }),
    );
    marginMs = UNDER_WAY_MS;
    await clock.sleep(EVERY_MS, signal).catch(() => undefined);
  }
}

async function sweep({ blobs, documents }: SweepDeps, writtenBefore: number): Promise<void> {
  // Listed first: a document may be added meanwhile.
  const found = await blobs.list(writtenBefore);
  if (found.length === 0) return;
  const known = new Set((await documents.list({})).map(({ id, blobId }) => blobId ?? id));
  for (const id of found) if (!known.has(id)) await blobs.remove(id);
}
