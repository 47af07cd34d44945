import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "./browser.ts";
import {
  askOnPage,
  dropFiles,
  keepScreen,
  makeLoanPolicy,
  openPage,
  USAGE,
  type PageUnderTest,
} from "./page-under-test.ts";
import { findWeakContrast } from "./find-weak-contrast.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrik".repeat(3);

async function withAnswer(web: PageUnderTest): Promise<void> {
  await dropFiles(web.page, [await makeLoanPolicy()]);
  const turn = await askOnPage(web, `How long? ${LONG_WORD}`);
  const [pdf] = web.docent.documentsOf(turn);
  await web.docent.changeDocument(pdf?.id ?? "", { state: "ready", pages: 3, tokens: 1240 });
  await web.docent.answer(turn, {
    text: `Up to 14 days [1]. ${LONG_WORD}\n\n\`\`\`\n${"a very long line of code ".repeat(12)}\n\`\`\`\n\n| ${"column | ".repeat(12)}\n|${"---|".repeat(12)}\n| ${"value | ".repeat(12)}`,
    usage: USAGE,
    citations: [
      {
        documentId: pdf?.id ?? "",
        document: "loan-policy-2026.pdf",
        place: { unit: "page", number: 2 },
        quote: "A laptop may be borrowed for up to 14 days.",
      },
    ],
  });
  await web.page.locator(".message.docent.answer").waitFor();
}

async function expectNoSidewaysScrolling(page: Page): Promise<void> {
  const widths = await page.evaluate(() => ({
    page: document.documentElement.scrollWidth,
    conversation: document.querySelector("#scroller")?.scrollWidth,
    window: window.innerWidth,
  }));
  expect(widths).toEqual({ page: widths.window, conversation: widths.window, window: widths.window });
}

describe("the page on a phone", () => {
  it("fits 360 pixels without scrolling sideways, with its panels as drawers", async () => {
    const web = await openPage(browser, {
      context: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
    });
    const { page } = web;
    await withAnswer(web);
    await expectNoSidewaysScrolling(page);
    await keepScreen(page, "phone");
    await page.getByRole("button", { name: "Show or hide documents" }).tap();
    await page.getByRole("button", { name: "Delete loan-policy-2026.pdf" }).waitFor();
    await expectNoSidewaysScrolling(page);
    await keepScreen(page, "phone-documents");
    await page.locator("#documents-panel").getByRole("button", { name: "Close" }).tap();
    await page.getByRole("button", { name: "Show channels" }).tap();
    await page.getByRole("link", { name: "general" }).waitFor();
    await keepScreen(page, "phone-channels");
    await page.getByRole("link", { name: "general" }).tap();
    await page.locator(".source").tap();
    await page.locator(".viewer mark").first().waitFor();
    await expectNoSidewaysScrolling(page);
    await keepScreen(page, "phone-viewer");
    expect(web.problems).toEqual([]);
  });
});

describe("the page by keyboard", () => {
  it("does everything without a mouse, and shows where the focus is", async () => {
    const web = await openPage(browser);
    const { page, docent } = web;
    const focused = (): Promise<string> =>
      page.evaluate(() => {
        const element = document.activeElement;
        return element?.getAttribute("aria-label") ?? element?.textContent?.trim() ?? "";
      });
    const outline = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle);
    const tabTo = async (name: string | RegExp): Promise<void> => {
      for (let n = 0; n < 60; n++) {
        await page.keyboard.press("Tab");
        const label = await focused();
        if (typeof name === "string" ? label === name : name.test(label)) return;
      }
      throw new Error(`Tab never came to ${name}`);
    };

    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Skip to your question");
    await page.keyboard.press("Enter");
    await page.keyboard.type("First line");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("second line");
    await page.keyboard.press("Enter");
    await page.locator(".turn-status").waitFor();
    expect(docent.accepted).toMatchObject([{ text: "First line\nsecond line" }]);
    await tabTo("Stop");
    expect(await outline()).toBe("solid");
    await page.keyboard.press("Enter");
    await page.getByText("Stopped.").first().waitFor();

    await page.locator("#question").focus();
    await withAnswer(web);
    await tabTo(/^Source 1/);
    expect(await outline()).toBe("solid");
    await page.keyboard.press("Enter");
    await page.locator('.viewer[data-page="2"] mark').first().waitFor();
    await page.keyboard.press("PageDown");
    await page.locator('.viewer[data-page="3"]').waitFor();
    await page.keyboard.press("Escape");
    expect(await focused()).toMatch(/^Source 1/);

    await tabTo("Delete loan-policy-2026.pdf");
    await page.keyboard.press("Enter");
    expect(await focused()).toBe("Cancel");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator("#documents .none").waitFor();

    await tabTo("New channel");
    await page.keyboard.press("Enter");
    await page.keyboard.type("plans");
    await page.keyboard.press("Enter");
    await page.locator("#channel-name", { hasText: "plans" }).waitFor();
    expect(await focused()).toBe("Your question");
    expect(web.problems).toEqual([]);
  });

  it("leaves Enter to a syllable that is still being put together", async () => {
    const { page, docent } = await openPage(browser);
    await page.locator("#question").fill("안녕하세");
    await page.locator("#question").dispatchEvent("keydown", { key: "Enter", isComposing: true });
    await page.locator("#question").press("Enter");
    await page.locator(".turn-status").waitFor();
    expect(docent.accepted).toHaveLength(1);
  });
});

describe("the page for a screen reader", () => {
  it("has landmarks, names on every control, and tells of progress and answers", async () => {
    const web = await openPage(browser);
    const { page } = web;
    await withAnswer(web);
    for (const role of ["navigation", "main", "complementary"] as const) {
      expect(await page.getByRole(role).count()).toBe(1);
    }
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll("button, a, input:not([hidden]), textarea")]
        .filter((element) => {
          const label = element.getAttribute("aria-label") ?? element.textContent ?? "";
          return (
            element.checkVisibility() &&
            label.trim() === "" &&
            document.querySelector(`label[for="${element.id}"]`) === null
          );
        })
        .map((element) => element.outerHTML),
    );
    expect(nameless).toEqual([]);
    expect(await page.locator("#announcements[aria-live=polite]").innerText()).toContain(
      "Docent answered: Up to 14 days",
    );
  });

  it.for(["light", "dark"] as const)("has enough contrast in the %s theme", async (colorScheme) => {
    const web = await openPage(browser, { context: { colorScheme } });
    const { page } = web;
    await withAnswer(web);
    expect(await findWeakContrast(page)).toEqual([]);
    if (colorScheme === "dark") await keepScreen(page, "desktop-dark");
    await page.locator(".source").click();
    await page.locator(".viewer mark").first().waitFor();
    if (colorScheme === "dark") await keepScreen(page, "viewer-dark");
    expect(web.problems).toEqual([]);
  });

  it("changes the theme with a button and remembers it", async () => {
    const { page } = await openPage(browser, { context: { colorScheme: "light" } });
    const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.getByRole("button", { name: "Use the dark theme" }).click();
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.reload();
    await page.getByRole("button", { name: "Use the light theme" }).waitFor();
    expect(await background()).toBe(dark);
  });
});
