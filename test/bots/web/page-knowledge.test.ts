import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "./browser.ts";
import { KNOWLEDGE_DROP, focused, openKnowledge, rowOf, tabTo } from "./knowledge-dialog.ts";
import { dropFiles, keepScreen, makeLoanPolicy, openPage } from "./page-under-test.ts";
import { addTeamDocument, addTeamDocuments } from "./team-documents.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe("team knowledge", () => {
  it("says with one sentence what it is for while there is none", async () => {
    const { page, problems } = await openPage(browser);
    const dialog = await openKnowledge(page, "Team knowledge Add documents");
    expect(await dialog.locator("#knowledge").innerText()).toBe(
      "Add the team’s handbook with the button or drop it here, and everybody can ask about it in every channel.",
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
    expect(await web.page.locator("#knowledge-trouble").innerText()).toBe("2 being read · 1 not usable");
    const dialog = await openKnowledge(web.page);
    const facts = async (name: string): Promise<string> =>
      await rowOf(dialog, name).locator(".document-facts").innerText();
    const state = async (name: string): Promise<string> =>
      await rowOf(dialog, name).locator(".document-state").innerText();
    expect(await facts("handbook.pdf")).toBe("PDF, 412 pages · 98,000 tokens of text · 12.4 MB · under $0.01 a day");
    expect(await facts("Q3 review of the whole company, final version (2) for the board.pptx")).toBe(
      "Presentation, by slide · 4,200 tokens of text · 350 MB · about $0.035 a day",
    );
    expect(await facts("budget.xlsx")).toBe(
      "Spreadsheet, by sheet · 31,000 tokens of text · 84 kB · under $0.01 a day",
    );
    expect(await facts("policies.zip")).toBe("Archive · 9.4 MB");
    expect(await state("handbook.pdf")).toMatch(/^Ready · from this page, Oct 2/);
    expect(await state("contract-scan.pdf")).toMatch(/^Not usable · from this page/);
    expect(await rowOf(dialog, "contract-scan.pdf").locator(".document-problem").innerText()).toMatch(
      /^“contract-scan.pdf” has no text/,
    );
    const reading = rowOf(dialog, "취업규칙.pdf".normalize("NFD"));
    expect(await reading.locator(".document-state").innerText()).toMatch(/^Reading · /);
    expect(await reading.getByRole("progressbar").isVisible()).toBe(true);
    expect(await dialog.locator("#knowledge-total").innerText()).toBe(
      "13 documents · 366 MB · free at OpenAI, as the first 1 GB is",
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
      "Text, by section · 801 tokens of text · 4 kB · under $0.01 a day",
    );
    await dialog.locator("#knowledge-total").hover();
    await inner.locator(".document").last().scrollIntoViewIfNeeded();
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

  it("opens a document over the list and comes back to it", async () => {
    const web = await openPage(browser);
    const { page } = web;
    const dialog = await openKnowledge(page);
    await dropFiles(page, [await makeLoanPolicy()], KNOWLEDGE_DROP);
    await rowOf(dialog, "loan-policy-2026.pdf").waitFor();
    await tabTo(page, "Open loan-policy-2026.pdf");
    await page.keyboard.press("Enter");
    await page.locator('.viewer[data-page="1"] canvas').waitFor();
    const [document] = await web.docent.documents({ kind: "workspace", key: "web" });
    await web.docent.changeDocument(document?.id ?? "", { state: "ready", tokens: 77 });
    await rowOf(dialog, "loan-policy-2026.pdf").getByText("77 tokens of text").waitFor();
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
