import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

import type { Reader, Reading, UnpackTo } from "../../src/core/ports/reader.ts";
import { createReader } from "../../src/readers/create-reader.ts";
import { makeDocx } from "../fixtures/make-office.ts";
import { makePng } from "../fixtures/make-png.ts";
import { makeTar, makeTgz } from "../fixtures/make-tar.ts";
import { makeWindowsProgram } from "../fixtures/make-windows-program.ts";
import { makeZip } from "../fixtures/make-zip.ts";
import { createTemporaryFiles, type TemporaryFiles } from "./temporary-files.ts";

let files: TemporaryFiles;
let reader: Reader;
beforeAll(async () => {
  files = await createTemporaryFiles();
  reader = createReader();
});
afterAll(async () => {
  await reader.stop();
  await files[Symbol.asyncDispose]();
});

async function unpack(
  name: string,
  bytes: Uint8Array,
  change: Partial<UnpackTo> = {},
): Promise<Reading & { folder: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), "docent-unpack-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const reading = await reader.read(
    { path: await files.add(bytes), name },
    { maxTokens: 2_000_000, maxPages: 5000, timeoutMs: 60_000 },
    {
      signal: new AbortController().signal,
      unpackTo: { folder, maxFiles: 20, maxFileBytes: 1024 * 1024, maxTotalBytes: 100 * 1024 * 1024, ...change },
    },
  );
  return { ...reading, folder };
}

/** What lies where the archive's files were unpacked to, by the names they are shown by. */
async function contents({ unpacked }: Reading): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name, path: at } of unpacked?.files ?? []) {
    found[name] = at === null ? "" : (await readFile(at, "utf8")).slice(0, 20);
  }
  return found;
}

function problems({ unpacked }: Reading): Record<string, string> {
  return Object.fromEntries(
    (unpacked?.files ?? []).flatMap(({ name, problem }) => (problem ? [[name, problem.code]] : [])),
  );
}

const FILES = { "a.txt": "first", "deep/er/b.md": "# second" };
const TAR = Object.entries(FILES).map(([name, content]) => ({ name, content }));

