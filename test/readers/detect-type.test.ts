import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { detectType } from "../../src/readers/detect-type.ts";
import { makePdf } from "../fixtures/make-pdf.ts";
import { makePng } from "../fixtures/make-png.ts";
import { makeWindowsProgram } from "../fixtures/make-windows-program.ts";
import { createTemporaryFiles, type TemporaryFiles } from "./temporary-files.ts";

let files: TemporaryFiles;
beforeAll(async () => {
  files = await createTemporaryFiles();
});
afterAll(async () => {
  await files[Symbol.asyncDispose]();
});

async function detect(name: string, bytes: Uint8Array | string) {
  return detectType(await files.add(bytes), name);
}

const JPEG = Buffer.from("ffd8ffe000104a46494600010100000100010000ffdb", "hex");
const GIF = Buffer.concat([Buffer.from("GIF89a"), Buffer.alloc(20)]);
const WEBP = Buffer.concat([Buffer.from("RIFF\x1a\0\0\0WEBPVP8 ", "latin1"), Buffer.alloc(20)]);
const ZIP = Buffer.from("504b0506000000000000000000000000000000000000", "hex");
const MP3 = Buffer.concat([
  Buffer.from("ID3\x03\0\0\0\0\0\0", "latin1"),
  Buffer.from("fffb9064", "hex"),
  Buffer.alloc(500),
]);
const OLD_OFFICE = Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(512)]);

describe("detectType", () => {
  it.each([
    ["notes.md", "# Notes", { kind: "text", mimeType: "text/markdown", extension: "md" }],
    ["tool.py", "print(1)", { kind: "text", mimeType: "text/x-python", extension: "py" }],
    ["main.ts", "export {};", { kind: "text", mimeType: "text/x-typescript", extension: "ts" }],
    ["sales.csv", "a,b\n1,2", { kind: "table", mimeType: "text/csv", extension: "csv" }],
    ["sales.TSV", "a\tb", { kind: "table", mimeType: "text/tab-separated-values", extension: "tsv" }],
    ["README", "hello", { kind: "text", mimeType: "text/plain", extension: "txt" }],
    ["letter.unknown", "hello", { kind: "text", mimeType: "text/plain", extension: "txt" }],
    ["setup.exe", "MZ are initials", { kind: "text", mimeType: "text/plain", extension: "txt" }],
    ["../../etc/passwd.py", "x = 1", { kind: "text", mimeType: "text/x-python", extension: "py" }],
    ["constructor.constructor", "x", { kind: "text", mimeType: "text/plain", extension: "txt" }],
    ["a.png", makePng(), { kind: "image", mimeType: "image/png", extension: "png" }],
    ["a.txt", JPEG, { kind: "image", mimeType: "image/jpeg", extension: "jpg" }],
    ["a.gif", GIF, { kind: "image", mimeType: "image/gif", extension: "gif" }],
    ["archive.pdf", ZIP, { kind: "archive", mimeType: "application/zip", extension: "zip" }],
    ["a", WEBP, { kind: "image", mimeType: "image/webp", extension: "webp" }],
  ])("knows %s by its bytes", async (name, bytes, type) => {
    expect(await detect(name, bytes)).toEqual({ kind: "known", type });
  });

  it("finds a PDF whatever it is called, and behind other bytes", async () => {
    const pdf = await makePdf(["Hello"]);
    const type = { kind: "pdf", mimeType: "application/pdf", extension: "pdf" };
    expect(await detect("letter.txt", pdf)).toEqual({ kind: "known", type });
    expect(await detect("a.pdf", Buffer.concat([Buffer.alloc(900, "\n"), pdf]))).toEqual({ kind: "known", type });
  });

  it.each([
    ["holiday.txt", makeWindowsProgram(), "EXE"],
    ["song.md", MP3, "MP3"],
    ["old.doc", OLD_OFFICE, "DOC"],
    ["letter.rtf", "{\\rtf1 hello}", "RTF"],
    ["data.xyz", Buffer.from([0, 1, 2, 3, 250, 251]), "XYZ"],
    ["data.txt", Buffer.from([0, 1, 2, 3, 250, 251]), "BIN"],
    ["data", Buffer.from([0, 1, 2, 3, 250, 251]), "BIN"],
  ])("refuses %s and says what it is", async (name, bytes, type) => {
    expect(await detect(name, bytes)).toEqual({ kind: "unsupported", type });
  });

  it.each(["report.pdf", "photo.jpeg", "photo.png"])("calls %s of unknown bytes damaged", async (name) => {
    expect(await detect(name, Buffer.from([0, 1, 2, 3, 250, 251]))).toEqual({ kind: "damaged" });
  });
});
