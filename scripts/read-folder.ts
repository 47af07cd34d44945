import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Document, ReadableDocument } from "../src/core/document.ts";
import { createReader } from "../src/readers/create-reader.ts";

const LIMITS = { maxTokens: 5_000_000, maxPages: 10_000, timeoutMs: 600_000 };

/** Reads every file of a folder as Docent would, by its name; `onRead` is told how far it got. */
export async function readFolder(
  from: string,
  onRead: (done: number, all: number) => void,
): Promise<Map<string, ReadableDocument>> {
  const reader = createReader();
  const readables = new Map<string, ReadableDocument>();
  const names = (await readdir(from)).toSorted();
  for (const [done, name] of names.entries()) {
    onRead(done + 1, names.length);
    const { signal } = new AbortController();
    const { pages, ...found } = await reader.read({ path: path.join(from, name), name }, LIMITS, { signal });
    const bytes = await readFile(path.join(from, name));
    const document: Document = {
      id: name,
      scope: { kind: "channel", key: "bench" },
      attachmentKey: name,
      messageKey: name,
      bot: "bench",
      reference: null,
      name,
      postedBy: "bench",
      createdAt: done,
      state: "ready",
      problem: null,
      type: found.type,
      sizeBytes: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      pages: pages.length,
      unit: found.unit,
      tokens: found.tokens,
      engines: [],
      blobId: name,
    };
    readables.set(name, {
      document,
      withFile: (use) => use(path.join(from, name)),
      pages: () => Promise.resolve(pages),
    });
  }
  await reader.stop();
  return readables;
}
