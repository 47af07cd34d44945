import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createDiskBlobs } from "../../src/stores/disk-blobs.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text));
}

describe("blobs on disk", () => {
  it("store bytes and tell their size and hash", async () => {
    const blobs = createDiskBlobs(temporaryFolder());
    const written = await blobs.write("d_1", chunks("hel", "lo"), { maxBytes: 5 });
    expect(written).toEqual({ sizeBytes: 5, sha256: createHash("sha256").update("hello").digest("hex") });
    expect(await blobs.withFile("d_1", (path) => Promise.resolve(readFileSync(path, "utf8")))).toBe("hello");
  });

  it("leave nothing behind of a file that is too large", async () => {
    const folder = temporaryFolder();
    const blobs = createDiskBlobs(folder);
    await expect(blobs.write("d_1", chunks("hel", "lo"), { maxBytes: 4 })).rejects.toMatchObject({
      code: "file_too_large",
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("leave nothing behind of a file whose bytes stop coming", async () => {
    const folder = temporaryFolder();
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from("half"));
      throw new Error("connection lost");
    }
    await expect(createDiskBlobs(folder).write("d_1", broken(), { maxBytes: 100 })).rejects.toThrow("connection lost");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("refuse an id that is a path", async () => {
    await expect(createDiskBlobs(temporaryFolder()).write("../x", chunks("a"), { maxBytes: 9 })).rejects.toThrow(
      "blob id",
    );
  });

  it("lend a folder that vanishes, and sweep one that a crash left behind", async () => {
    const folder = temporaryFolder();
    const blobs = createDiskBlobs(folder);
    await blobs.withFolder((lent) => writeFile(join(lent, "0"), "x"));
    expect(readdirSync(folder)).toEqual([]);
    const crash = blobs.withFolder(async (lent) => {
      await writeFile(join(lent, "0"), "x");
      for (const id of await blobs.list(Date.now() + 1000)) await blobs.remove(id);
      expect(readdirSync(folder)).toEqual([]);
    });
    await crash;
  });

  it("say that a file is gone, and remove twice without complaint", async () => {
    const blobs = createDiskBlobs(temporaryFolder());
    await blobs.write("d_1", chunks("a"), { maxBytes: 9 });
    await blobs.remove("d_1");
    await blobs.remove("d_1");
    expect(await blobs.has("d_1")).toBe(false);
    await expect(blobs.withFile("d_1", () => Promise.resolve(1))).rejects.toMatchObject({ code: "file_gone" });
  });
});
