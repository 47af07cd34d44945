import { createHash } from "node:crypto";
import { createReadStream, mkdirSync } from "node:fs";
import { access, mkdtemp, open, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { DocentError, toDocentError } from "../core/errors.ts";
import type { Blobs } from "../core/ports/stores.ts";

/** Files as they were posted, one file each in `folder`, named by id and never by what a person called them. */
export function createDiskBlobs(folder: string): Blobs {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const locate = (id: string): string => {
    if (!/^[\w-]{1,128}$/.test(id)) throw new DocentError("internal", "A blob id holds letters, digits, - and _ only.");
    return path.join(folder, id);
  };

  return {
    async write(id, bytes, { maxBytes }) {
      const target = locate(id);
      const partial = `${target}.part`;
      const hash = createHash("sha256");
      let sizeBytes = 0;
      const file = await open(partial, "w", 0o600);
      try {
        for await (const chunk of bytes) {
          sizeBytes += chunk.byteLength;
          if (sizeBytes > maxBytes) {
            throw new DocentError("file_too_large", `A file is larger than ${maxBytes} bytes.`, {
              details: { maxMb: Math.floor(maxBytes / 1024 / 1024) },
            });
          }
          hash.update(chunk);
          await file.write(chunk);
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
      return { sizeBytes, sha256: hash.digest("hex") };
    },
    async has(id) {
      return await access(locate(id)).then(
        () => true,
        () => false,
      );
    },
    async measure(id) {
      const hash = createHash("sha256");
      let sizeBytes = 0;
      try {
        for await (const chunk of createReadStream(locate(id)) as AsyncIterable<Buffer>) {
          hash.update(chunk);
          sizeBytes += chunk.byteLength;
        }
      } catch (error) {
        throw new DocentError("file_gone", "A stored file is missing.", { cause: error });
      }
      return { sizeBytes, sha256: hash.digest("hex") };
    },
    async withFile(id, use) {
      const target = locate(id);
      try {
        await access(target);
      } catch (error) {
        throw new DocentError("file_gone", "A stored file is missing.", { cause: error });
      }
      return await use(target);
    },
    async withFolder(use) {
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
      const target = locate(id);
      await rm(target, { recursive: true, force: true });
      await rm(`${target}.part`, { force: true });
    },
    async list(writtenBefore) {
      const ids: string[] = [];
      for (const name of await readdir(folder)) {
        const { mtimeMs } = await stat(path.join(folder, name));
        if (mtimeMs < writtenBefore) ids.push(name.replace(/\.part$/, ""));
      }
      return ids;
    },
  };
}
