import { describe, expect, test } from "vitest";
import type { Document } from "../../../src/core/document.ts";
import { chooseDocuments } from "../../../src/engines/openai/documents/choose-documents.ts";
import { toCostUsd } from "../../../src/engines/openai/spending/prices.ts";
import { toUploadName } from "../../../src/engines/openai/documents/upload-name.ts";
import { sampleDocument } from "../../fakes/sample-data.ts";

const MB = 1024 * 1024;
const CSV = { kind: "table", mimeType: "text/csv", extension: "csv" } as const;
const PNG = { kind: "image", mimeType: "image/png", extension: "png" } as const;

function make(id: string, change: Partial<Document> = {}): Document {
  return sampleDocument({ id, name: `${id}.pdf`, tokens: 400, ...change });
}

function choose(change: Partial<Parameters<typeof chooseDocuments>[0]>): Record<string, string[]> {
  const choice = chooseDocuments({
    attached: [],
    available: [],
    inside: new Set(),
    left: new Set(),
    insideBytes: 0,
    inlineMaxTokens: 1_000,
    isSearchable: ({ type }) => type?.kind !== "image" && type?.kind !== "table",
    ...change,
  });
  const ids = (documents: readonly Document[]): string[] => documents.map(({ id }) => id);
  return {
    inline: ids(choice.inline),
    searched: ids(choice.searched),
    omitted: ids(choice.omitted),
    ...(choice.costly.length > 0 ? { costly: ids(choice.costly) } : {}),
  };
}

describe("choosing between prompt and search", () => {
  test("the newest come first, after what is attached", () => {
    const available = [1, 2, 3].map((age) => make(`d${age}`, { createdAt: age }));
    expect(choose({ available, attached: [make("a")] })).toEqual({
      inline: ["a", "d3"],
      searched: ["d2", "d1"],
      omitted: [],
    });
  });

  test("a document that is attached and available is taken once", () => {
    const document = make("a");
    expect(choose({ attached: [document], available: [document] })["inline"]).toEqual(["a"]);
  });

  test.for([
    { label: "as long as allowed", tokens: 1_000, where: "inline" },
    { label: "a token longer", tokens: 1_001, where: "searched" },
    { label: "of unknown length", tokens: null, where: "searched" },
  ])("a document $label is $where", ({ tokens, where }) => {
    expect(choose({ attached: [make("a", { tokens })] })[where]).toEqual(["a"]);
  });

  test("a file of 50 MB is searched, however short its text is", () => {
    expect(choose({ attached: [make("a", { sizeBytes: 50 * MB })] })["searched"]).toEqual(["a"]);
  });

  test("all files of a request stay under 50 MB, with those that are inside", () => {
    const attached = [make("a", { sizeBytes: 20 * MB }), make("b", { sizeBytes: 20 * MB })];
    expect(choose({ attached, insideBytes: 15 * MB })).toMatchObject({ inline: ["a"], searched: ["b"] });
  });

  test("what is inside is not given again, and what left is searched unless it is attached", () => {
    const [a, b, c] = [make("a"), make("b"), make("c")];
    expect(choose({ available: [a, b], attached: [c], inside: new Set(["a"]), left: new Set(["b", "c"]) })).toEqual({
      inline: ["c"],
      searched: ["b"],
      omitted: [],
    });
  });

  test("tables have a larger room of their own and are never searched", () => {
    const tables = ["t1", "t2"].map((id) => make(id, { type: CSV, tokens: 5_000 }));
    expect(choose({ attached: [...tables, make("a")] })).toEqual({
      inline: ["t1", "a"],
      searched: [],
      omitted: ["t2"],
    });
  });

  describe("of scans", () => {
    const SCAN = { kind: "scan", mimeType: "application/pdf", extension: "pdf" } as const;
    const scan = (change: Partial<Document> = {}): Document => make("s", { type: SCAN, tokens: 3_000, ...change });
    const s = new Set(["s"]);
    test.for([
      { label: "short", given: { attached: [scan({ tokens: 1_000 })] }, where: "inline" },
      { label: "long and nobody's matter", given: { available: [scan()] }, where: "omitted" },
      { label: "long and meant", given: { attached: [scan()], wantedScans: s }, where: "costly" },
      { label: "long and agreed to", given: { attached: [scan()], wantedScans: s, agreedScans: s }, where: "inline" },
      {
        label: "agreed to and too large beside what is inside",
        given: { attached: [scan()], wantedScans: s, agreedScans: s, insideBytes: 50 * MB },
        where: "omitted",
      },
    ])("one that is $label is $where", ({ given, where }) => {
      expect(choose(given)[where]).toEqual(["s"]);
    });
  });

  test("ten pictures are given at once", () => {
    const images = Array.from({ length: 12 }, (_, number) => make(`i${number}`, { type: PNG, tokens: 0 }));
    const choice = choose({ attached: images });
    expect([choice["inline"]?.length, choice["omitted"]?.length]).toEqual([10, 2]);
  });
});

