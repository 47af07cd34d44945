import { describe, expect, it } from "vitest";
import type { FileType } from "../../../src/core/document.ts";
import { ask, json, say, toForm } from "./requests.ts";
import { startWebBot, type WebBotUnderTest } from "./web-bot-under-test.ts";

const ID = "5f0c2b1e-0000-4000-8000-000000000001";

async function withDocument(
  name: string,
  content: string,
  type: FileType,
): Promise<WebBotUnderTest & { path: string }> {
  const web = await startWebBot();
  web.docent.read = () => ({
    pages: [
      { number: 1, text: "first" },
      { number: 2, text: "second" },
      { number: 40, text: "fortieth" },
    ],
    change: { type, unit: type.kind === "pdf" ? "page" : "line" },
  });
  await say(web.bot, "general", toForm({ text: "Read", id: ID }, { [name]: content }));
  const [document] = web.docent.documentsOf(`turn-web-general-${ID}`);
  return { ...web, path: `/api/documents/${document?.id}` };
}

const PDF: FileType = { kind: "pdf", mimeType: "application/pdf", extension: "pdf" };
const TEXT: FileType = { kind: "text", mimeType: "text/html", extension: "html" };

describe("documents", () => {
  it("lists fields as the contract has them", async () => {
    const { bot, docent } = await withDocument("plan.pdf", "%PDF-", PDF);
    const [document] = docent.documentsOf(`turn-web-general-${ID}`);
    await docent.changeDocument(document?.id ?? "", { state: "ready", pages: 412, tokens: 98_000 });
    expect(await json(ask(bot, "/api/channels/general/documents"))).toEqual({
      documents: [
        {
          id: document?.id,
          name: "plan.pdf",
          pages: 412,
          tokens: 98_000,
          state: "ready",
          problem: null,
          kind: "pdf",
          sizeBytes: 5,
          scope: "channel",
          unit: "page",
          bot: "web",
          postedBy: null,
          createdAt: Date.UTC(2026, 10, 23, 9, 30),
          containerId: null,
          costUsdPerDay: null,
        },
      ],
    });
    expect(await json(ask(bot, "/api/channels/other/documents"))).toEqual({ documents: [] });
  });

  it("tells the unit, the archive, and what keeping the document at OpenAI costs a day", async () => {
    const { bot, docent } = await startWebBot();
    await ask(bot, "/api/knowledge", { method: "POST", body: toForm({ id: ID }, { "deck.pptx": "x", "a.zip": "x" }) });
    const [deck, archive] = await docent.documents({ kind: "workspace", key: "web" });
    const engines = ["local", "openai"];
    const type = { kind: "office", mimeType: "application/x", extension: "pptx" } as const;
    const change = { type, unit: "slide", engines, sizeBytes: 250_000_000, containerId: archive?.id } as const;
    await docent.changeDocument(deck?.id ?? "", { ...change, postedBy: "Ann" });
    expect(await json(ask(bot, "/api/knowledge"))).toMatchObject({
      documents: [
        { kind: "office", unit: "slide", containerId: archive?.id, costUsdPerDay: 0.025, postedBy: "Ann" },
        { containerId: null, costUsdPerDay: null, postedBy: null },
      ],
    });
  });

  it("says what is wrong with a document in the reader's language", async () => {
    const { bot, docent } = await withDocument("scan.pdf", "%PDF-", PDF);
    const [document] = docent.documentsOf(`turn-web-general-${ID}`);
    const problem = { code: "file_scanned", details: { name: "scan.pdf" } } as const;
    await docent.changeDocument(document?.id ?? "", { state: "failed", problem });
    const headers = { "accept-language": "ko" };
    expect(await json(ask(bot, "/api/channels/general/documents", { headers }))).toMatchObject({
      documents: [{ problem: { code: "file_scanned", message: expect.stringContaining("텍스트가 없습니다") } }],
    });
  });

  it("deletes a document, and answers 404 the second time", async () => {
    const { bot, path, blobs } = await withDocument("plan.pdf", "%PDF-", PDF);
    expect((await ask(bot, path, { method: "DELETE" })).status).toBe(204);
    expect(blobs.held.size).toBe(0);
    expect((await ask(bot, path, { method: "DELETE" })).status).toBe(404);
    expect((await ask(bot, `${path}/content`)).status).toBe(404);
  });

  it("does not know documents and turns of other platforms", async () => {
    const { bot, docent, path } = await withDocument("plan.pdf", "%PDF-", PDF);
    const id = path.split("/").at(-1) ?? "";
    await docent.changeDocument(id, { bot: "slack", scope: { kind: "channel", key: "slack:T1:C1" } });
    expect((await ask(bot, path, { method: "DELETE" })).status).toBe(404);
    expect((await ask(bot, `${path}/content`)).status).toBe(404);
    expect((await ask(bot, `${path}/pages/1`)).status).toBe(404);
  });

  it.for([
    ["a page", PDF, 2, { number: 2, unit: "page", text: "second", previous: 1, next: 40 }],
    ["the piece that a line is in", TEXT, 55, { number: 40, unit: "line", text: "fortieth", previous: 2, next: null }],
    ["the first line", TEXT, 1, { number: 1, unit: "line", text: "first", previous: null, next: 2 }],
  ] as const)("gives the text of %s", async ([, type, number, expected]) => {
    const { bot, path } = await withDocument("a.pdf", "x", type);
    expect(await json(ask(bot, `${path}/pages/${number}`))).toEqual(expected);
  });

  it.for([
    ["a page that is not there", "3"],
    ["no number", "x"],
  ])("answers 404 for %s", async ([, number]) => {
    const { bot, path } = await withDocument("a.pdf", "x", PDF);
    expect((await ask(bot, `${path}/pages/${number}`)).status).toBe(404);
  });
});

