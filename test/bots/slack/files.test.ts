import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { DocentError } from "../../../src/core/errors.ts";
import type { Attachment } from "../../../src/core/incoming.ts";
import type { NewFile } from "../../servers/slack/people.ts";
import { only, startSlackBot, type SlackUnderTest } from "./slack-under-test.ts";

const LEASE: NewFile = { name: "lease.pdf", bytes: "%PDF-1.7 the lease" };
let under: SlackUnderTest;

afterEach(() => under.close());

async function postFile(file: NewFile, options: Parameters<typeof startSlackBot>[0] = {}): Promise<Attachment> {
  under = await startSlackBot(options);
  under.slack.people.post({ user: "U1ANN", channel: "C1", text: "<@U0DOCENT> what is this?", files: [file] });
  return only(only(await under.accepted(1)).attachments);
}

async function download(attachment: Attachment): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await under.bot.download(attachment, new AbortController().signal)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe("a file that is posted", () => {
  it("without a mention is a note with a reaction, and no question", async () => {
    under = await startSlackBot();
    const { slack, docent, bot } = under;
    const { ts, message } = slack.people.post({ user: "U1ANN", channel: "C1", text: "our lease", files: [LEASE] });
    const note = only(await under.accepted(1));
    expect(note).toMatchObject({ kind: "note", text: "", attachments: [{ name: "lease.pdf", sizeBytes: 18 }] });
    for (const document of docent.stored.values()) await bot.showDocument(document, "changed");
    await slack.until(() => message.reactions.has("page_facing_up"));
    for (const document of docent.stored.values()) {
      await bot.showDocument({ ...document, state: "failed" }, "changed");
    }
    await slack.until(() => message.reactions.has("warning") && !message.reactions.has("page_facing_up"));
    for (const document of docent.stored.values()) await bot.showDocument(document, "removed");
    await slack.until(() => message.reactions.size === 0);
    expect(note.key).toBe(`slack:T0TEAM:C1:${ts}`);
  });

  it("without a mention is left alone where READ_UPLOADS is off", async () => {
    under = await startSlackBot({ bot: { readUploads: "off" } });
    const { deliveries } = under.slack.people.post({ user: "U1ANN", channel: "C1", files: [LEASE] });
    await Promise.all(deliveries.map(({ done }) => done));
    expect(under.docent.offers).toBe(0);
  });

  it("in a direct message says so where READ_UPLOADS is off", async () => {
    under = await startSlackBot({ bot: { readUploads: "off" } });
    const { slack, docent } = under;
    docent.refuse(new DocentError("uploads_off", "off"));
    const direct = slack.people.directOf("U1ANN");
    const { deliveries } = slack.people.post({ user: "U1ANN", channel: direct.id, files: [LEASE] });
    const whisper = await slack.until(() => slack.botMessages(direct.id)[0]);
    expect(whisper).toMatchObject({ ephemeralTo: "U1ANN", text: expect.stringContaining("only read files that come") });
    await only(deliveries).done;
    expect(only(deliveries).state).toBe("acked");
  });

  it("with a mention and no words is a question for a summary", async () => {
    under = await startSlackBot();
    under.slack.people.post({ user: "U1ANN", channel: "C1", text: "<@U0DOCENT>", files: [LEASE] });
    expect(only(await under.accepted(1))).toMatchObject({ kind: "question", text: "Please summarise this." });
  });

  it("in a thread of Docent's without words is a note", async () => {
    under = await startSlackBot();
    const { slack } = under;
    const { ts } = slack.people.post({ user: "U1ANN", channel: "C1", text: "<@U0DOCENT> hello?" });
    await under.accepted(1);
    slack.people.post({ user: "U1ANN", channel: "C1", threadTs: ts, files: [LEASE] });
    const [, note] = await under.accepted(2);
    expect(note?.kind).toBe("note");
  });

  it("by Slack Connect is asked for by its id", async () => {
    const attachment = await postFile({ ...LEASE, isCheckFileInfo: true });
    expect(attachment).toMatchObject({ name: "lease.pdf", sizeBytes: 18 });
    expect(await download(attachment)).toBe("%PDF-1.7 the lease");
  });

  it.for([
    ["lives elsewhere", { ...LEASE, mode: "external" }, "file_unsupported"],
    ["is hidden by the plan", { ...LEASE, mode: "hidden_by_limit" }, "file_gone"],
    ["is too large", { name: "big.pdf", bytes: "x".repeat(1024 * 1024 + 1) }, "file_too_large"],
  ] as const)("and %s is refused without fetching it", async ([, file, code]) => {
    const attachment = await postFile(file);
    expect(attachment.problem?.code).toBe(code);
    await expect(download(attachment)).rejects.toMatchObject({ code });
    expect([...under.slack.world.files.values()].map(({ downloads }) => downloads)).toEqual([0]);
  });
});

