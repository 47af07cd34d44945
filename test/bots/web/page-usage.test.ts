import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DocentError } from "../../../src/core/errors.ts";
import { launchBrowser } from "./browser.ts";
import { findWeakContrast } from "./find-weak-contrast.ts";
import { focused } from "./knowledge-dialog.ts";
import { keepScreen, openPage } from "./page-under-test.ts";
import { sampleReport, sampleRow } from "./sample-report.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

async function openUsage(page: Page, name = "Usage"): Promise<Locator> {
  await page.getByRole("button", { name, exact: true }).click();
  const dialog = page.getByRole("dialog", { name, exact: true });
  await dialog.locator(".usage-section").first().waitFor();
  return dialog;
}

async function rowsOf(dialog: Locator, caption: string): Promise<string[]> {
  const rows = dialog.getByRole("table", { name: caption }).getByRole("row");
  return (await rows.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " ").trim());
}

describe("usage on the page", () => {
  it("shows sums, days, budgets, channels, people, models and what documents cost to keep", async () => {
    const web = await openPage(browser, { context: { timezoneId: "Asia/Seoul" } });
    web.docent.report = (days) => sampleReport(days);
    const dialog = await openUsage(web.page);
    expect(await dialog.getByRole("definition").allInnerTexts()).toEqual([
      "$48.27",
      "5,793",
      "54,523,716",
      "1,975,413",
    ]);
    const bars = dialog.getByRole("figure").getByRole("listitem");
    expect(await bars.count()).toBe(30);
    expect(await bars.nth(1).innerText()).toBe("Oct 29: $1.40, 168 questions");
    expect(await rowsOf(dialog, "Channels")).toEqual([
      "Questions Tokens in Tokens out Cost",
      "C0REGULATIONS slack:T1 3,744 35,238,528 1,276,704 $31.20",
      "경영-지원팀 web 1,428 13,440,336 486,948 $11.90",
      `${"long-".repeat(14)} web 621 5,844,852 211,761 $5.17`,
      "9 discord:G1 1 9,412 341 $0.00004",
    ]);
    expect((await rowsOf(dialog, "People")).map((row) => row.split(" ").slice(0, 2).join(" "))).toEqual([
      "Questions Tokens",
      "Ann Marchetti",
      "This page",
      "U7 slack:T1",
    ]);
    expect(await dialog.getByRole("progressbar", { name: "All questions" }).getAttribute("value")).toBe("0.38624");
    expect(await dialog.locator(".nearly, .used-up").allInnerTexts()).toEqual([
      expect.stringContaining("$0.85 of $1.00 · $0.15 left"),
      expect.stringContaining("$0.51 of $0.50 · $0.00 left"),
    ]);
    await dialog.getByText("Renews November 27, 2026 at 12:00 AM.").waitFor();
    await dialog.getByText("412 documents, 3.4 GB: about $0.24 a day after the first 1 GB, which is free.").waitFor();
    await keepScreen(web.page, "usage");
    expect(web.problems).toEqual([]);
  });

  it("changes the period by keyboard, closes with Escape, and gives the focus back", async () => {
    const web = await openPage(browser);
    const asked: number[] = [];
    web.docent.report = (days) => {
      asked.push(days);
      return sampleReport(days);
    };
    const dialog = await openUsage(web.page);
    await dialog.getByRole("radio", { name: "30 days" }).focus();
    await web.page.keyboard.press("ArrowRight");
    await dialog.getByText("Aug 29", { exact: true }).waitFor();
    expect(await dialog.getByRole("figure").getByRole("listitem").count()).toBe(90);
    expect(await dialog.getByRole("link").getAttribute("href")).toBe("/api/usage.csv?days=90");
    expect(asked).toEqual([30, 90]);
    await keepScreen(web.page, "usage-90");
    await web.page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    expect(await focused(web.page)).toBe("Usage");
    expect(web.problems).toEqual([]);
  });

  it("hands out the CSV as a file", async () => {
    const web = await openPage(browser);
    web.docent.report = (days) => sampleReport(days);
    web.docent.reportRows = async function* () {
      yield await Promise.resolve(sampleRow());
    };
    const dialog = await openUsage(web.page);
    const download = web.page.waitForEvent("download");
    await dialog.getByRole("link", { name: "Download as CSV: by day, channel, person and model" }).click();
    expect((await download).suggestedFilename()).toBe("docent-usage-30-days.csv");
    expect(web.problems).toEqual([]);
  });

  it("says so when nothing was used, when no budget is set and when no document is kept", async () => {
    const web = await openPage(browser);
    const nothing = { questions: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 };
    const storage = { documents: 0, bytes: 0, usdPerDay: 0 };
    web.docent.report = (days) =>
      sampleReport(days, { total: nothing, channels: [], users: [], models: [], budgets: [], storage });
    const dialog = await openUsage(web.page);
    await dialog.getByText("Nothing was asked of a model in these 30 days.").waitFor();
    await dialog.getByText("No budget is set. BUDGET_USD_PER_DAY sets one.").waitFor();
    await dialog.getByText("No documents are kept at OpenAI.").waitFor();
    expect(await dialog.getByRole("table").count()).toBe(0);
    await keepScreen(web.page, "usage-nothing");
    expect(web.problems).toEqual([]);
  });

  it("draws questions where a model has no price", async () => {
    const web = await openPage(browser);
    web.docent.report = (days) =>
      sampleReport(days, { days: sampleReport(days).days.map((day) => ({ ...day, costUsd: 0 })) });
    const dialog = await openUsage(web.page);
    await dialog.getByRole("heading", { name: "Questions by day" }).waitFor();
    expect(web.problems).toEqual([]);
  });

  it("says what went wrong, and loads again when asked to", async () => {
    const web = await openPage(browser);
    web.docent.report = () => {
      throw new DocentError("busy", "Too busy.");
    };
    await web.page.getByRole("button", { name: "Usage", exact: true }).click();
    await web.page.getByText("The usage could not be loaded: Docent is too busy").waitFor();
    web.docent.report = (days) => sampleReport(days);
    await web.page.getByRole("dialog").getByRole("button", { name: "Try again" }).click();
    await web.page.getByText("$48.27").waitFor();
    expect(web.problems.filter((problem) => !problem.includes("503"))).toEqual([]);
  });

  it("shows names that people chose as they are", async () => {
    const web = await openPage(browser);
    const name = "<img src=x onerror=alert(1)>";
    web.docent.report = (days) =>
      sampleReport(days, { users: sampleReport(days).users.map((user) => ({ ...user, name })) });
    const dialog = await openUsage(web.page);
    expect(await dialog.getByText(name).count()).toBe(3);
    expect(web.problems).toEqual([]);
  });
});