describe("a document's content", () => {
  it("of an archive's file is saved under the file's own name", async () => {
    const { bot, docent, path } = await withDocument("c.txt", "x", TEXT);
    await docent.changeDocument(path.split("/").at(-1) ?? "", { name: "docs.zip/2026/c.txt" });
    const { headers } = await ask(bot, `${path}/content`);
    expect(headers.get("content-disposition")).toBe(`inline; filename="c.txt"; filename*=UTF-8''c.txt`);
  });

  it.for([
    ["a PDF", PDF, "application/pdf", "inline"],
    ["a picture", { kind: "image", mimeType: "image/png", extension: "png" }, "image/png", "inline"],
    ["HTML, as its source", TEXT, "text/plain; charset=utf-8", "inline"],
    [
      "SVG, to be saved",
      { kind: "image", mimeType: "image/svg+xml", extension: "svg" },
      "application/octet-stream",
      "attachment",
    ],
    ["a table", { kind: "table", mimeType: "text/csv", extension: "csv" }, "text/plain; charset=utf-8", "inline"],
    [
      "an Office file, to be saved",
      { kind: "office", mimeType: "application/vnd.oasis.opendocument.text", extension: "odt" },
      "application/octet-stream",
      "attachment",
    ],
  ] as const)("is %s", async ([, type, contentType, disposition]) => {
    const { bot, path } = await withDocument("파일 'x'.bin", "<script>1</script>", type);
    const response = await ask(bot, `${path}/content`);
    expect(await response.text()).toBe("<script>1</script>");
    const { headers } = response;
    expect(headers.get("content-type")).toBe(contentType);
    expect(headers.get("content-disposition")).toBe(
      `${disposition}; filename="__ 'x'.bin"; filename*=UTF-8''%ED%8C%8C%EC%9D%BC%20%27x%27.bin`,
    );
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("content-security-policy")?.includes("sandbox")).toBe(type !== PDF);
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it.for([
    ["the beginning", "bytes=0-3", 206, "0123", "bytes 0-3/10"],
    ["from the middle", "bytes=7-", 206, "789", "bytes 7-9/10"],
    ["the end", "bytes=-2", 206, "89", "bytes 8-9/10"],
    ["more than there is", "bytes=8-99", 206, "89", "bytes 8-9/10"],
    ["beyond the end", "bytes=10-", 416, "", "bytes */10"],
    ["two ranges, which may be the whole", "bytes=0-1,3-4", 200, "0123456789", null],
    ["nonsense, which may be the whole", "lines=1", 200, "0123456789", null],
  ] as const)("answers a range: %s", async ([, range, status, text, contentRange]) => {
    const { bot, path } = await withDocument("a.pdf", "0123456789", PDF);
    const response = await ask(bot, `${path}/content`, { headers: { range } });
    expect(response.status).toBe(status);
    expect(await response.text()).toBe(text);
    expect(response.headers.get("content-range")).toBe(contentRange);
  });

  it("tells its length without sending it", async () => {
    const { bot, path } = await withDocument("a.pdf", "0123456789", PDF);
    const response = await ask(bot, `${path}/content`, { method: "HEAD" });
    expect(response.headers.get("content-length")).toBe("10");
    expect(await response.text()).toBe("");
  });

  it("is gone when its bytes are gone", async () => {
    const { bot, path, blobs } = await withDocument("a.pdf", "x", PDF);
    for (const id of blobs.held.keys()) await blobs.remove(id);
    expect((await ask(bot, `${path}/content`)).status).toBe(404);
  });
});
