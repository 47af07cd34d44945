import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "./browser.ts";
import { findWeakContrast } from "./find-weak-contrast.ts";
import { openKnowledge } from "./knowledge-dialog.ts";
import { keepScreen, openPage, type PageUnderTest } from "./page-under-test.ts";
import { addTeamDocuments } from "./team-documents.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

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
    await dialog.getByRole("button", { name: "Open policies.zip/2026/policy-3.md" }).scrollIntoViewIfNeeded();
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
    await dialog.getByText("PDF, 412쪽 · 98,000토큰 · 12.4MB · 하루 US$0.01 미만").waitFor();
    expect(await dialog.locator("#knowledge-total").innerText()).toBe(
      "문서 13개 · 366MB · OpenAI 보관료 하루 약 US$0.00(처음 1GB까지 무료)",
    );
    if (screen === "phone") await expectFits(web);
    await keepScreen(web.page, `${screen}-knowledge-korean`);
    expect(web.problems).toEqual([]);
  });

  it.for(["light", "dark"] as const)("has enough contrast in the %s theme", async (colorScheme) => {
    const web = await openPage(browser, { context: { colorScheme } });
    await addTeamDocuments(web);
    await openKnowledge(web.page);
    expect(await findWeakContrast(web.page)).toEqual([]);
    if (colorScheme === "dark") await keepScreen(web.page, "knowledge-dark");
    expect(web.problems).toEqual([]);
  });
});
