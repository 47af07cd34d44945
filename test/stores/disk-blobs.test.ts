import { readdirSync } from "node:fs";
import { readdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { createDiskBlobs } from "../../src/stores/disk-blobs.ts";
import { createTemporaryFiles } from "../../src/stores/temporary-files.ts";
import { describeBlobs, type BlobsUnderTest } from "../contracts/blobs-contract.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";

async function* chunks(content: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(content));
}

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

  it("are for this user alone", async () => {
    const folder = path.join(temporaryFolder(), "files");
    await createDiskBlobs(folder).write("d_1", chunks("text"), { maxBytes: 9 });
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(path.join(folder, "d_1"))).mode & 0o777).toBe(0o600);
  });

  it("follow no link that somebody put in the place of one", async () => {
    const elsewhere = path.join(temporaryFolder(), "private.txt");
    await writeFile(elsewhere, "private");
    const folder = temporaryFolder();
    const blobs = createDiskBlobs(folder);
    await symlink(elsewhere, path.join(folder, "d_1"));
    expect(await blobs.has("d_1")).toBe(false);
    await expect(blobs.measure("d_1")).rejects.toThrow("missing");
    await expect(text(blobs.read("d_1", { start: 0, end: 6 }))).rejects.toThrow("missing");
    await expect(blobs.withFile("d_1", () => Promise.resolve("read"))).rejects.toThrow("missing");
    await blobs.write("d_1", chunks("posted"), { maxBytes: 9 });
    expect(await text(blobs.read("d_1", { start: 0, end: 5 }))).toBe("posted");
    await symlink(elsewhere, path.join(folder, "d_2"));
    await blobs.remove("d_2");
    expect(await readFile(elsewhere, "utf8")).toBe("private");
  });

  it.for(["../outside", "/etc/passwd", "a/b", "..", "", "a\u0000b"])("have no name that is a path: %j", async (id) => {
    const blobs = createDiskBlobs(temporaryFolder());
    await expect(blobs.write(id, chunks("x"), { maxBytes: 9 })).rejects.toThrow("A blob id holds");
    await expect(blobs.remove(id)).rejects.toThrow("A blob id holds");
  });

  it("leave alone what is no file of theirs", async () => {
    const folder = temporaryFolder();
    await writeFile(path.join(folder, ".nfs000123"), "x");
    expect(await createDiskBlobs(folder).list(Date.now() + 1000)).toEqual([]);
  });
});
