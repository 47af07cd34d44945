import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "./browser.ts";
import { askOnPage, openPage } from "./page-under-test.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe("the page, when the server restarts", () => {
  it("shows what happened meanwhile, without a reload", async () => {
    const web = await openPage(browser);
    const { page, docent, server, bot } = web;
    await page.evaluate(() => Object.assign(window, { notReloaded: true }));
    const turn = await askOnPage(web, "Will you survive?");
    await bot.stop();
    await server.close();
    await page.getByText("Reconnecting…").waitFor();
    // The program comes back, and the turn ends before the page has found it again.
    const restarted = await web.restart();
    await docent.answer(turn, { text: "Yes, **nothing** was lost." });
    await server.open(restarted);
    await page.getByText("nothing").first().waitFor();
    await page.getByText("Reconnecting…").waitFor({ state: "hidden" });
    expect(await page.locator(".message").count()).toBe(2);
    expect(await page.locator(".turn-status").count()).toBe(0);
    expect(await page.evaluate(() => "notReloaded" in window)).toBe(true);
    // And it hears what comes after.
    const next = await askOnPage(web, "And now?");
    await docent.answer(next, { text: "Still here." });
    await page.getByText("Still here.").first().waitFor();
  });

  it("sends what was written meanwhile, once, in order, with its files", async () => {
    const web = await openPage(browser);
    const { page, docent, server, bot } = web;
    await bot.stop();
    await server.close();
    await page.getByText("Reconnecting…").waitFor();
    await page.setInputFiles("#files", { name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("x") });
    for (const question of ["First?", "Second?"]) {
      await page.getByLabel("Your question").fill(question);
      await page.getByLabel("Your question").press("Enter");
    }
    await page.getByText("Waiting for the server.").first().waitFor();
    expect(await page.locator(".message.you").count()).toBe(2);
    await server.open(await web.restart());
    await page.locator(".turn-status").nth(1).waitFor();
    expect(docent.accepted.map(({ text, attachments }) => [text, attachments.length])).toEqual([
      ["First?", 1],
      ["Second?", 0],
    ]);
    expect(await page.locator(".message.you").allInnerTexts()).toEqual([
      expect.stringContaining("First?"),
      expect.stringContaining("Second?"),
    ]);
  });

  it("asks once when the answer to the posting was lost", async () => {
    const web = await openPage(browser);
    const { page, docent } = web;
    let posts = 0;
    await page.route("**/messages", async (route) => {
      if (route.request().method() !== "POST") return route.fallback();
      posts += 1;
      if (posts > 1) return route.fallback();
      // The server has it, the browser never hears so.
      await route.fetch();
      await route.abort("connectionreset");
    });
    await page.getByLabel("Your question").fill("Only once?");
    await page.getByLabel("Your question").press("Enter");
    await page.waitForResponse((response) => response.status() === 202);
    await page.getByText("Waiting for the server.").waitFor({ state: "detached" });
    expect(posts).toBe(2);
    expect(docent.accepted).toHaveLength(1);
    expect(await page.locator(".message.you").count()).toBe(1);
  });

  it("shows a refusal at the message, which can be tried again or discarded", async () => {
    const web = await openPage(browser);
    const { page } = web;
    const { DocentError } = await import("../../../src/core/errors.ts");
    web.docent.refuseWith = new DocentError("question_too_long", "Long.", { details: { length: 50_000, max: 40_000 } });
    await page.getByLabel("Your question").fill("Too long?");
    await page.getByLabel("Your question").press("Enter");
    await page.getByText("That message is too long (50,000 characters").waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    await page.locator(".turn-status").waitFor();
    expect(await page.locator(".message.you").count()).toBe(1);
  });

  it("shows a conversation again that was left", async () => {
    const web = await openPage(browser);
    const turn = await askOnPage(web, "Remember me?");
    await web.docent.show(turn, { state: "reading", detail: "Reading x.pdf: page 40 of 412" });
    await web.page.reload();
    await web.page.getByText("Reading x.pdf: page 40 of 412").waitFor();
    await web.docent.answer(turn, { text: "I do." });
    await web.page.getByText("I do.").first().waitFor();
    expect(web.problems).toEqual([]);
  });
});
