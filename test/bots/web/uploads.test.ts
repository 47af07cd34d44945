import { describe, expect, it } from "vitest";
import { cleanFileName } from "../../../src/bots/web/file-name.ts";
import { ask, json, say, toForm } from "./requests.ts";
import { startWebBot } from "./web-bot-under-test.ts";
import { startWebServer } from "./web-server.ts";

const MEGABYTE = 1024 * 1024;

describe("uploads", () => {
  it("takes thirty files in one message", async () => {
    const { bot, docent, blobs } = await startWebBot();
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`file-${n}.txt`, `content ${n}`]));
    expect((await say(bot, "general", toForm({ text: "Compare them" }, files))).status).toBe(202);
    expect(docent.accepted[0]?.attachments.map(({ name }) => name)).toEqual(Object.keys(files));
    expect([...blobs.held.values()].map(String).toSorted()).toEqual(Object.values(files).toSorted());
  });

  it("refuses the files that are too many by name and takes the others", async () => {
    const { bot, docent, blobs } = await startWebBot({ maxFilesPerMessage: 2 });
    const response = await say(bot, "general", toForm({ text: "Read" }, { "a.txt": "1", "b.txt": "2", "c.txt": "3" }));
    expect(response.status).toBe(202);
    expect(docent.accepted[0]?.attachments).toMatchObject([
      { name: "a.txt" },
      { name: "b.txt" },
      { name: "c.txt", problem: { code: "too_many_files", details: { name: "c.txt", max: 2 } } },
    ]);
    expect(docent.accepted[0]?.attachments[2]).not.toHaveProperty("blobId");
    expect(blobs.held.size).toBe(2);
  });

  it("takes a file of exactly the limit, refuses one byte more, and goes on with the rest", async () => {
    const { bot, docent, blobs } = await startWebBot();
    const files = { "fits.bin": "x".repeat(MEGABYTE), "large.bin": "x".repeat(MEGABYTE + 1), "rest.txt": "rest" };
    expect((await say(bot, "general", toForm({ text: "Read" }, files))).status).toBe(202);
    expect(docent.accepted[0]?.attachments).toMatchObject([
      { name: "fits.bin", sizeBytes: MEGABYTE },
      {
        name: "large.bin",
        sizeBytes: null,
        problem: { code: "file_too_large", details: { name: "large.bin", maxMb: 1 } },
      },
      { name: "rest.txt", sizeBytes: 4 },
    ]);
    expect([...blobs.held.values()].map(({ length }) => length)).toEqual([MEGABYTE, 4]);
    const { documents } = await json(ask(bot, "/api/channels/general/documents"));
    expect(documents).toMatchObject([
      { name: "fits.bin", state: "noted", problem: null },
      {
        name: "large.bin",
        state: "failed",
        problem: {
          code: "file_too_large",
          message: "“large.bin” is larger than 1 MB. Please split it or post a smaller version.",
        },
      },
      { name: "rest.txt" },
    ]);
  });

  it("takes an upload many times the limit over a real connection without holding it in memory", async () => {
    const { bot, docent, blobs } = await startWebBot();
    const server = await startWebServer(bot);
    const head = '--x\r\ncontent-disposition: form-data; name="files"; filename="huge.bin"\r\n\r\n';
    const chunk = new Uint8Array(MEGABYTE);
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(head)),
      pull(controller) {
        sent += 1;
        if (sent <= 40) return controller.enqueue(chunk);
        const tail = '\r\n--x\r\ncontent-disposition: form-data; name="text"\r\n\r\nWhat is in it?\r\n--x--\r\n';
        controller.enqueue(new TextEncoder().encode(tail));
        controller.close();
      },
    });
    const headers = { "content-type": "multipart/form-data; boundary=x" };
    const init = { method: "POST", body, headers, duplex: "half" as const };
    const response = await fetch(`${server.origin}/api/channels/general/messages`, init);
    expect(response.status).toBe(202);
    expect(docent.accepted).toMatchObject([
      { text: "What is in it?", attachments: [{ problem: { code: "file_too_large" } }] },
    ]);
    expect(blobs.held.size).toBe(0);
    await server.close();
  });

  it("keeps nothing of an upload whose client went away", async () => {
    const { bot, docent, blobs } = await startWebBot();
    const head = '--x\r\ncontent-disposition: form-data; name="files"; filename="a.txt"\r\n\r\nhalf a file';
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(head));
      },
      pull: (controller) => controller.error(new Error("connection reset")),
    });
    const headers = { "content-type": "multipart/form-data; boundary=x" };
    const init = { method: "POST", body, headers, duplex: "half" as const };
    expect((await ask(bot, "/api/channels/general/messages", init)).status).toBe(400);
    expect(docent.accepted).toEqual([]);
    expect(blobs.held.size).toBe(0);
  });

  it("ignores the empty part of a file field that nobody filled in", async () => {
    const { bot, docent, blobs } = await startWebBot();
    const body =
      '--x\r\ncontent-disposition: form-data; name="files"; filename=""\r\ncontent-type: application/octet-stream\r\n\r\n\r\n' +
      '--x\r\ncontent-disposition: form-data; name="text"\r\n\r\nHi\r\n--x--\r\n';
    const headers = { "content-type": "multipart/form-data; boundary=x" };
    const response = await ask(bot, "/api/channels/general/messages", { method: "POST", body, headers });
    expect(response.status).toBe(202);
    expect(docent.accepted).toMatchObject([{ text: "Hi", attachments: [] }]);
    expect(blobs.held.size).toBe(0);
  });

  it.for([
    ["folders above", "../../etc/passwd", "passwd"],
    ["Windows folders", "C:\\Users\\me\\plan.pdf", "plan.pdf"],
    ["nothing but dots", "../..", ""],
    ["control characters", "pl\u0000an\u001b[31m.pdf", "plan[31m.pdf"],
    ["turned writing", "plan\u202Efdp.exe", "planfdp.exe"],
    ["Korean in pieces, as macOS sends it", "\u1112\u1161\u11ab.pdf", "\ud55c.pdf"],
    ["more than 200 characters", `${"a".repeat(300)}.pdf`, `${"a".repeat(179)}…${"a".repeat(16)}.pdf`],
    ["markup, which is text", "<img src=x>.pdf", "<img src=x>.pdf"],
  ] as const)("cleans file names: %s", ([, written, clean]) => {
    expect(cleanFileName(written)).toBe(clean);
  });

  it("shows a name with folders in it without them", async () => {
    const { bot, docent } = await startWebBot();
    await say(bot, "general", toForm({ text: "Read" }, { "../../../secret.txt": "x" }));
    expect(docent.accepted[0]?.attachments).toMatchObject([{ name: "secret.txt" }]);
  });

  it("takes team knowledge for the whole workspace", async () => {
    const { bot, docent } = await startWebBot();
    const body = toForm({}, { "handbook.pdf": "%PDF-" });
    const response = await ask(bot, "/api/knowledge", { method: "POST", body });
    expect(response.status).toBe(202);
    expect(await json(response)).toMatchObject({ documents: [{ name: "handbook.pdf", scope: "workspace" }] });
    expect(docent.accepted).toMatchObject([
      { kind: "knowledge", channel: { key: "web:@knowledge", workspace: "web" }, text: "" },
    ]);
    expect(await json(ask(bot, "/api/knowledge"))).toMatchObject({ documents: [{ name: "handbook.pdf" }] });
    expect(await json(ask(bot, "/api/channels/general/documents"))).toEqual({ documents: [] });
    expect((await ask(bot, "/api/knowledge", { method: "POST", body: toForm({}) })).status).toBe(400);
  });
});
