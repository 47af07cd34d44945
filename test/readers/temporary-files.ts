import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Files of one test file, in a folder that vanishes. Stored under numbers: names are what people gave. */
export interface TemporaryFiles extends AsyncDisposable {
  add(bytes: Uint8Array | string): Promise<string>;
}

export async function createTemporaryFiles(): Promise<TemporaryFiles> {
  const folder = await mkdtemp(join(tmpdir(), "docent-readers-"));
  let count = 0;
  return {
    async add(bytes) {
      const path = join(folder, String(count++));
      await writeFile(path, bytes);
      return path;
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}