describe("a download", () => {
  it("asks for a fresh address and gives the bytes", async () => {
    const attachment = await postFile(LEASE);
    expect(JSON.stringify(attachment.reference)).not.toContain("files-pri");
    expect(await download(attachment)).toBe("%PDF-1.7 the lease");
    expect(under.slack.callsOf("files.info")).toHaveLength(1);
  });

  it("follows Slack's own redirects", async () => {
    expect(await download(await postFile({ ...LEASE, redirectTo: "here" }))).toBe("%PDF-1.7 the lease");
  });

  it("takes the token to no other host", async () => {
    const visits: (string | undefined)[] = [];
    const other = createServer((request, out) => {
      visits.push(request.headers.authorization);
      out.end("stolen");
    });
    other.listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = `http://127.0.0.1:${(other.address() as AddressInfo).port}/catch`;
    const attachment = await postFile({ ...LEASE, redirectTo: address });
    await expect(download(attachment)).rejects.toMatchObject({ code: "file_download_failed" });
    expect(visits).toEqual([]);
    other.close();
  });

  it("names the scope when Slack gives its sign-in page", async () => {
    const attachment = await postFile(LEASE);
    const { slack } = under;
    const run = download(attachment);
    await slack.until(() => slack.callsOf("files.info").length === 1);
    slack.world.scopes.delete("files:read");
    await expect(run).rejects.toMatchObject({
      code: "file_forbidden",
      message: expect.stringContaining("files:read"),
      details: { name: "lease.pdf", permission: "files:read" },
    });
  });

  it("names the scope when files.info is refused", async () => {
    const attachment = await postFile(LEASE);
    under.slack.world.scopes.delete("files:read");
    await expect(download(attachment)).rejects.toMatchObject({ code: "file_forbidden" });
    expect(under.log.some(({ message }) => message.includes("files:read"))).toBe(true);
  });

  it("gives an HTML file that is one", async () => {
    const page: NewFile = { name: "page.html", bytes: "<html>minutes</html>", mimetype: "text/html" };
    expect(await download(await postFile(page))).toBe("<html>minutes</html>");
  });

  it("of a deleted file says that it is gone", async () => {
    const attachment = await postFile(LEASE);
    under.slack.people.deleteFile(attachment.key.split(":").at(-1) ?? "");
    await expect(download(attachment)).rejects.toMatchObject({ code: "file_gone" });
  });

  it("waits when Slack asks for it", async () => {
    const attachment = await postFile(LEASE);
    under.slack.world.faults.next("file", { kind: "rate-limit", retryAfterSeconds: 1 });
    under.slack.world.faults.next("files.info", { kind: "rate-limit", retryAfterSeconds: 1 });
    expect(await download(attachment)).toBe("%PDF-1.7 the lease");
  });

  it.for([
    ["an error", { kind: "status", status: 500, when: "before" }],
    ["a cut line", { kind: "reset", when: "before" }],
  ] as const)("that ends in %s is one that failed", async ([, fault]) => {
    const attachment = await postFile(LEASE);
    under.slack.world.faults.next("file", fault);
    await expect(download(attachment)).rejects.toMatchObject({ code: "file_download_failed" });
  });

  it("takes longer than its answer may, as long as bytes come: it used to end with the limit for the answer", async () => {
    const attachment = await postFile(LEASE);
    const { slack, clock } = under;
    const goOn = Promise.withResolvers<void>();
    slack.world.faults.next("file", { kind: "halt", until: goOn.promise });
    const run = download(attachment);
    await clock.whenSleeping(60_000);
    clock.advance(59_999);
    goOn.resolve();
    expect(await run).toBe("%PDF-1.7 the lease");
  });

  it("that stands still for a minute is one that failed", async () => {
    const attachment = await postFile(LEASE);
    const { slack, clock } = under;
    slack.world.faults.next("file", { kind: "halt", until: new Promise(() => undefined) });
    const chunks = (await under.bot.download(attachment, new AbortController().signal))[Symbol.asyncIterator]();
    expect(await chunks.next()).toMatchObject({ done: false });
    const next = chunks.next();
    await clock.whenSleeping(60_000);
    clock.advance(60_000);
    await expect(next).rejects.toMatchObject({
      code: "file_download_failed",
      message: expect.stringContaining("stood still"),
    });
  });

  it("that is not answered within half a minute is one that failed", async () => {
    const attachment = await postFile(LEASE);
    const { slack, clock } = under;
    slack.world.faults.next("file", { kind: "silent", when: "before" });
    const run = download(attachment);
    await clock.whenSleeping(30_000);
    clock.advance(30_000);
    await expect(run).rejects.toMatchObject({
      code: "file_download_failed",
      message: expect.stringContaining("within 30 seconds"),
    });
  });

  it("that is not wanted any more ends with the reason", async () => {
    const attachment = await postFile(LEASE);
    const reason = new Error("stop");
    await expect(under.bot.download(attachment, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
