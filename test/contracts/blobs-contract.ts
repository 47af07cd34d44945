import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Blobs, ByteRange } from "../../src/core/ports/stores.ts";

export interface BlobsUnderTest {
  readonly blobs: Blobs;
  /** The same place as another process sees it. */
  readonly elsewhere: Blobs;
  /** Makes a file older than it is. */
  readonly age: (id: string, byMs: number) => Promise<void>;
  /** How many files the place holds, half-written ones too. */
  readonly held: () => Promise<number>;
}

const LARGE = 64 * 1024 * 1024;
const HOUR_MS = 60 * 60 * 1000;

export async function* chunksOf(...chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
}

async function* brokenAfter(text: string): AsyncGenerator<Uint8Array> {
  yield* chunksOf(text);
  throw new Error("connection lost");
}

function sizeOf(bytes: string | Uint8Array): { sizeBytes: number; sha256: string } {
  return { sizeBytes: Buffer.from(bytes).byteLength, sha256: createHash("sha256").update(bytes).digest("hex") };
}

function read(blobs: Blobs, id: string): Promise<string> {
  return blobs.withFile(id, (file) => readFile(file, "latin1"));
}

async function readPart(blobs: Blobs, id: string, range: ByteRange): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of blobs.read(id, range)) parts.push(part);
  return Buffer.concat(parts);
}

