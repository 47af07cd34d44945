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
      ["#knowledge-dialog", "#knowledge-dialog .frame", "#knowledge-dialog .frame-scroller", "#knowledge"].filter(
        (selector) => {
          const element = document.querySelector(selector);
          return element === null || element.scrollWidth > element.clientWidth;
        },
      ),
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

  const KOREAN = {
    locale: "ko-KR",
    toggle: "문서 보기 또는 숨기기",
    entry: /^팀 지식 문서 13개/,
    facts: "PDF, 412쪽 · 98,000토큰 · 12.4MB · 하루 US$0.01 미만",
    total: "문서 13개 · 366MB · OpenAI 보관료 하루 약 US$0.00(처음 1GB까지 무료)",
  };
  const JAPANESE = {
    locale: "ja-JP",
    toggle: "ドキュメントの表示を切り替え",
    entry: /^チームのナレッジ ドキュメント 13 件/,
    facts: "PDF、412 ページ · 98,000 トークン · 12.4 MB · 1 日あたり $0.01 未満",
    total: "ドキュメント 13 件 · 366 MB · OpenAI の保存料 1 日あたり約 $0.00（最初の 1 GB は無料）",
  };

  it.for([
    { ...KOREAN, screen: "desktop", width: 1360, height: 860 },
    { ...KOREAN, screen: "phone", width: 360, height: 740 },
    { ...JAPANESE, screen: "desktop", width: 1360, height: 860 },
    { ...JAPANESE, screen: "phone", width: 360, height: 740 },
  ])("speaks the browser's language: $locale, $screen", async (row) => {
    const { locale, screen, width, height } = row;
    const web = await openPage(browser, { context: { locale, viewport: { width, height } } });
    await addTeamDocuments(web);
    if (screen === "phone") await web.page.getByRole("button", { name: row.toggle }).click();
    const dialog = await openKnowledge(web.page, row.entry);
    await dialog.getByText(row.facts).waitFor();
    expect(await dialog.locator("#knowledge-total").innerText()).toBe(row.total);
    if (screen === "phone") await expectFits(web);
    await keepScreen(web.page, `${screen}-knowledge-${locale}`);
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
