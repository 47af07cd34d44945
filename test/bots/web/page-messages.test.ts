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

  it("names the question of an answer that does not stand right below it", async () => {
    const web = await openPage(browser);
    const first = await askOnPage(web, "How long may I borrow a laptop?");
    const second = await askOnPage(web, "Who pays for repairs?");
    await web.docent.answer(first, { text: "Fourteen days." });
    await web.docent.answer(second, { text: "The library." });
    const answers = web.page.locator(".message.docent.answer");
    await answers.nth(1).waitFor();
    const third = await askOnPage(web, "And a camera?");
    await web.docent.answer(third, { text: "Three days." });
    await answers.nth(2).waitFor();
    const named = await answers.evaluateAll((all) => all.map((each) => each.querySelector(".in-reply")?.textContent));
    expect(named).toEqual(["To: How long may I borrow a laptop?", "To: Who pays for repairs?", undefined]);
  });

  it("skips to the question without leaving its channel", async () => {
    const web = await openPage(browser, { at: "/?channel=finance" });
    await web.page.keyboard.press("Tab");
    await web.page.keyboard.press("Enter");
    expect(await web.page.evaluate(() => document.activeElement?.id)).toBe("question");
    expect(web.page.url()).toBe(`${web.server.origin}/?channel=finance`);
    expect(await web.page.locator("#channel-name").innerText()).toBe("finance");
  });

  it("scrolls its columns, and never itself", async () => {
    const web = await openPage(browser);
    for (const n of [0, 1, 2]) {
      const turn = await askOnPage(web, `Question ${n}`);
      await web.docent.answer(turn, { text: "A line.\n\n".repeat(30) });
      await web.page.locator(".message.docent.answer").nth(n).waitFor();
    }
    const offset = await web.page.evaluate(() => {
      document.querySelector(".message h3")?.scrollIntoView();
      window.scrollTo(0, 1_000);
      return window.scrollY + document.documentElement.scrollTop + document.body.scrollTop;
    });
    expect(offset).toBe(0);
    expect(await web.page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight)).toBe(0);
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
