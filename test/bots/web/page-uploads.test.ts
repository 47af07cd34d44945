import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "./browser.ts";
import { keepScreen, openPage } from "./page-under-test.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe("files on the page", () => {
  it("shows how far an upload is", async () => {
    const web = await openPage(browser);
    const session = await web.page.context().newCDPSession(web.page);
    const conditions = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 400_000 };
    await session.send("Network.emulateNetworkConditions", conditions);
    await web.page.setInputFiles("#files", {
      name: "big.txt",
      mimeType: "text/plain",
      buffer: Buffer.alloc(900_000, "x"),
    });
    await web.page.getByRole("button", { name: "Send" }).click();
    await web.page.waitForFunction(() => {
      const progress = document.querySelector<HTMLProgressElement>(".uploading progress");
      return progress !== null && progress.value > 0.2 && progress.value < 1;
    });
    expect(await web.page.locator(".uploading").innerText()).toMatch(/^Uploading 1 file: \d+%$/);
    await keepScreen(web.page, "desktop-uploading");
    await web.page.getByText("Noted. I’ll read it when you ask.").waitFor();
    expect(web.docent.accepted).toMatchObject([
      { kind: "note", attachments: [{ name: "big.txt", sizeBytes: 900_000 }] },
    ]);
  });

  it("takes pasted files, and says at once which are too large or too many", async () => {
    const { page } = await openPage(browser, { bot: { maxFilesPerMessage: 2 } });
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(["a"], "pasted.png", { type: "image/png" }));
      data.items.add(new File([new Uint8Array(1_100_000)], "large.bin"));
      const field = document.querySelector("#question");
      field?.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    });
    expect(await page.locator("#composer-files .chip").allInnerTexts()).toEqual(["pasted.png"]);
    expect(await page.locator("#composer-notes").innerText()).toBe(
      "“large.bin” is larger than 1 MB, so it was left out.",
    );
    const file = (name: string): { name: string; mimeType: string; buffer: Buffer } => ({
      name,
      mimeType: "text/plain",
      buffer: Buffer.from("x"),
    });
    await page.setInputFiles("#files", [file("b.txt"), file("c.txt")]);
    expect(await page.locator("#composer-notes").innerText()).toBe(
      "At most 2 files fit one message; the rest was left out.",
    );
    await page.getByRole("button", { name: "Leave out pasted.png" }).click();
    expect(await page.locator("#composer-files .chip").allInnerTexts()).toEqual(["b.txt"]);
  });

  it("adds team knowledge, and says what is wrong with a document", async () => {
    const { page, docent } = await openPage(browser);
    await page.locator("#open-knowledge").click();
    await page.setInputFiles("#knowledge-files", {
      name: "handbook.pdf",
      mimeType: "application/pdf",
      buffer: Buffer.from("%PDF-"),
    });
    await page.locator("#knowledge").getByText("handbook.pdf").waitFor();
    const [document] = await docent.documents({ kind: "workspace", key: "web" });
    const problem = { code: "file_scanned", details: { name: "handbook.pdf" } } as const;
    await docent.changeDocument(document?.id ?? "", { state: "failed", problem });
    await page.getByText("“handbook.pdf” has no text: it looks like a scan.").waitFor();
    expect(await page.locator("#documents .document").count()).toBe(0);
    await keepScreen(page, "desktop-problem");
  });
});
