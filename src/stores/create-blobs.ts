import path from "node:path";
import { DocentError } from "../core/errors.ts";
import type { Readiness } from "../core/ports/readiness.ts";
import type { Blobs } from "../core/ports/stores.ts";
import type { BlobAddress } from "./blob-address.ts";
import { createDiskBlobs } from "./disk-blobs.ts";
import type { Postgres } from "./postgres/open-postgres.ts";
import { createPostgresBlobs } from "./postgres/postgres-blobs.ts";
import { createTemporaryFiles } from "./temporary-files.ts";

export interface BlobStore {
  readonly blobs: Blobs;
  /** Other replicas may be writing there too. */
  readonly isShared: boolean;
  /** Whether the place can be used; of the data folder and Postgres others tell. */
  readonly check: () => Promise<Readiness>;
  readonly close: () => Promise<void>;
}

/** In a place that others use too, ours have a folder of their own: what is swept there must be ours. */
const SHARED_FOLDER = "docent-files";

/**
 * The place of `BLOB_URL`. Copies of what is elsewhere are kept in `dataDir` while they are used.
 * @throws DocentError `internal` when the folder cannot be made, or files are to go into a database and there is none
 */
export async function createBlobs(options: {
  readonly address: BlobAddress;
  readonly dataDir: string;
  readonly postgres: Postgres | null;
}): Promise<BlobStore> {
  const { address, dataDir, postgres } = options;
  if (address.kind === "data-folder") {
    const blobs = createDiskBlobs(path.join(dataDir, "files"));
    return { blobs, isShared: false, check: ready, close: () => Promise.resolve() };
  }
  const temporary = createTemporaryFiles(path.join(dataDir, "temporary"));
  if (address.kind === "folder") {
    const blobs = openFolder(address.path, () => createDiskBlobs(path.join(address.path, SHARED_FOLDER), temporary));
    return { blobs, isShared: true, check: ready, close: () => temporary.close() };
  }
  if (address.kind === "database") {
    if (postgres === null) throw new DocentError("internal", "Files are to be kept in Postgres, but there is none.");
    return {
      blobs: createPostgresBlobs(postgres, temporary),
      isShared: true,
      check: ready,
      close: () => temporary.close(),
    };
  }
  // Loaded only when it is used: the SDK takes 35 MB of memory.
  const { createS3Blobs } = await import("./s3/s3-blobs.ts");
  const { blobs, check, close } = createS3Blobs(address, temporary);
  return {
    blobs,
    isShared: true,
    check,
    async close() {
      close();
      await temporary.close();
    },
  };
}

function ready(): Promise<Readiness> {
  return Promise.resolve({ ready: true });
}

function openFolder(folder: string, open: () => Blobs): Blobs {
  try {
    return open();
  } catch (error) {
    const seen = error instanceof Error ? error.message : String(error);
    throw new DocentError("internal", `The folder of BLOB_URL (${folder}) cannot be used: ${seen}.`, { cause: error });
  }
}
