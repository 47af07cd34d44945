import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeKoreanPdf } from "../../fixtures/make-cjk-pdf.ts";
import { accessCodeSentence, makeLongPdf } from "../../fixtures/make-pdf.ts";
import { makePng } from "../../fixtures/make-png.ts";
import { launchBrowser } from "./browser.ts";
import { askOnPage, dropFiles, keepScreen, openPage, type PageUnderTest } from "./page-under-test.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** Posts a PDF, has it cited, and opens the citation. */
async function openCitation(
  web: PageUnderTest,
  name: string,
  bytes: Buffer,
  page: number,
  quote: string,
): Promise<void> {
  await dropFiles(web.page, [{ name, type: "application/pdf", bytes }]);
  const turn = await askOnPage(web, "Where?");
  const [document] = web.docent.documentsOf(turn);
  const documentId = document?.id ?? "";
  await web.docent.answer(turn, {
    text: "Here [1].",
    citations: [{ documentId, document: name, place: { unit: "page", number: page }, quote }],
  });
  await web.page.locator(".source").click();
  await web.page.locator(`.viewer[data-page="${page}"]`).waitFor();
}

describe("the viewer", () => {
  it("marks a passage in a Korean PDF whose font is not embedded", async () => {
    const web = await openPage(browser);
    const bytes = makeKoreanPdf(["첫 쪽", "연차 휴가는 매년 15일이며 다음 해로 이월할 수 없습니다."]);
    await openCitation(web, "취업규칙.pdf", bytes, 2, "연차휴가는 매년 15일");
    const marks = await web.page.locator(".viewer mark").allInnerTexts();
    expect(marks.join("").replaceAll(" ", "")).toBe("연차휴가는매년15일");
    await keepScreen(web.page, "viewer-korean");
    expect(web.problems).toEqual([]);
  });

  it("opens page 300 of a long PDF, turns to a page by its number, zooms, and fits the width again", async () => {
    const web = await openPage(browser, { bot: { maxFileMb: 20 } });
    const { page } = web;
    await openCitation(web, "rooms.pdf", await makeLongPdf(400), 300, accessCodeSentence(300));
    expect(await page.locator(".viewer mark").innerText()).toBe(accessCodeSentence(300));
    const width = async (): Promise<number> => (await page.locator(".paper").boundingBox())?.width ?? 0;
    const fitting = await width();
    await page.getByRole("button", { name: "Zoom in" }).click();
    await expect.poll(width).toBeGreaterThan(fitting * 1.2);
    await page.getByRole("button", { name: "Fit to width" }).click();
    await expect.poll(width).toBe(fitting);
    await page.getByLabel("Page", { exact: true }).fill("17");
    await page.keyboard.press("Enter");
    await page.locator('.viewer[data-page="17"]').waitFor();
    expect(await page.locator(".words").innerText()).toContain(accessCodeSentence(17));
    await page.setViewportSize({ width: 700, height: 860 });
    await expect.poll(width).toBeLessThan(fitting);
    expect(web.problems).toEqual([]);
  });

  it("says so when the passage is not on its page, and shows the quote all the same", async () => {
    const web = await openPage(browser);
    await openCitation(web, "rooms.pdf", await makeLongPdf(2), 1, "Nobody ever wrote this sentence into that file.");
    await web.page.getByText("The passage could not be marked on this page.").waitFor();
    expect(await web.page.locator("#viewer-quote").innerText()).toContain("Nobody ever wrote this");
  });

  it("says so when the file is damaged", async () => {
    const web = await openPage(browser);
    await dropFiles(web.page, [
      { name: "broken.pdf", type: "application/pdf", bytes: Buffer.from("%PDF-1.7 nothing") },
    ]);
    await askOnPage(web, "What is in it?");
    await web.page.getByRole("button", { name: "Open broken.pdf" }).click();
    await web.page.getByText("This document cannot be shown: the file could not be opened").waitFor();
    expect(await web.page.locator(".paper").count()).toBe(0);
  });

  it("shows a picture", async () => {
    const web = await openPage(browser);
    const type = { kind: "image", mimeType: "image/png", extension: "png" } as const;
    web.docent.read = () => ({ pages: [], change: { type } });
    await dropFiles(web.page, [{ name: "plan.png", type: "image/png", bytes: makePng(40, 30) }]);
    await askOnPage(web, "What does it show?");
    await web.page.getByRole("button", { name: "Open plan.png" }).click();
    await web.page.getByRole("img", { name: "plan.png" }).waitFor();
    expect(web.problems).toEqual([]);
  });

  it("opens a text at a line inside a piece, whose quote the answer shows and the list of sources does not repeat", async () => {
    const web = await openPage(browser);
    await dropFiles(web.page, [{ name: "notes.txt", type: "text/plain", bytes: Buffer.from("Notes") }]);
    web.docent.read = () => ({
      pages: [
        { number: 1, text: "The wifi is Larch\nThe printer is in room 12\n\nThe parking code is 4411" },
        { number: 61, text: "The cellar is damp" },
      ],
      change: { unit: "line" },
    });
    const turn = await askOnPage(web, "What is the code?");
    const documentId = web.docent.documentsOf(turn)[0]?.id ?? "";
    const citation = {
      documentId,
      document: "notes.txt",
      place: { unit: "line", number: 4 } as const,
      quote: "The parking code is 4411",
    };
    await web.docent.answer(turn, { text: "> The parking code is 4411 [1]", citations: [citation] });
    expect(await web.page.locator(".source-name").innerText()).toBe("notes.txt, line 4");
    expect(await web.page.locator(".source-quote").count()).toBe(0);
    await web.page.locator(".source").click();
    expect(await web.page.locator(".viewer mark").innerText()).toBe("The parking code is 4411");
    expect(await web.page.locator("#viewer-place").innerText()).toBe("From line 1");
    expect(web.problems).toEqual([]);
  });

  it("shows the cited sheet of a workbook by its name, and turns to the next one", async () => {
    const web = await openPage(browser);
    const type = { kind: "workbook", mimeType: "application/x", extension: "xlsx" } as const;
    web.docent.read = () => ({
      pages: [
        { number: 1, title: "Staff", text: "Kim | 3" },
        { number: 2, title: "Rent", text: "Room | Rent\n217 | 900" },
      ],
      change: { type, unit: "sheet" },
    });
    await dropFiles(web.page, [{ name: "book.xlsx", type: type.mimeType, bytes: Buffer.from("PK") }]);
    const turn = await askOnPage(web, "How much is room 217?");
    const documentId = web.docent.documentsOf(turn)[0]?.id ?? "";
    const place = { unit: "sheet", number: 2, title: "Rent" } as const;
    const citation = { documentId, document: "book.xlsx", place, quote: "217 | 900" };
    await web.docent.answer(turn, { text: "900 [1].", citations: [citation] });
    expect(await web.page.locator(".source-name").innerText()).toBe("book.xlsx, sheet “Rent”");
    expect(await web.page.locator(".source-quote").innerText()).toContain("217 | 900");
    await web.page.locator(".source").click();
    await web.page.locator('.viewer[data-page="2"]').waitFor();
    expect(await web.page.locator(".viewer mark").innerText()).toBe("217 | 900");
    expect(await web.page.locator("#viewer-place").innerText()).toBe("sheet “Rent”");
    await web.page.getByRole("button", { name: "Previous page" }).click();
    await web.page.getByText("Kim | 3").waitFor();
    expect(await web.page.locator("#viewer-place").innerText()).toBe("sheet “Staff”");
    expect(web.problems).toEqual([]);
  });
});
