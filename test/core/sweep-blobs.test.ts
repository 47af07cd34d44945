import { describe, expect, it, onTestFinished } from "vitest";
import type { Blobs, Documents } from "../../src/core/ports/stores.ts";
import { keepSwept } from "../../src/core/documents/sweep-blobs.ts";
import { openDatabase } from "../../src/stores/sqlite/open-database.ts";
import { createSqliteDocuments } from "../../src/stores/sqlite/sqlite-documents.ts";
import { silentLog } from "../fakes/core-under-test.ts";
import { createManualClock, type ManualClock } from "../fakes/manual-clock.ts";
import { createMemoryBlobs } from "../fakes/memory-blobs.ts";
import { sampleDocument } from "../fakes/sample-data.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";

const STARTED_AT = Date.parse("2026-11-26T12:00:00Z");
const MINUTE_MS = 60 * 1000;

/** Files by the time before the start at which they were written. */
async function blobsOf(
  ages: Readonly<Record<string, number>>,
): Promise<Blobs & { readonly held: ReadonlyMap<string, Buffer> }> {
  const blobs = createMemoryBlobs();
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from("x"));
  }
  for (const id of Object.keys(ages)) await blobs.write(id, bytes(), { maxBytes: 9 });
  const list = (writtenBefore: number): Promise<readonly string[]> =>
    Promise.resolve([...blobs.held.keys()].filter((id) => STARTED_AT - (ages[id] ?? 0) < writtenBefore));
  return { ...blobs, list };
}

async function documentsOf(...blobIds: readonly string[]): Promise<Documents> {
  const documents = createSqliteDocuments(openDatabase(temporaryFolder()).db);
  for (const blobId of blobIds) await documents.add(sampleDocument({ id: `d_${blobId}`, blobId }));
  return documents;
}

describe("the sweep of files", () => {
  const ages = { before: MINUTE_MS, long: 61 * MINUTE_MS, kept: 61 * MINUTE_MS, since: -MINUTE_MS };

  async function start(blobs: Blobs, blobsAreShared: boolean): Promise<ManualClock> {
    const clock = createManualClock({ startAt: STARTED_AT });
    const ended = new AbortController();
    onTestFinished(() => ended.abort());
    void keepSwept(
      { blobs, blobsAreShared, documents: await documentsOf("kept"), clock, log: silentLog },
      ended.signal,
    );
    await clock.whenSleeping(6 * 60 * MINUTE_MS);
    return clock;
  }

  it("removes what was written before this process and belongs to no document", async () => {
    const blobs = await blobsOf(ages);
    await start(blobs, false);
    expect([...blobs.held.keys()]).toEqual(["kept", "since"]);
  });

  it("spares the last hour where other replicas may be writing, until hours later", async () => {
    const blobs = await blobsOf(ages);
    const clock = await start(blobs, true);
    expect([...blobs.held.keys()]).toEqual(["before", "kept", "since"]);
    clock.advance(6 * 60 * MINUTE_MS);
    await expect.poll(() => [...blobs.held.keys()]).toEqual(["kept"]);
  });
});
