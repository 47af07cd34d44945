import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DocentError } from "../../../src/core/errors.ts";
import { launchBrowser } from "./browser.ts";
import { KNOWLEDGE_DROP, focused, openKnowledge, rowOf } from "./knowledge-dialog.ts";
import { dropFiles, keepScreen, makeLoanPolicy, openPage } from "./page-under-test.ts";
import { addTeamDocument } from "./team-documents.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe("team knowledge, as it changes", () => {
  it("takes files by the button and by dropping them, and says what it left out", async () => {
    const web = await openPage(browser, { bot: { maxFilesPerMessage: 2 } });
    const { page, docent } = web;
    const dialog = await openKnowledge(page);
    const chooser = page.waitForEvent("filechooser");
    await dialog.getByRole("button", { name: "Add documents" }).click();
    const large = { name: "large.bin", mimeType: "application/x", buffer: Buffer.alloc(1_100_000) };
    const small = { name: "wifi-notes.txt", mimeType: "text/plain", buffer: Buffer.from("Wi-Fi notes") };
    await (await chooser).setFiles([large, small]);
    await rowOf(dialog, "wifi-notes.txt").waitFor();
    expect(await dialog.getByRole("alert").innerText()).toBe("“large.bin” is larger than 1 MB, so it was left out.");

    await dropFiles(page, [await makeLoanPolicy()], KNOWLEDGE_DROP);
    await rowOf(dialog, "loan-policy-2026.pdf").waitFor();
    expect(await dialog.getByRole("alert").innerText()).toBe("");
    expect(await page.locator("#knowledge-drop").isVisible()).toBe(false);
    expect(await page.locator("#composer-files .chip").count()).toBe(0);
    expect(docent.accepted.map(({ kind }) => kind)).toEqual(["knowledge", "knowledge"]);

    const three = ["a.txt", "b.txt", "c.txt"].map((name) => ({ name, type: "text/plain", bytes: Buffer.from("x") }));
    await dropFiles(page, three, KNOWLEDGE_DROP);
    await rowOf(dialog, "b.txt").waitFor();
    expect(await dialog.getByRole("alert").innerText()).toBe(
      "At most 2 files can be added at a time; the rest was left out.",
    );
    expect(await dialog.locator(".document").count()).toBe(4);

    docent.refuseWith = new DocentError("storage_full", "No room.");
    await dropFiles(page, [{ name: "d.txt", type: "text/plain", bytes: Buffer.from("x") }], KNOWLEDGE_DROP);
    await dialog.getByText(/^The documents could not be added: /).waitFor();
    expect(web.problems.filter((problem) => !problem.includes("507") && !problem.includes("503"))).toEqual([]);
  });

  it("shows how far an upload is", async () => {
    const { page } = await openPage(browser);
    const dialog = await openKnowledge(page);
    const session = await page.context().newCDPSession(page);
    const conditions = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 400_000 };
    await session.send("Network.emulateNetworkConditions", conditions);
    await page.setInputFiles("#knowledge-files", {
      name: "big.txt",
      mimeType: "text/plain",
      buffer: Buffer.alloc(900_000, "x"),
    });
    await page.waitForFunction(() => {
      const progress = document.querySelector<HTMLProgressElement>("#knowledge-progress");
      return progress !== null && progress.value > 0.2 && progress.value < 1;
    });
    expect(await dialog.locator("#knowledge-uploaded").innerText()).toMatch(/^Uploading 1 file: \d+%$/);
    await keepScreen(page, "knowledge-uploading");
    await rowOf(dialog, "big.txt").waitFor();
    await page.locator("#knowledge-uploading").waitFor({ state: "hidden" });
  });

  it("follows what other clients add, what reading finds, and what they remove, without moving the focus", async () => {
    const web = await openPage(browser, { at: "/?channel=elsewhere" });
    const first = await addTeamDocument(web, "first.txt", { state: "ready" });
    const dialog = await openKnowledge(web.page);
    await dialog.getByRole("button", { name: "Delete first.txt" }).focus();
    const second = await addTeamDocument(web, "second.txt", { state: "reading", createdAt: Date.UTC(2026, 10, 24) });
    await rowOf(dialog, "second.txt").getByRole("progressbar").waitFor();
    expect(await focused(web.page)).toBe("Delete first.txt");
    expect(await dialog.locator(".document-name").allInnerTexts()).toEqual(["second.txt", "first.txt"]);
    await web.docent.changeDocument(first, { tokens: 312 });
    await rowOf(dialog, "first.txt").getByText("312 tokens of text").waitFor();
    const problem = { code: "file_empty", details: { name: "second.txt" } } as const;
    await web.docent.changeDocument(second, { state: "failed", problem });
    await dialog.getByText("“second.txt” is empty").waitFor();
    expect(await focused(web.page)).toBe("Delete first.txt");
    await web.docent.removeDocument(first);
    await rowOf(dialog, "first.txt").waitFor({ state: "detached" });
    expect(await focused(web.page)).toBe("Delete second.txt");
    await web.docent.removeDocument(second);
    await dialog.getByText(/^Add the team’s handbook/).waitFor();
    expect(await focused(web.page)).toBe("Add documents");
    expect(web.problems).toEqual([]);
  });

  it("removes after a question, and says so when an engine has to be asked again", async () => {
    const web = await openPage(browser);
    const { page, docent } = web;
    for (const name of ["one.txt", "two.txt"]) await addTeamDocument(web, name, { state: "ready" });
    const dialog = await openKnowledge(page);
    await dialog.getByRole("button", { name: "Delete one.txt" }).click();
    await page.getByRole("dialog", { name: "Delete “one.txt”?" }).getByRole("button", { name: "Cancel" }).click();
    expect(await focused(page)).toBe("Delete one.txt");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await dialog.getByText("“one.txt” was deleted.").waitFor();
    expect(await dialog.locator(".document-name").allInnerTexts()).toEqual(["two.txt"]);
    expect(await focused(page)).toBe("Delete two.txt");

    const remove = docent.removeDocument.bind(docent);
    docent.removeDocument = async (id) => {
      await remove(id);
      return { done: Promise.reject(new DocentError("engine_unreachable", "Deleting at an engine failed.")) };
    };
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await dialog.getByText(/^I have noted this and keep trying until it is done/).waitFor();
    expect(await dialog.locator(".document").count()).toBe(0);
    await keepScreen(page, "knowledge-pending");
    await page.keyboard.press("Escape");
    await page.locator("body > #toasts .toast").last().waitFor();
    expect(web.problems).toEqual([]);
  });
});
