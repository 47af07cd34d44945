import { describe, expect, it } from "vitest";
import type { Document, FileType } from "../../src/core/document.ts";
import { toStorageCost } from "../../src/core/spending/storage-cost.ts";

function toDocument(kind: FileType["kind"], change: Partial<Document>): Document {
  return {
    id: "d1",
    scope: { kind: "workspace", key: "web" },
    attachmentKey: "a",
    messageKey: "m",
    bot: "web",
    reference: null,
    name: "a",
    postedBy: "web",
    createdAt: 0,
    state: "ready",
    problem: null,
    type: { kind, mimeType: "", extension: "" },
    sizeBytes: 2_000_000_000,
    sha256: null,
    pages: null,
    unit: "page",
    tokens: null,
    engines: ["local", "openai"],
    blobId: null,
    ...change,
  };
}

describe("what keeping a document at OpenAI costs a day", () => {
  it.for([
    ["a PDF, by its size", toDocument("pdf", {}), 0.2],
    ["a picture, which no vector store takes", toDocument("image", {}), 0],
    ["a scan", toDocument("scan", {}), 0],
    ["an archive, whose files are counted", toDocument("archive", {}), 0],
    ["a document that only this machine has", toDocument("pdf", { engines: ["local"] }), null],
    ["a document of unknown size", toDocument("pdf", { sizeBytes: null }), null],
  ] as const)("%s", ([, document, expected]) => {
    expect(toStorageCost(document)).toBe(expected);
  });
});