describe("usage, as it looks", () => {
  it.for([
    ["light", "en-US", "Usage", "Show channels"],
    ["dark", "en-US", "Usage", "Show channels"],
    ["light", "ko-KR", "사용량", "채널 보기"],
    ["light", "ja-JP", "使用状況", "チャンネルを表示"],
  ] as const)("fits 360 pixels without scrolling sideways, %s %s", async ([colorScheme, locale, name, menu]) => {
    const context = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, colorScheme, locale };
    const web = await openPage(browser, { context });
    web.docent.report = (days) => sampleReport(days);
    await web.page.getByRole("button", { name: menu }).tap();
    const dialog = await openUsage(web.page, name);
    const wide = await dialog.locator("*").evaluateAll((elements) =>
      elements
        .filter((element) => !element.classList.contains("usage-name") && !element.classList.contains("hidden"))
        .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
        .map((element) => `${element.tagName} ${element.className}`),
    );
    expect(wide).toEqual([]);
    await keepScreen(web.page, `phone-usage-${colorScheme}-${locale}`);
    await dialog.locator(".usage-scroller").evaluate((scroller) => scroller.scrollTo(0, 480));
    await keepScreen(web.page, `phone-usage-${colorScheme}-${locale}-below`);
    expect(web.problems).toEqual([]);
  });

  it.for([
    ["light", "en-US", "Usage"],
    ["dark", "en-US", "Usage"],
    ["dark", "ko-KR", "사용량"],
    ["dark", "ja-JP", "使用状況"],
  ] as const)("has enough contrast, %s %s", async ([colorScheme, locale, name]) => {
    const web = await openPage(browser, { context: { colorScheme, locale } });
    web.docent.report = (days) => sampleReport(days);
    const dialog = await openUsage(web.page, name);
    expect(await findWeakContrast(web.page)).toEqual([]);
    await keepScreen(web.page, `usage-${colorScheme}-${locale}`);
    await dialog.locator(".usage-scroller").evaluate((scroller) => scroller.scrollTo(0, 2_000));
    await keepScreen(web.page, `usage-${colorScheme}-${locale}-below`);
    expect(web.problems).toEqual([]);
  });
});