describe("archives", () => {
  it.each([
    ["a ZIP", makeZip(FILES), "zip"],
    ["a tar", makeTar(TAR), "tar"],
    ["a packed tar", makeTgz(TAR), "tgz"],
  ])("unpacks %s", async (_label, bytes, extension) => {
    const reading = await unpack("x.bin", bytes);
    expect(reading).toMatchObject({ type: { kind: "archive", extension }, pages: [], problem: null });
    expect(await contents(reading)).toEqual({ "a.txt": "first", "deep/er/b.md": "# second" });
    expect(reading.unpacked?.leftOut).toBe(0);
  });

  it("is only looked at when nobody wants it unpacked", async () => {
    const reading = await reader.read(
      { path: await files.add(makeZip(FILES)), name: "x.zip" },
      { maxTokens: 1, maxPages: 1, timeoutMs: 60_000 },
      { signal: new AbortController().signal },
    );
    expect(reading).toMatchObject({ type: { kind: "archive" }, problem: null });
    expect(reading.unpacked).toBeUndefined();
  });

  it("keeps Office files whole, and opens archives in archives", async () => {
    const inner = makeZip({ "c.txt": "third" });
    const reading = await unpack(
      "x.zip",
      makeZip({ "report.docx": makeDocx(["x"]), "p.png": makePng(), "in.zip": inner }),
    );
    expect(Object.keys(await contents(reading))).toEqual(["report.docx", "p.png", "in.zip/c.txt"]);
  });

  it("leaves out what Docent does not read and what nobody put there, and counts the former", async () => {
    const reading = await unpack(
      "x.zip",
      makeZip({
        "a.txt": "a",
        "setup.exe": makeWindowsProgram(),
        "empty.txt": "",
        "__MACOSX/._a.txt": "x",
        ".DS_Store": "x",
      }),
    );
    expect(await contents(reading)).toEqual({ "a.txt": "a" });
    expect(reading.unpacked?.leftOut).toBe(2);
    expect(await readdir(reading.folder)).toHaveLength(1);
  });

  it("writes nothing outside of its folder, whatever the files are called", async () => {
    const names = ["../../up.txt", "/etc/absolute.txt", "C:\\Windows\\drive.txt", "a/../../b.txt", "..", "nul\0.txt"];
    const zip = await unpack("x.zip", makeZip(Object.fromEntries(names.map((name) => [name, "x"]))));
    expect(Object.keys(await contents(zip))).toEqual([
      "up.txt",
      "etc/absolute.txt",
      "Windows/drive.txt",
      "a/b.txt",
      "nul.txt",
    ]);
    const tar = await unpack("x.tar", makeTar(names.slice(0, 3).map((name) => ({ name, content: name }))));
    expect(Object.keys(await contents(tar))).toEqual(["up.txt", "etc/absolute.txt", "Windows/drive.txt"]);
    for (const { unpacked, folder } of [zip, tar]) {
      for (const { path: at } of unpacked?.files ?? []) expect(path.dirname(at ?? "")).toBe(folder);
    }
  });

  it("follows no links", async () => {
    const reading = await unpack(
      "x.tar",
      makeTar([
        { name: "passwd", linkTo: "/etc/passwd" },
        { name: "hard", linkTo: "/etc/passwd", isHard: true },
        { name: "a.txt", content: "true" },
      ]),
    );
    expect(await contents(reading)).toEqual({ "a.txt": "true" });
  });

  it("shortens names that are too long to show, and keeps their end", async () => {
    const name = `${"long".repeat(60)}.txt`;
    const [shown] = Object.keys(await contents(await unpack("x.zip", makeZip({ [`folder/${name}`]: "x" }))));
    expect(shown).toHaveLength(240);
    expect(shown).toMatch(/^….*long\.txt$/);
  });

  it("decodes Korean names that Windows wrote", async () => {
    const marked = makeZip({ "AAAAAAAA.txt": "x" });
    // "휴가규정" in code page 949.
    const name = Buffer.from("c8deb0a1b1d4c1a4", "hex");
    const bytes = Buffer.from(marked.toString("latin1").replaceAll("AAAAAAAA", name.toString("latin1")), "latin1");
    expect(Object.keys(await contents(await unpack("x.zip", bytes)))).toEqual(["휴가규정.txt"]);
  });

  it("says of single files what is wrong with them, and gives the others", async () => {
    const reading = await unpack(
      "x.zip",
      makeZip({ "big.txt": "x".repeat(2 * 1024 * 1024), "half.zip": makeZip(FILES).subarray(0, 60), "a.txt": "good" }),
    );
    expect(problems(reading)).toEqual({ "big.txt": "file_too_large" });
    expect((await contents(reading))["a.txt"]).toBe("good");
  });

  it("has ended all its writing when a broken archive is refused", async () => {
    const half = makeTgz([{ name: "big.txt", content: randomBytes(900_000) }, ...TAR]).subarray(0, 400_000);
    for (let round = 0; round < 20; round++) {
      const { problem, folder } = await unpack("x.tgz", half);
      expect(problem).toMatchObject({ code: "file_broken" });
      await rm(folder, { recursive: true });
      expect(existsSync(folder)).toBe(false);
    }
  });

  it.each([
    [
      "too many files",
      "file_too_many_inside",
      makeZip(Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`${i}.txt`, "x"]))),
    ],
    [
      "too many files in a tar",
      "file_too_many_inside",
      makeTgz(Array.from({ length: 21 }, (_, i) => ({ name: `${i}.txt`, content: "x" }))),
    ],
    ["nothing", "file_nothing_inside", makeZip({})],
    ["nothing that we read", "file_nothing_inside", makeZip({ "setup.exe": makeWindowsProgram() })],
    ["half of itself", "file_broken", makeTgz(TAR).subarray(0, 120)],
    ["a table of contents that is not there", "file_broken", makeZip(FILES).subarray(0, 100)],
  ])("refuses an archive that holds %s", async (_label, code, bytes) => {
    expect((await unpack("x.zip", bytes)).problem).toMatchObject({ code, details: { name: "x.zip" } });
  });
});
