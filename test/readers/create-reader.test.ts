import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Reader, ReadLimits } from "../../src/core/ports/reader.ts";
import { createReader } from "../../src/readers/create-reader.ts";
import { makePdfBomb } from "../fixtures/make-pdf-bomb.ts";
import { makeLongPdf, makePdf } from "../fixtures/make-pdf.ts";
import { makePng } from "../fixtures/make-png.ts";
import { makeWindowsProgram } from "../fixtures/make-windows-program.ts";
import { createTemporaryFiles, type TemporaryFiles } from "./temporary-files.ts";

const LIMITS: ReadLimits = { maxTokens: 2_000_000, maxPages: 5000, timeoutMs: 60_000 };
const LONG_PAGES = 800;

let files: TemporaryFiles;
let reader: Reader;
let long: { path: string; name: string };
beforeAll(async () => {
  files = await createTemporaryFiles();
  reader = createReader();
  long = { path: await files.add(await makeLongPdf(LONG_PAGES)), name: "long.pdf" };
});
afterAll(async () => {
  await reader.stop();
  await files[Symbol.asyncDispose]();
});

const never = (): AbortSignal => new AbortController().signal;

async function read(name: string, bytes: Uint8Array | string, limits: Partial<ReadLimits> = {}) {
  return reader.read({ path: await files.add(bytes), name }, { ...LIMITS, ...limits }, { signal: never() });
}