describe("the name of an upload", () => {
  const text = (extension: string): Document["type"] => ({ kind: "text", mimeType: "text/plain", extension });
  test.for([
    { label: "stays", name: "Lease 2026.pdf", type: sampleDocument().type, upload: "Lease 2026.pdf" },
    { label: "keeps Korean", name: "계약서.pdf", type: sampleDocument().type, upload: "계약서.pdf" },
    { label: "gets the true extension", name: "lease.docx", type: sampleDocument().type, upload: "lease.docx.pdf" },
    { label: "keeps an extension in capitals", name: "LEASE.PDF", type: sampleDocument().type, upload: "LEASE.PDF" },
    { label: "loses paths", name: "..\\..\\a/b/c.md", type: text("md"), upload: "c.md" },
    { label: "loses control characters and quotes", name: 'a\r\n"b".md', type: text("md"), upload: "a b .md" },
    { label: "is something", name: "...", type: text("md"), upload: "document.md" },
    { label: "of a text no store takes ends in .txt", name: "a.yaml", type: text("yaml"), upload: "a.yaml.txt" },
    { label: "is not too long", name: `${"x".repeat(300)}.md`, type: text("md"), upload: `${"x".repeat(120)}.md` },
    {
      label: "does not end in half a character",
      name: `${"x".repeat(119)}📄`,
      type: text("md"),
      upload: `${"x".repeat(119)}\uFFFD.md`,
    },
  ])("$label", ({ name, type, upload }) => {
    expect(toUploadName({ name, type })).toBe(upload);
  });
});

describe("the cost of a run", () => {
  const counts = { inputTokens: 1_000_000, cachedInputTokens: 0, outputTokens: 1_000_000, searches: 0 };
  const short = { inputTokens: 100_000, cachedInputTokens: 40_000, outputTokens: 10_000, searches: 2 };
  test.for([
    { label: "counts cached input less, and each search", model: "gpt-6-luna", counts: short, usd: 0.0164 },
    { label: "doubles above 272,000 tokens", model: "gpt-6-luna", counts, usd: 0.95 },
    { label: "of a dated model is its model's", model: "gpt-6-luna-2026-09-22", counts: short, usd: 0.0164 },
    { label: "counts cached input in full without a price of it", model: "gpt-6.1-sol", counts: short, usd: 0.305 },
    {
      label: "counts writing to the cache",
      model: "gpt-6-luna",
      counts: { ...short, cacheWriteTokens: 20_000 },
      usd: 0.0169,
    },
  ])("$label", ({ model, counts: used, usd }) => {
    expect(toCostUsd(model, used)).toBeCloseTo(usd, 10);
  });

  test("is unknown for a model that is not listed", () => {
    expect(toCostUsd("gpt-7", counts)).toBeNull();
  });
});
