import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DocentError } from "../../../src/core/errors.ts";
import { launchBrowser } from "./browser.ts";
import { dropFiles, keepScreen, makeLoanPolicy, openPage, type PageUnderTest } from "./page-under-test.ts";
import { addTeamDocument, addTeamDocuments } from "./team-documents.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const DROP = { place: "#knowledge-dialog", overlay: "#knowledge-drop" };

async function openKnowledge(page: Page, name: string | RegExp = /^Team knowledge/): Promise<Locator> {
  await page.locator("#documents-panel").getByRole("button", { name }).click();
  const dialog = page.locator("#knowledge-dialog");
  await dialog.waitFor();
  return dialog;
}

function rowOf(dialog: Locator, name: string): Locator {
  return dialog.locator(".document", { has: dialog.page().getByRole("button", { name: `Open ${name}`, exact: true }) });
}

async function focused(page: Page): Promise<string> {
  return await page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute("aria-label") ?? element?.textContent?.trim() ?? "";
  });
}

async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let n = 0; n < 60; n++) {
    const label = await focused(page);
    if (typeof name === "string" ? label === name : name.test(label)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never came to ${name}`);
}

describe("team knowledge", () => {
  it("says with one sentence what it is for while there is none", async () => {
    const { page, problems } = await openPage(browser);
    const dialog = await openKnowledge(page, "Team knowledge Add documents");
    expect(await dialog.locator("#knowledge").innerText()).toBe(
      "Nothing here yet. Add the team’s handbook once, and everybody can ask about it in every channel.",
    );
    expect(await dialog.getByLabel("Find by name").isVisible()).toBe(false);
    expect(await focused(page)).toBe("Add documents");
    await keepScreen(page, "knowledge-empty");
    expect(problems).toEqual([]);
  });

  it("lists what each document is, how it is, who added it and when, and what it costs", async () => {
    const web = await openPage(browser);
    await addTeamDocuments(web);
    await web.page.locator("#knowledge-count", { hasText: "13 documents" }).waitFor();
    expect(await web.page.locator("#knowledge-trouble").innerText()).toBe("2 being read, 1 not usable");
    const dialog = await openKnowledge(web.page);
    const facts = async (name: string): Promise<string> =>
      await rowOf(dialog, name).locator(".document-facts").innerText();
    const state = async (name: string): Promise<string> =>
      await rowOf(dialog, name).locator(".document-state").innerText();
    expect(await facts("handbook.pdf")).toBe("PDF, 412 pages · 98,000 tokens · 12.4 MB · under $0.01 a day");
    expect(await facts("Q3 review of the whole company, final version (2) for the board.pptx")).toBe(
      "Presentation, by slide · 4,200 tokens · 350 MB · about $0.035 a day",
    );
    expect(await facts("budget.xlsx")).toBe("Spreadsheet, by sheet · 31,000 tokens · 84 kB · under $0.01 a day");
    expect(await state("handbook.pdf")).toMatch(/^Ready · added on this page, Oct 2/);
    expect(await state("contract-scan.pdf")).toMatch(/^Not usable · added/);
    expect(await rowOf(dialog, "contract-scan.pdf").locator(".document-problem").innerText()).toMatch(
      /^“contract-scan.pdf” has no text/,
    );
    const reading = rowOf(dialog, "취업규칙.pdf".normalize("NFD"));
    expect(await reading.locator(".document-state").innerText()).toMatch(/^Reading · /);
    expect(await reading.getByRole("progressbar").isVisible()).toBe(true);
    expect(await dialog.locator("#knowledge-total").innerText()).toBe(
      "13 documents · 366 MB · about $0.00 a day at OpenAI, the first 1 GB free",
    );
    await keepScreen(web.page, "knowledge-light");
    expect(web.problems).toEqual([]);
  });

  it("tells the cost beyond the free gigabyte, and none where nothing is at OpenAI", async () => {
    const web = await openPage(browser);
    const id = await addTeamDocument(web, "archive.txt", { state: "ready", sizeBytes: 3_500_000_000 });
    const dialog = await openKnowledge(web.page);
    expect(await dialog.locator("#knowledge-total").innerText()).toBe("1 document · 3.5 GB");
    await web.docent.changeDocument(id, { engines: ["openai"] });
    await dialog.getByText("about $0.25 a day at OpenAI, the first 1 GB free").waitFor();
    expect(await dialog.locator(".document-facts").innerText()).toContain("about $0.35 a day");
  });

  it("shows the files of an archive under it, closed while they are many", async () => {
    const web = await openPage(browser);
    await addTeamDocuments(web);
    const dialog = await openKnowledge(web.page);
    const files = dialog.getByRole("button", { name: "8 files, 7 ready" });
    expect(await files.getAttribute("aria-expanded")).toBe("false");
    expect(await dialog.locator(".document-inner .document:visible").count()).toBe(0);
    await files.click();
    expect(await files.getAttribute("aria-expanded")).toBe("true");
    const inner = dialog.getByRole("list", { name: "Files in policies.zip" });
    expect(await inner.locator(".document-name").first().innerText()).toBe("2026/policy-1.md");
    expect(await inner.locator(".document-facts").first().innerText()).toBe(
      "Text, by section · 801 tokens · 4 kB · under $0.01 a day",
    );
    await keepScreen(web.page, "knowledge-archive");
    await dialog.getByRole("button", { name: "Open policies.zip", exact: true }).click();
    expect(await inner.isVisible()).toBe(false);
  });

  it("finds by name while it is typed, also in archives and in names from macOS", async () => {
    const web = await openPage(browser);
    await addTeamDocuments(web);
    const dialog = await openKnowledge(web.page);
    expect(await focused(web.page)).toBe("Find by name");
    const names = (): Promise<string[]> => dialog.locator(".document-name:visible").allInnerTexts();
    await web.page.keyboard.type("HANDB");
    expect(await names()).toEqual(["handbook.pdf"]);
    expect(await dialog.getByRole("status").innerText()).toBe("1 of 13");
    await dialog.getByLabel("Find by name").fill("policy-3");
    expect(await names()).toEqual(["policies.zip", "2026/policy-3.md"]);
    await dialog.getByLabel("Find by name").fill("취업");
    expect(await names()).toEqual(["취업규칙.pdf"]);
    await dialog.getByLabel("Find by name").fill("nothing");
    await dialog.getByText("No document is named like “nothing”.").waitFor();
    await web.page.keyboard.press("Escape");
    expect(await dialog.isVisible()).toBe(true);
    expect(await names()).toHaveLength(6);
    await web.page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    expect(await focused(web.page)).toMatch(/^13 documents/);
  });

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

    await dropFiles(page, [await makeLoanPolicy()], DROP);
    await rowOf(dialog, "loan-policy-2026.pdf").waitFor();
    expect(await dialog.getByRole("alert").innerText()).toBe("");
    expect(await page.locator("#knowledge-drop").isVisible()).toBe(false);
    expect(await page.locator("#composer-files .chip").count()).toBe(0);
    expect(docent.accepted.map(({ kind }) => kind)).toEqual(["knowledge", "knowledge"]);

    const three = ["a.txt", "b.txt", "c.txt"].map((name) => ({ name, type: "text/plain", bytes: Buffer.from("x") }));
    await dropFiles(page, three, DROP);
    await rowOf(dialog, "b.txt").waitFor();
    expect(await dialog.getByRole("alert").innerText()).toBe(
      "At most 2 files can be added at a time; the rest was left out.",
    );
    expect(await dialog.locator(".document").count()).toBe(4);

    docent.refuseWith = new DocentError("storage_full", "No room.");
    await dropFiles(page, [{ name: "d.txt", type: "text/plain", bytes: Buffer.from("x") }], DROP);
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
    expect(await dialog.locator("#knowledge-uploaded").innerText()).toMatch(/^Uploading 1 file: \d+ %$/);
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
    await rowOf(dialog, "first.txt").getByText("312 tokens").waitFor();
    const problem = { code: "file_empty", details: { name: "second.txt" } } as const;
    await web.docent.changeDocument(second, { state: "failed", problem });
    await dialog.getByText("“second.txt” is empty").waitFor();
    expect(await focused(web.page)).toBe("Delete first.txt");
    await web.docent.removeDocument(first);
    await rowOf(dialog, "first.txt").waitFor({ state: "detached" });
    expect(await focused(web.page)).toBe("Delete second.txt");
    await web.docent.removeDocument(second);
    await dialog.getByText(/^Nothing here yet/).waitFor();
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

    const { removeDocument } = docent;
    docent.removeDocument = async (id) => {
      await removeDocument(id);
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

  it("opens a document over the list and comes back to it", async () => {
    const web = await openPage(browser);
    const { page } = web;
    const dialog = await openKnowledge(page);
    await dropFiles(page, [await makeLoanPolicy()], DROP);
    await rowOf(dialog, "loan-policy-2026.pdf").waitFor();
    await tabTo(page, "Open loan-policy-2026.pdf");
    await page.keyboard.press("Enter");
    await page.locator('.viewer[data-page="1"] canvas').waitFor();
    const [document] = await web.docent.documents({ kind: "workspace", key: "web" });
    await web.docent.changeDocument(document?.id ?? "", { state: "ready", tokens: 77 });
    await rowOf(dialog, "loan-policy-2026.pdf").getByText("77 tokens").waitFor();
    await page.keyboard.press("Escape");
    expect(await dialog.isVisible()).toBe(true);
    expect(await focused(page)).toBe("Open loan-policy-2026.pdf");
    expect(web.problems).toEqual([]);
  });

  it("is used by keyboard alone", async () => {
    const web = await openPage(browser);
    const { page } = web;
    await addTeamDocuments(web);
    await page.locator("#knowledge-count", { hasText: "13 documents" }).waitFor();
    await tabTo(page, /^13 documents/);
    await page.keyboard.press("Enter");
    expect(await focused(page)).toBe("Find by name");
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("Add documents");
    await tabTo(page, "Open policies.zip");
    await page.keyboard.press("Space");
    await tabTo(page, "Delete policies.zip/2026/policy-1.md");
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle);
    expect(outline).toBe("solid");
    await page.keyboard.press("Enter");
    expect(await focused(page)).toBe("Cancel");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("“policies.zip/2026/policy-1.md” was deleted.").waitFor();
    expect(await focused(page)).toBe("Delete policies.zip/2026/policy-2.md");
    await page.keyboard.press("Escape");
    expect(await focused(page)).toMatch(/^12 documents/);
    expect(web.problems).toEqual([]);
  });
});

describe("team knowledge, as it looks", () => {
  async function expectFits(web: PageUnderTest): Promise<void> {
    const wide = await web.page.evaluate(() =>
      ["#knowledge-dialog", ".knowledge-frame", ".knowledge-scroller", "#knowledge"].filter((selector) => {
        const element = document.querySelector(selector);
        return element === null || element.scrollWidth > element.clientWidth;
      }),
    );
    expect(wide).toEqual([]);
    expect(await web.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  }

  it.for(["light", "dark"] as const)("fits 360 pixels without scrolling sideways, %s", async (colorScheme) => {
    const context = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, colorScheme };
    const web = await openPage(browser, { context });
    await addTeamDocuments(web);
    await web.page.getByRole("button", { name: "Show or hide documents" }).tap();
    await web.page.locator("#knowledge-count", { hasText: "13 documents" }).waitFor();
    await keepScreen(web.page, `phone-knowledge-entry-${colorScheme}`);
    const dialog = await openKnowledge(web.page);
    await dialog.getByRole("button", { name: "8 files, 7 ready" }).tap();
    await expectFits(web);
    await keepScreen(web.page, `phone-knowledge-${colorScheme}`);
    expect(web.problems).toEqual([]);
  });

  it.for([
    ["desktop", { width: 1360, height: 860 }],
    ["phone", { width: 360, height: 740 }],
  ] as const)("speaks Korean, %s", async ([screen, viewport]) => {
    const web = await openPage(browser, { context: { locale: "ko-KR", viewport } });
    await addTeamDocuments(web);
    if (screen === "phone") await web.page.getByRole("button", { name: "문서 보기 또는 숨기기" }).click();
    const dialog = await openKnowledge(web.page, /^팀 지식 문서 13개/);
    await dialog.getByText("PDF, 412쪽 · 98,000토큰 · 12.4MB · 하루 $0.01 미만").waitFor();
    expect(await dialog.locator("#knowledge-total").innerText()).toBe(
      "문서 13개 · 366MB · OpenAI 보관료 하루 약 $0.00(첫 1GB 무료)",
    );
    if (screen === "phone") await expectFits(web);
    await keepScreen(web.page, `${screen}-knowledge-korean`);
    expect(web.problems).toEqual([]);
  });

  it("is dark where the system is", async () => {
    const web = await openPage(browser, { context: { colorScheme: "dark" } });
    await addTeamDocuments(web);
    await openKnowledge(web.page);
    await keepScreen(web.page, "knowledge-dark");
    expect(web.problems).toEqual([]);
  });
});
