import { createHash, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { lstat, mkdtemp, open, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { DocentError, toDocentError } from "../core/errors.ts";
import type { Blobs } from "../core/ports/stores.ts";
import { checkBlobId, isBlobId } from "./blob-id.ts";
import { createBlobMeter } from "./blob-meter.ts";
import { makeFolder } from "./make-folder.ts";
import type { TemporaryFiles } from "./temporary-files.ts";

/** A link that somebody put in a file's place is not followed: what it leads to was never posted. */
const READ = constants.O_RDONLY | constants.O_NOFOLLOW;

/**
 * Files as they were posted, one file each in `folder`, named by id and never by what a person called them. Several
 * processes may share the folder; `temporary` is then a local place for what only one of them uses.
 */
export function createDiskBlobs(folder: string, temporary: TemporaryFiles | null = null): Blobs {
  makeFolder(folder);
  const locate = (id: string): string => path.join(folder, checkBlobId(id));
  const isThere = async (id: string): Promise<boolean> =>
    await lstat(locate(id)).then(
      (stats) => stats.isFile(),
      () => false,
    );

  return {
    async write(id, bytes, { maxBytes }) {
      const target = locate(id);
      // A name of its own: another process may be writing the same file. Listed and swept like any other.
      const partial = locate(`part-${randomUUID()}`);
      const meter = createBlobMeter(maxBytes);
      const file = await open(partial, "wx", 0o600);
      try {
        for await (const chunk of bytes) {
          meter.add(chunk);
          await file.writeFile(chunk);
        }
        await file.sync();
        await file.close();
        // The rename makes it visible: a half-written file never has the final name.
        await rename(partial, target);
      } catch (error) {
        await file.close().catch(() => undefined);
        await rm(partial, { force: true });
        throw toDocentError(error, "Storing a file");
      }
      return meter.result();
    },
    async has(id) {
      return await isThere(id);
    },
    async measure(id) {
      const target = locate(id);
      const hash = createHash("sha256");
      let sizeBytes = 0;
      try {
        const file = await open(target, READ);
        for await (const chunk of file.createReadStream() as AsyncIterable<Buffer>) {
          hash.update(chunk);
          sizeBytes += chunk.byteLength;
        }
      } catch (error) {
        throw new DocentError("file_gone", "A stored file is missing.", { cause: error });
      }
      return { sizeBytes, sha256: hash.digest("hex") };
    },
    async *read(id, { start, end }) {
      try {
        const file = await open(locate(id), READ);
        yield* file.createReadStream({ start, end }) as AsyncIterable<Buffer>;
      } catch (error) {
        throw new DocentError("file_gone", "A stored file is missing.", { cause: error });
      }
    },
    async withFile(id, use) {
      if (!(await isThere(id))) throw new DocentError("file_gone", "A stored file is missing.");
      return await use(locate(id));
    },
    async withFolder(use) {
      if (temporary !== null) return await temporary.withFolder(use);
      // Beside the files: it is swept like them when a crash leaves it behind.
      const lent = await mkdtemp(locate("unpacking-"));
      try {
        return await use(lent);
      } finally {
        // A thread that was ended may have a write on its way.
        await rm(lent, { recursive: true, force: true, maxRetries: 5 });
      }
    },
    async remove(id) {
      await rm(locate(id), { recursive: true, force: true });
    },
    async list(writtenBefore) {
      const ids: string[] = [];
      for (const name of await readdir(folder)) {
        // What a file system keeps there for itself.
        if (!isBlobId(name)) continue;
        // Another process may have removed it meanwhile.
        const stats = await stat(path.join(folder, name)).catch(() => null);
        if (stats !== null && stats.mtimeMs < writtenBefore) ids.push(name);
      }
      return ids;
    },
  };
}