/** What every store of files must do, whatever it is built on. `open` gives an empty one. */
export function describeBlobs(name: string, open: () => Promise<BlobsUnderTest>): void {
  describe(`${name} as a store of files`, () => {
    it("gives back the bytes that were stored, with their size and hash", async () => {
      const { blobs } = await open();
      const written = await blobs.write("d_1-A", chunksOf("hel", "lo"), { maxBytes: 5 });
      expect(written).toEqual(sizeOf("hello"));
      expect(await blobs.measure("d_1-A")).toEqual(written);
      expect(await blobs.has("d_1-A")).toBe(true);
      expect(await read(blobs, "d_1-A")).toBe("hello");
    });

    it("reads a part of a file, also over the borders of its pieces", async () => {
      const { blobs } = await open();
      const bytes = Buffer.alloc(
        3 * 1024 * 1024 + 5,
        Uint8Array.from({ length: 251 }, (_, index) => index),
      );
      await blobs.write("d_1", chunksOf(bytes), { maxBytes: LARGE });
      const last = bytes.byteLength - 1;
      for (const [start, end] of [
        [0, 0],
        [5, 10],
        [1_048_575, 1_048_576],
        [1_000_000, 2_500_000],
        [last, last],
        [0, last],
      ] as const) {
        const part = await readPart(blobs, "d_1", { start, end });
        expect(part.equals(bytes.subarray(start, end + 1))).toBe(true);
      }
      await expect(readPart(blobs, "d_2", { start: 0, end: 0 })).rejects.toMatchObject({
        code: "file_gone",
      });
    });

    it("keeps bytes of every value, in chunks of any size", async () => {
      const { blobs } = await open();
      // More than two of the pieces that a store may cut it into, and no multiple of anything.
      const bytes = Buffer.alloc(
        2_345_678,
        Uint8Array.from({ length: 257 }, (_, index) => index % 256),
      );
      const chunks = [0, 1, 7, 65_536, 1_500_000, bytes.byteLength].map((end, index, ends) =>
        bytes.subarray(ends[index - 1] ?? 0, end),
      );
      expect(await blobs.write("d_1", chunksOf(...chunks), { maxBytes: LARGE })).toEqual(sizeOf(bytes));
      expect(sizeOf(Buffer.from(await read(blobs, "d_1"), "latin1"))).toEqual(sizeOf(bytes));
    });

    it("keeps an empty file", async () => {
      const { blobs } = await open();
      await blobs.write("d_1", chunksOf(), { maxBytes: 5 });
      expect(await blobs.measure("d_1")).toEqual(sizeOf(""));
      expect(await read(blobs, "d_1")).toBe("");
    });

    it("is durable: another process finds what was stored, and does not find what was removed", async () => {
      const { blobs, elsewhere } = await open();
      await blobs.write("d_1", chunksOf("hello"), { maxBytes: 5 });
      expect(await read(elsewhere, "d_1")).toBe("hello");
      expect(await elsewhere.measure("d_1")).toEqual(sizeOf("hello"));
      await elsewhere.remove("d_1");
      expect(await blobs.has("d_1")).toBe(false);
      await expect(read(blobs, "d_1")).rejects.toMatchObject({ code: "file_gone" });
    });

    it("replaces a file that is stored again, and keeps nothing of the first", async () => {
      const { blobs, held } = await open();
      await blobs.write("d_1", chunksOf("a longer one"), { maxBytes: 99 });
      await blobs.write("d_1", chunksOf("short"), { maxBytes: 99 });
      expect(await read(blobs, "d_1")).toBe("short");
      expect(await blobs.measure("d_1")).toEqual(sizeOf("short"));
      expect(await held()).toBe(1);
    });

    it("refuses a file over the limit while its bytes come, and keeps nothing of it", async () => {
      const { blobs, held } = await open();
      let asked = 0;
      async function* endless(): AsyncGenerator<Uint8Array> {
        for (;;) {
          asked += 1;
          yield await Promise.resolve(Buffer.alloc(1024 * 1024));
        }
      }
      const refused = blobs.write("d_1", endless(), { maxBytes: 3 * 1024 * 1024 });
      await expect(refused).rejects.toMatchObject({ code: "file_too_large", details: { maxMb: 3 } });
      expect(asked).toBeLessThan(10);
      expect(await blobs.has("d_1")).toBe(false);
      expect(await held()).toBe(0);
    });

    it("keeps nothing of a file whose bytes stop coming, and leaves the one before it as it was", async () => {
      const { blobs, held } = await open();
      await expect(blobs.write("d_1", brokenAfter("half"), { maxBytes: 99 })).rejects.toThrow("connection lost");
      expect(await blobs.has("d_1")).toBe(false);
      expect(await held()).toBe(0);
      await blobs.write("d_1", chunksOf("whole"), { maxBytes: 99 });
      await expect(blobs.write("d_1", brokenAfter("half"), { maxBytes: 99 })).rejects.toThrow("connection lost");
      expect(await read(blobs, "d_1")).toBe("whole");
      expect(await held()).toBe(1);
    });

    it("says that a file is gone", async () => {
      const { blobs } = await open();
      let used = false;
      const use = (): Promise<void> => Promise.resolve(void (used = true));
      expect(await blobs.has("d_1")).toBe(false);
      await expect(blobs.measure("d_1")).rejects.toMatchObject({ code: "file_gone" });
      await expect(blobs.withFile("d_1", use)).rejects.toMatchObject({ code: "file_gone" });
      expect(used).toBe(false);
    });

    it("removes a file, and one that is not there, without complaint", async () => {
      const { blobs, held } = await open();
      await blobs.write("d_1", chunksOf("a"), { maxBytes: 9 });
      await blobs.write("d_2", chunksOf("b"), { maxBytes: 9 });
      await blobs.remove("d_1");
      await blobs.remove("d_1");
      expect(await blobs.has("d_1")).toBe(false);
      expect(await read(blobs, "d_2")).toBe("b");
      expect(await held()).toBe(1);
    });

    it("hands on what the reader of a file returns or throws", async () => {
      const { blobs } = await open();
      await blobs.write("d_1", chunksOf("a"), { maxBytes: 9 });
      expect(await blobs.withFile("d_1", () => Promise.resolve(42))).toBe(42);
      const failure = new Error("unreadable");
      await expect(blobs.withFile("d_1", () => Promise.reject(failure))).rejects.toBe(failure);
    });

    it("lends a folder that is empty, and gone afterwards, also after a failure", async () => {
      const { blobs, held } = await open();
      const lent = await blobs.withFolder(async (folder) => {
        expect(await readdir(folder)).toEqual([]);
        await writeFile(path.join(folder, "0"), "x");
        return folder;
      });
      expect(existsSync(lent)).toBe(false);
      let failed = "";
      const failure = new Error("unpacking failed");
      const failing = blobs.withFolder((folder) => {
        failed = folder;
        return Promise.reject(failure);
      });
      await expect(failing).rejects.toBe(failure);
      expect(failed).not.toBe("");
      expect(existsSync(failed)).toBe(false);
      expect(await held()).toBe(0);
    });

    it("lists what was last written before a time", async () => {
      const { blobs, age } = await open();
      for (const id of ["old", "again", "new"]) await blobs.write(id, chunksOf(id), { maxBytes: 9 });
      await age("old", 2 * HOUR_MS);
      await age("again", 2 * HOUR_MS);
      await blobs.write("again", chunksOf("later"), { maxBytes: 9 });
      expect(await blobs.list(Date.now() - HOUR_MS)).toEqual(["old"]);
      expect((await blobs.list(Date.now() + HOUR_MS)).toSorted()).toEqual(["again", "new", "old"]);
      expect(await blobs.list(Date.now() - 3 * HOUR_MS)).toEqual([]);
    });

    it("lists more than one answer of a server holds", async () => {
      const { blobs } = await open();
      const ids = Array.from({ length: 7 }, (_, index) => `d_${index}`);
      for (const id of ids) await blobs.write(id, chunksOf(id), { maxBytes: 9 });
      expect((await blobs.list(Date.now() + HOUR_MS)).toSorted()).toEqual(ids);
    });

    it("refuses an id that is a path", async () => {
      const { blobs, held } = await open();
      const limits = { maxBytes: 9 };
      for (const id of ["../x", "a/b", "", "a.b", "ä"]) {
        await expect(blobs.write(id, chunksOf("a"), limits)).rejects.toThrow("blob id");
        await expect(blobs.has(id)).rejects.toThrow("blob id");
        await expect(blobs.measure(id)).rejects.toThrow("blob id");
        await expect(blobs.withFile(id, () => Promise.resolve())).rejects.toThrow("blob id");
        await expect(blobs.remove(id)).rejects.toThrow("blob id");
      }
      expect(await held()).toBe(0);
    });

    it("is whole when two processes store the same file at once and others read it", async () => {
      const { blobs, elsewhere, held } = await open();
      const versions = ["a", "b"].map((letter) => letter.repeat(1_200_000));
      const [first = "", second = ""] = versions;
      await blobs.write("d_1", chunksOf(first), { maxBytes: LARGE });
      const seen: string[] = [];
      for (let round = 0; round < 5; round += 1) {
        const [one, two] = await Promise.all([
          read(blobs, "d_1"),
          read(elsewhere, "d_1"),
          blobs.write("d_1", chunksOf(first), { maxBytes: LARGE }),
          elsewhere.write("d_1", chunksOf(second), { maxBytes: LARGE }),
        ]);
        seen.push(one, two);
      }
      expect(seen.filter((text) => !versions.includes(text))).toEqual([]);
      expect(versions).toContain(await read(blobs, "d_1"));
      expect(await held()).toBe(1);
    });
  });
}
