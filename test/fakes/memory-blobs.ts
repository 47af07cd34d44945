import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DocentError } from "../../src/core/errors.ts";
import type { Blobs, ByteRange } from "../../src/core/ports/stores.ts";

/** Blobs held in memory. `failWith` makes every write fail, as a full disk does. */
export function createMemoryBlobs(): Blobs & {
  readonly held: ReadonlyMap<string, Buffer>;
  failWith: DocentError | null;
} {
  const held = new Map<string, Buffer>();
  const blobs = {
    held,
    failWith: null as DocentError | null,
    async write(id: string, bytes: AsyncIterable<Uint8Array>, limits: { maxBytes: number }) {
      const chunks: Uint8Array[] = [];
      let sizeBytes = 0;
      for await (const chunk of bytes) {
        if (blobs.failWith !== null) throw blobs.failWith;
        sizeBytes += chunk.byteLength;
        if (sizeBytes > limits.maxBytes) throw new DocentError("file_too_large", "A blob is over its limit.");
        chunks.push(chunk);
      }
      const whole = Buffer.concat(chunks);
      held.set(id, whole);
      return { sizeBytes, sha256: createHash("sha256").update(whole).digest("hex") };
    },
    has: (id: string) => Promise.resolve(held.has(id)),
    measure(id: string) {
      const bytes = held.get(id);
      if (bytes === undefined) return Promise.reject(new DocentError("file_gone", "No such file."));
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      return Promise.resolve({ sizeBytes: bytes.byteLength, sha256 });
    },
    async *read(id: string, { start, end }: ByteRange) {
      const bytes = held.get(id);
      if (bytes === undefined) throw new DocentError("file_gone", "No such file.");
      yield await Promise.resolve(bytes.subarray(start, end + 1));
    },
    async withFile<T>(id: string, use: (path: string) => Promise<T>): Promise<T> {
      const bytes = held.get(id);
      if (bytes === undefined) throw new DocentError("file_gone", "A blob is gone.", { details: { name: id } });
      const folder = await mkdtemp(join(tmpdir(), "docent-blob-"));
      try {
        const path = join(folder, "blob");
        await writeFile(path, bytes);
        return await use(path);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
    async withFolder<T>(use: (path: string) => Promise<T>): Promise<T> {
      const folder = await mkdtemp(join(tmpdir(), "docent-folder-"));
      try {
        return await use(folder);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
    list: () => Promise.resolve([...held.keys()]),
    remove(id: string) {
      held.delete(id);
      return Promise.resolve();
    },
  };
  return blobs;
}