describe("createReader", () => {
  it("reads a text in pieces of lines", async () => {
    const reading = await read("../../notes.md", "# Rooms\r\nRoom 217 is on floor two.\n");
    expect(reading).toEqual({
      type: { kind: "text", mimeType: "text/markdown", extension: "md" },
      unit: "line",
      pages: [{ number: 1, text: "# Rooms\nRoom 217 is on floor two." }],
      pageCount: null,
      tokens: expect.any(Number),
      problem: null,
    });
  });

  it("composes Korean letters that a Mac took apart", async () => {
    const reading = await read("휴가.txt".normalize("NFD"), "연차 휴가".normalize("NFD"));
    expect(reading.pages[0]?.text).toBe("연차 휴가");
  });

  it("gives an image no pages and a thousand tokens", async () => {
    const reading = await read("photo.txt", makePng());
    expect(reading).toMatchObject({ type: { kind: "image" }, pages: [], tokens: 1000, problem: null });
  });

  it.each([
    ["an empty file", "", { code: "file_empty", details: { name: "a.txt" } }],
    ["a file of blanks", " \n\n", { code: "file_empty", details: { name: "a.txt" } }],
    ["a program", makeWindowsProgram(), { code: "file_unsupported", details: { name: "a.txt", type: "EXE" } }],
  ])("says what is wrong with %s", async (_label, bytes, problem) => {
    expect((await read("a.txt", bytes)).problem).toEqual(problem);
  });

  it("says that a file is broken when it is not there", async () => {
    const reading = await reader.read({ path: "/nowhere", name: "a.pdf" }, LIMITS, { signal: never() });
    expect(reading.problem).toEqual({ code: "file_broken", details: { name: "a.pdf", reason: "ENOENT" } });
  });

  it("refuses a text with too many tokens", async () => {
    const reading = await read("a.txt", "one two three four five", { maxTokens: 4 });
    expect(reading.problem).toEqual({
      code: "file_too_many_tokens",
      details: { name: "a.txt", tokens: 5, maxTokens: 4 },
    });
  });

  it("refuses a text that is far too large by its size", async () => {
    const reading = await read("a.txt", "word ".repeat(10_000), { maxTokens: 100 });
    expect(reading.problem).toMatchObject({ code: "file_too_many_tokens", details: { tokens: 12_500 } });
  });

  it("tells progress from first to last, and leaves the main thread free meanwhile", async () => {
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 5);
    const progress: number[] = [];
    const reading = await reader.read(long, LIMITS, {
      signal: never(),
      onPage: (done, of) => {
        expect(of).toBe(LONG_PAGES);
        progress.push(done);
      },
    });
    clearInterval(ticking);
    expect(reading.pages.map((page) => page.number)).toEqual(Array.from({ length: LONG_PAGES }, (_, i) => i + 1));
    expect(progress.length).toBeGreaterThan(1);
    expect(progress.length).toBeLessThan(LONG_PAGES);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(ticks).toBeGreaterThan(progress.length);
  });

  it("reads small files while a long one is being read, and long ones in turn", async () => {
    const done: string[] = [];
    const note = async (name: string, reading: Promise<unknown>): Promise<void> => {
      await reading;
      done.push(name);
    };
    const small = { path: await files.add(await makePdf(["Small"])), name: "small.pdf" };
    const started = Promise.withResolvers<void>();
    const first = note("long 1", reader.read(long, LIMITS, { signal: never(), onPage: () => started.resolve() }));
    await started.promise;
    await Promise.all([
      first,
      note("long 2", reader.read(long, LIMITS, { signal: never() })),
      note("text", read("a.txt", "small")),
      note("small pdf", reader.read(small, LIMITS, { signal: never() })),
      note("image", read("a.png", makePng())),
    ]);
    expect(done.slice(0, 3).toSorted()).toEqual(["image", "small pdf", "text"]);
    expect(done.slice(3)).toEqual(["long 1", "long 2"]);
  });

  it("stops reading when it is aborted, and reads the next file", async () => {
    const abort = new AbortController();
    const reading = reader.read(long, LIMITS, { signal: abort.signal, onPage: () => abort.abort() });
    await expect(reading).rejects.toMatchObject({ code: "cancelled" });
    await expect(reader.read(long, LIMITS, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "cancelled",
    });
    expect((await read("next.txt", "next")).problem).toBeNull();
  });

  it("forgets a file that is aborted while it waits", async () => {
    const abort = new AbortController();
    const first = reader.read(long, LIMITS, { signal: never() });
    const second = reader.read(long, LIMITS, { signal: abort.signal });
    abort.abort();
    await expect(second).rejects.toMatchObject({ code: "cancelled" });
    expect((await first).problem).toBeNull();
  });

  it("gives up on a file that takes too long, and reads the next one", async () => {
    const reading = await reader.read(long, { ...LIMITS, timeoutMs: 5 }, { signal: never() });
    expect(reading.problem).toEqual({ code: "file_broken", details: { name: "long.pdf", reason: "timeout" } });
    expect((await read("next.pdf", await makePdf(["Next"]))).pages).toEqual([{ number: 1, text: "Next" }]);
  });

  it("survives a file that fills the memory, and reads the next one", { timeout: 60_000 }, async () => {
    const reading = await read("bomb.pdf", makePdfBomb());
    expect(reading.problem).toEqual({ code: "file_broken", details: { name: "bomb.pdf", reason: "out of memory" } });
    expect((await read("next.txt", "next")).problem).toBeNull();
  });

  it("starts a thread again after it ended for idleness", async () => {
    await using impatient = {
      reader: createReader({ idleMs: 1 }),
      [Symbol.asyncDispose]: () => impatient.reader.stop(),
    };
    const file = { path: await files.add("hello"), name: "a.txt" };
    for (let round = 0; round < 3; round++) {
      const reading = await impatient.reader.read(file, LIMITS, { signal: never() });
      expect(reading.problem).toBeNull();
      await sleep(20);
    }
  });

  it("ends what it reads when it is stopped, and takes nothing more", async () => {
    const stopped = createReader();
    const reading = stopped.read(long, LIMITS, { signal: never(), onPage: () => void stopped.stop() });
    await expect(reading).rejects.toMatchObject({ code: "stopping" });
    await expect(stopped.read(long, LIMITS, { signal: never() })).rejects.toMatchObject({ code: "stopping" });
  });
});
