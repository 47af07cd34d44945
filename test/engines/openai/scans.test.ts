import { describe, expect, test } from "vitest";
import { asList } from "../../servers/openai/check-request.ts";
import { contentParts } from "../../servers/openai/state.ts";
import { makeScannedPdf } from "../../fixtures/make-pdf.ts";
import { isDocentError } from "../../../src/core/errors.ts";
import type { ReadableDocument } from "../../../src/core/document.ts";
import { never, startTalk, toReadable, type Talk } from "./talk.ts";

const MB = 1024 * 1024;

async function scanOf(pages: number, name = "old lease.pdf"): Promise<ReadableDocument> {
  return toReadable(name, await makeScannedPdf(1), { type: "scan", pages, tokens: pages * 3_000 });
}

/** Answers as a model does that looks at the pages. */
const SEEING = { answer: () => ({ text: "The notice period is ninety days (page 2)." }) };

function filesIn(talk: Talk, request: number): string[] {
  const body = talk.server.to("responses.create")[request]?.body ?? {};
  return asList(body["input"])
    .flatMap((item) => contentParts(item as never))
    .flatMap((part) => (part["type"] === "input_file" ? [String(part["file_id"])] : []));
}

describe("a scan", () => {
  test("that is short is given to the model as it is, and named as the source", async () => {
    const talk = await startTalk(SEEING, { inlineMaxTokens: 6_000 });
    const scan = await scanOf(2);
    await talk.engine.addDocument(scan, never());
    const result = await talk.ask({ attached: [scan] });
    expect(filesIn(talk, 0)).toHaveLength(1);
    expect(talk.server.state.vectorStores.size).toBe(0);
    expect(result.sources).toEqual([{ documentId: scan.document.id, at: null, page: null, passage: null }]);
  });

  test("that is long is not paid for before somebody was told what it costs and asked again", async () => {
    const talk = await startTalk(SEEING, { inlineMaxTokens: 6_000 });
    const scan = await scanOf(50);
    await talk.engine.addDocument(scan, never());
    await expect(talk.ask({ turnId: "t_first", attached: [scan] })).rejects.toMatchObject({
      code: "scan_costs",
      details: { name: "old lease.pdf", pages: 50, tokens: 150_000, cost: 0.015 },
    });
    expect(talk.server.to("responses.create")).toHaveLength(0);
    // The button "Try again" asks the same, and brings no files.
    const result = await talk.ask({ turnId: "t_again", available: [scan] });
    expect(result.text).toContain("ninety days");
    expect(filesIn(talk, 0)).toHaveLength(1);
  });

  test("is not paid for by a repeat of the turn that told the cost, after a crash", async () => {
    const talk = await startTalk(SEEING, { inlineMaxTokens: 6_000 });
    const scan = await scanOf(50);
    for (const _ of [1, 2]) {
      await expect(talk.ask({ turnId: "t_first", attached: [scan] })).rejects.toMatchObject({ code: "scan_costs" });
    }
    expect(talk.server.to("responses.create")).toHaveLength(0);
  });

  test("keeps nobody from asking about something else, and is read when it is named after the cost was told", async () => {
    const talk = await startTalk(SEEING, { inlineMaxTokens: 6_000 });
    const scan = await scanOf(50);
    await talk.engine.addDocument(scan, never());
    await talk.ask({ available: [scan], text: "What is new?" });
    expect(filesIn(talk, 0)).toEqual([]);
    const named = { available: [scan], text: "How long is the notice in the OLD LEASE?" };
    await expect(talk.ask(named)).rejects.toMatchObject({ code: "scan_costs" });
    await talk.ask({ available: [scan], text: "What is old?" });
    expect(filesIn(talk, 1)).toEqual([]);
    await talk.ask({ available: [scan], text: "Yes, read old lease.pdf." });
    expect(filesIn(talk, 2)).toHaveLength(1);
  });

  test.for([
    { name: "doc.pdf", text: "Which document is new?", isMeant: false },
    { name: "doc.pdf", text: "What is in doc.pdf?", isMeant: true },
    { name: "계약서.pdf", text: "계약서를 읽어 줘", isMeant: true },
    { name: "in.zip/2026/old lease.pdf", text: "Read “Old lease”.", isMeant: true },
    { name: "a.pdf", text: "a", isMeant: false },
  ])("called $name is meant by “$text”: $isMeant", async ({ name, text, isMeant }) => {
    const talk = await startTalk(SEEING, { inlineMaxTokens: 6_000 });
    const asked = talk.ask({ available: [await scanOf(50, name)], text });
    const seen = await asked.then(
      () => false,
      (error: unknown) => isDocentError(error, "scan_costs"),
    );
    expect(seen).toBe(isMeant);
  });

  test("is agreed to in one conversation, and in no other", async () => {
    const talk = await startTalk(SEEING, { inlineMaxTokens: 6_000 });
    const scan = await scanOf(50);
    await expect(talk.ask({ attached: [scan] })).rejects.toMatchObject({ code: "scan_costs" });
    await expect(talk.ask({ attached: [scan], conversation: "test:other" })).rejects.toMatchObject({
      code: "scan_costs",
    });
  });

  test.for([
    { label: "as large as no request may be", change: { sizeBytes: 50 * MB }, code: "file_too_large" },
    { label: "longer than the model takes", change: { tokens: 800_001 }, code: "file_too_many_tokens" },
  ])("that is $label is refused", async ({ change, code }) => {
    const talk = await startTalk();
    const scan = await scanOf(2);
    const document = { ...scan.document, ...change };
    await expect(talk.engine.addDocument({ ...scan, document }, never())).rejects.toMatchObject({ code });
    expect(talk.server.to("files.create")).toHaveLength(0);
  });
});
