import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "./browser.ts";
import { askOnPage, openPage } from "./page-under-test.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe("messages on the page", () => {
  it("does not call messages new that were there when it was opened", async () => {
    const web = await openPage(browser);
    const turn = await askOnPage(web, "Are you there?");
    await web.docent.answer(turn, { text: "Yes." });
    await web.page.locator(".message.docent.answer").waitFor();
    await web.page.reload();
    await web.page.locator(".message.docent.answer").waitFor();
    expect(await web.page.locator("#jump").isVisible()).toBe(false);
  });

  it("begins no line with the mark of a source, however wide the page is", async () => {
    const web = await openPage(browser);
    const turn = await askOnPage(web, "How long?");
    const citation = { documentId: "d1", document: "loan.pdf", place: null, quote: null };
    const text =
      "A laptop may be borrowed for **14 days** [1]. Repairs are paid by the library.[1][2] ノート、14日です。[1]";
    await web.docent.answer(turn, { text, citations: [citation, { ...citation, documentId: "d2" }] });
    const line = web.page.locator(".message.docent.answer .prose p");
    const starts = await line.evaluate((paragraph) => {
      const marks = [...paragraph.querySelectorAll(".cite")];
      const widths = Array.from({ length: 300 }, (_, n) => 120 + n * 2);
      return widths.flatMap((width) => {
        paragraph.style.width = `${width}px`;
        const { left } = paragraph.getBoundingClientRect();
        return marks.filter((mark) => mark.getBoundingClientRect().left < left + 6).map(() => width);
      });
    });
    expect(starts).toEqual([]);
    expect(await line.locator(".cite").count()).toBe(4);
  });
});
