import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Reader, ReadLimits } from "../../src/core/ports/reader.ts";
import { createReader } from "../../src/readers/create-reader.ts";
import { makeCjkPdf, makeKoreanPdf } from "../fixtures/make-cjk-pdf.ts";
import {
  accessCodeSentence,
  makeBrokenPdf,
  makeEncryptedPdf,
  makeLongPdf,
  makePdf,
  makeScannedPdf,
  makeTruncatedPdf,
} from "../fixtures/make-pdf.ts";
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

async function read(bytes: Uint8Array, limits: Partial<ReadLimits> = {}) {
  return reader.read(
    { path: await files.add(bytes), name: "report.pdf" },
    { maxTokens: 2_000_000, maxPages: 5000, timeoutMs: 60_000, ...limits },
    { signal: new AbortController().signal },
  );
}

describe("reading a PDF", () => {
  it("gives each page its text, with lines and words as they stand", async () => {
    const reading = await read(await makePdf(["Accounting for 2026.\nTwo lines – café.", "", "Third page"]));
    expect(reading).toEqual({
      type: { kind: "pdf", mimeType: "application/pdf", extension: "pdf" },
      unit: "page",
      pages: [
        { number: 1, text: "Accounting for 2026.\nTwo lines – café." },
        { number: 2, text: "" },
        { number: 3, text: "Third page" },
      ],
      pageCount: 3,
      tokens: expect.any(Number),
      problem: null,
    });
  });

  it("finds the sentence of every page of a long file, on its page", async () => {
    const reading = await read(await makeLongPdf(300));
    expect(reading.pageCount).toBe(300);
    expect(reading.pages.every((page) => page.text.includes(accessCodeSentence(page.number)))).toBe(true);
    expect(reading.tokens).toBeGreaterThan(100_000);
  });

  it("reads Korean by the predefined maps", async () => {
    const reading = await read(makeKoreanPdf(["연차 휴가는 15일입니다.\n회의실 217호", "둘째 쪽"]));
    expect(reading.pages).toEqual([
      { number: 1, text: "연차 휴가는 15일입니다.\n회의실 217호" },
      { number: 2, text: "둘째 쪽" },
    ]);
    expect(reading.problem).toBeNull();
  });

  it.each([
    ["japanese", "有給休暇は十五日です。\nカタカナと漢字"],
    ["chinese", "员工每年有十五天年假。\n第二行"],
  ] as const)("reads %s by the predefined maps", async (language, text) => {
    expect((await read(makeCjkPdf(language, [text]))).pages).toEqual([{ number: 1, text }]);
  });

  it("reads a PDF that is protected only against changes", async () => {
    const reading = await read(await makePdf(["Open to all."], { ownerPassword: "owner" }));
    expect(reading.problem).toBeNull();
    expect(reading.pages[0]?.text).toBe("Open to all.");
  });

  it.each([
    ["a password", makeEncryptedPdf, { code: "file_encrypted", details: { name: "report.pdf" } }],
    [
      "its end missing",
      makeTruncatedPdf,
      { code: "file_broken", details: { name: "report.pdf", reason: "truncated" } },
    ],
    [
      "nothing behind its header",
      makeBrokenPdf,
      { code: "file_broken", details: { name: "report.pdf", reason: "truncated" } },
    ],
    [
      "nothing between header and end",
      () => Buffer.from("%PDF-1.7\nstartxref\n0\n%%EOF"),
      { code: "file_broken", details: { name: "report.pdf", reason: "InvalidPDFException" } },
    ],
  ])("says what is wrong with a PDF with %s", async (_label, make, problem) => {
    expect((await read(await make())).problem).toEqual(problem);
  });

  it.each([0.3, 0.6, 0.9, 0.99])("never takes the first %f of a file for the whole", async (share) => {
    const whole = await makePdf(Array.from({ length: 20 }, (_, index) => `Page ${index}. ${"Words. ".repeat(50)}`));
    const reading = await read(whole.subarray(0, Math.floor(whole.length * share)));
    expect(reading.problem?.code).toBe("file_broken");
  });

  it("accepts bytes that a server added behind the end", async () => {
    const pdf = await makePdf(["Hello there."]);
    expect((await read(Buffer.concat([pdf, Buffer.alloc(10_000)]))).problem).toBeNull();
  });

  it.each([
    ["pictures only", makeScannedPdf, 3],
    ["no text at all", () => makePdf(["", ""]), 2],
  ])("calls a file of %s a scan, and estimates what looking at its pages costs", async (_label, make, pages) => {
    expect(await read(await make())).toMatchObject({
      type: { kind: "scan", mimeType: "application/pdf", extension: "pdf" },
      unit: "page",
      pageCount: pages,
      tokens: pages * 3_000,
      problem: null,
    });
  });

  it("accepts a mixed file: some pages scanned, some with text", async () => {
    const text = "This page has a paragraph of text that says enough to be worth an answer. ".repeat(3);
    expect((await read(await makePdf([text, "", "", "", "", ""]))).problem).toBeNull();
  });

  it("refuses too many pages before reading them", async () => {
    const reading = await read(await makeLongPdf(12), { maxPages: 10 });
    expect(reading).toMatchObject({ pages: [], pageCount: 12, tokens: 0 });
    expect(reading.problem).toEqual({
      code: "file_too_many_pages",
      details: { name: "report.pdf", pages: 12, maxPages: 10 },
    });
  });

  it("refuses too many tokens, with an estimate for the whole file", async () => {
    const pdf = await makeLongPdf(20);
    const { tokens } = await read(pdf);
    const reading = await read(pdf, { maxTokens: 1000 });
    expect(reading.problem).toMatchObject({ code: "file_too_many_tokens", details: { maxTokens: 1000 } });
    expect(Math.abs(reading.tokens / tokens - 1)).toBeLessThan(0.1);
  });
});
