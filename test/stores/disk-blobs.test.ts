import { readdirSync } from "node:fs";
import { readdir, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createDiskBlobs } from "../../src/stores/disk-blobs.ts";
import { createTemporaryFiles } from "../../src/stores/temporary-files.ts";
import { describeBlobs, type BlobsUnderTest } from "../contracts/blobs-contract.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";

function open(isShared: boolean): Promise<BlobsUnderTest> {
  const folder = temporaryFolder();
  const local = (): ReturnType<typeof createTemporaryFiles> | null =>
    isShared ? createTemporaryFiles(temporaryFolder()) : null;
  return Promise.resolve({
    blobs: createDiskBlobs(folder, local()),
    elsewhere: createDiskBlobs(folder, local()),
    async age(id, byMs) {
      const at = new Date((await stat(path.join(folder, id))).mtimeMs - byMs);
      await utimes(path.join(folder, id), at, at);
    },
    held: async () => (await readdir(folder)).length,
  });
}

describeBlobs("the data folder", () => open(false));
describeBlobs("a shared folder", () => open(true));

describe("blobs on disk", () => {
  it("sweep a lent folder that a crash left behind", async () => {
    const folder = temporaryFolder();
    const blobs = createDiskBlobs(folder);
    await blobs.withFolder(async (lent) => {
      await writeFile(path.join(lent, "0"), "x");
      for (const id of await blobs.list(Date.now() + 1000)) await blobs.remove(id);
      expect(readdirSync(folder)).toEqual([]);
    });
  });

  it("list an upload that a crash cut off, so that it can be removed", async () => {
    const folder = temporaryFolder();
    const blobs = createDiskBlobs(folder);
    async function* crashing(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from("half"));
      const [cutOff = ""] = await blobs.list(Date.now() + 1000);
      expect(cutOff).toMatch(/^part-/);
      await blobs.remove(cutOff);
      expect(readdirSync(folder)).toEqual([]);
      throw new Error("crash");
    }
    await expect(blobs.write("d_1", crashing(), { maxBytes: 9 })).rejects.toThrow("crash");
  });

  it("leave alone what is no file of theirs", async () => {
    const folder = temporaryFolder();
    await writeFile(path.join(folder, ".nfs000123"), "x");
    expect(await createDiskBlobs(folder).list(Date.now() + 1000)).toEqual([]);
  });
});
