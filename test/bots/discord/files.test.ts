import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { Attachment } from "../../../src/core/incoming.ts";
import { startScene, type Scene } from "./scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const PDF = { name: "lease.pdf", bytes: "%PDF-1.7 lease", type: "application/pdf" };

async function read(attachment: Attachment, signal = new AbortController().signal): Promise<string> {
  let text = "";
  for await (const chunk of await scene.bot.download(attachment, signal)) text += Buffer.from(chunk).toString();
  return text;
}

async function only(): Promise<Attachment> {
  const [attachment] = (await scene.docent.nth(0)).attachments;
  if (attachment === undefined) throw new Error("Nothing is attached.");
  return attachment;
}

describe("files on Discord", () => {
  it("notes a file that was posted without a mention, and shows that with a reaction", async () => {
    scene = await startScene();
    const { docent, server, post, channel, guild } = scene;
    const message = post("here is the lease", { files: [PDF] });
    const note = await docent.nth(0);
    expect(note).toMatchObject({ kind: "note", text: "", key: `discord:${channel.id}:${message.id}` });
    expect(note.attachments).toEqual([
      {
        key: `discord:${message.files[0]?.id}`,
        name: "lease.pdf",
        sizeBytes: 14,
        reference: {
          message: {
            guildId: guild.id,
            channelId: channel.id,
            messageId: message.id,
            attachmentId: message.files[0]?.id,
          },
          url: null,
        },
      },
    ]);
    await server.until(() => server.transcript(channel)[0]?.reactions["📄"]?.includes("Docent"));
    expect(server.botMessages(channel)).toEqual([]);
  });

  it("leaves files alone when uploads are off, but takes those of a question", async () => {
    scene = await startScene({ readUploads: "off" });
    const { docent, post, me } = scene;
    post("here is the lease", { files: [PDF] });
    post(`${me} how long?`, { files: [PDF] });
    expect(await docent.nth(0)).toMatchObject({ kind: "question", attachments: [{ name: "lease.pdf" }] });
    expect(docent.deliveries).toHaveLength(1);
  });

  it("does not note films and recordings", async () => {
    scene = await startScene();
    const { docent, post, me } = scene;
    post("look", { files: [{ name: "cat.mp4", bytes: "x", type: "video/mp4" }] });
    post("", { files: [{ name: "voice-message.ogg", bytes: "x", type: "audio/ogg" }], isVoice: true });
    post(`${me} hm?`);
    expect(await docent.nth(0)).toMatchObject({ kind: "question" });
  });

  it("says of a voice message that it cannot be read", async () => {
    scene = await startScene();
    const { docent, server, post, channel, kim } = scene;
    const direct = server.people.direct(kim);
    post("", { channel: direct, files: [{ name: "voice-message.ogg", bytes: "x", type: "audio/ogg" }], isVoice: true });
    const { attachments } = await docent.nth(0);
    expect(attachments[0]?.problem).toEqual({
      code: "file_unsupported",
      details: { name: "voice-message.ogg", type: "OGG" },
    });
    await server.until(() => server.transcript(direct)[0]?.reactions["⚠️"]);
    expect(server.transcript(channel)).toEqual([]);
  });

  it("refuses a file that is too large without fetching it", async () => {
    scene = await startScene();
    scene.post("", { files: [{ name: "big.pdf", bytes: Buffer.alloc(1024 * 1024 + 1) }] });
    expect((await only()).problem).toEqual({ code: "file_too_large", details: { name: "big.pdf", maxMb: 1 } });
    await scene.server.until(() => scene.server.transcript(scene.channel)[0]?.reactions["⚠️"]);
    expect(scene.server.cdn.downloads).toEqual([]);
  });

  it("reads a file that is hidden as a spoiler, under its own name", async () => {
    scene = await startScene();
    scene.post("the end", { files: [{ ...PDF, isSpoiler: true }] });
    const attachment = await only();
    expect(attachment.name).toBe("lease.pdf");
    expect(await read(attachment)).toBe("%PDF-1.7 lease");
  });

  it("fetches with a fresh address, however long ago the file was posted", async () => {
    scene = await startScene();
    scene.post("lease", { files: [PDF] });
    const attachment = await only();
    scene.server.advance(30 * 86_400_000);
    expect(await read(attachment)).toBe("%PDF-1.7 lease");
  });

  it("says that a file is gone when its message was deleted, or its channel", async () => {
    scene = await startScene();
    const message = scene.post("lease", { files: [PDF] });
    const attachment = await only();
    scene.server.people.remove(message);
    await expect(read(attachment)).rejects.toMatchObject({ code: "file_gone", details: { name: "lease.pdf" } });
    scene.server.people.removeChannel(scene.channel);
    await expect(read(attachment)).rejects.toMatchObject({ code: "file_gone" });
  });

  it.for([
    { label: "a server error", reply: { status: 500 }, code: "file_download_failed" },
    { label: "a file that is not there", reply: { status: 404 }, code: "file_gone" },
    { label: "more bytes than announced", reply: { status: 200, bytes: Buffer.alloc(1000) }, code: "file_too_large" },
    {
      label: "fewer bytes than announced",
      reply: { status: 200, bytes: Buffer.alloc(3) },
      code: "file_download_failed",
    },
  ])("fails with $code for $label", async ({ reply, code }) => {
    scene = await startScene();
    scene.post("lease", { files: [PDF] });
    const attachment = await only();
    scene.server.cdn.failNext(reply);
    await expect(read(attachment)).rejects.toMatchObject({ code });
  });

  it("follows no redirect", async () => {
    scene = await startScene();
    let requests = 0;
    const other = createServer((_, out) => out.end(`${(requests += 1)}`.padEnd(PDF.bytes.length)));
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    scene.post("lease", { files: [PDF] });
    const attachment = await only();
    const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
    scene.server.cdn.failNext({ status: 302, headers: { location } });
    await expect(read(attachment)).rejects.toMatchObject({ code: "file_download_failed" });
    expect(requests).toBe(0);
    await new Promise((resolve) => other.close(resolve));
  });

  it("names the missing right when it may not read back", async () => {
    scene = await startScene();
    scene.post("lease", { files: [PDF] });
    const attachment = await only();
    scene.channel.deniedToBot = 1n << 16n;
    await expect(read(attachment)).rejects.toMatchObject({
      code: "file_download_failed",
      message: expect.stringContaining("Read Message History"),
    });
  });

  it("fetches from nowhere but Discord’s hosts and the configured one", async () => {
    scene = await startScene();
    const other = createServer((_, out) => out.end("secret"));
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    for (const url of [
      `http://127.0.0.1:${port}/x`,
      "https://cdn.discordapp.com.example.com/x",
      "http://cdn.discordapp.com/x",
    ]) {
      const attachment = { key: "k", name: "x", sizeBytes: null, reference: { message: null, url } };
      await expect(read(attachment)).rejects.toMatchObject({
        code: "file_download_failed",
        message: expect.stringContaining("another host"),
      });
    }
    await new Promise((resolve) => other.close(resolve));
  });

  it("stops fetching when it is told to", async () => {
    scene = await startScene();
    scene.post("lease", { files: [PDF] });
    const attachment = await only();
    const abort = new AbortController();
    abort.abort(new Error("enough"));
    await expect(read(attachment, abort.signal)).rejects.toThrow("enough");
  });
});
