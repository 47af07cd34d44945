import path from "node:path";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createInstallation, type Installation } from "../../set-up/installation.ts";
import { startVendors, type Vendors } from "../../set-up/vendors.ts";
import { launchBrowser } from "./browser.ts";
import { findWeakContrast } from "./find-weak-contrast.ts";
import { focused } from "./knowledge-dialog.ts";
import { keepScreen, openPage, type PageUnderTest } from "./page-under-test.ts";
import { startWebBot } from "./web-bot-under-test.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

interface Scene extends PageUnderTest, Installation {
  readonly vendors: Vendors;
}

async function open(context: BrowserContextOptions = {}, at = "/"): Promise<Scene> {
  const vendors = await startVendors({ discord: { hasMessageContent: false } });
  const installation = createInstallation(vendors.addresses);
  const web = await openPage(browser, { bot: { setup: installation.setup, engineName: "local" }, context, at });
  return { ...web, ...installation, vendors };
}

function stepOf(page: Page, name: string): Locator {
  return page.getByRole("dialog").getByRole("region", { name, exact: true });
}

/** As people do: typed text would be checked as it grows. */
async function paste(field: Locator, text: string): Promise<void> {
  await field.focus();
  await field.page().keyboard.insertText(text);
}

describe("set-up on the page", () => {
  it("walks through OpenAI, Slack and Discord, and shows what was found", async () => {
    const scene = await open();
    const { page, vendors } = scene;
    const { good } = vendors;
    await page.getByText("Quotes only: no model is set up yet.").waitFor();
    await keepScreen(page, "setup-offer");
    await page.getByRole("button", { name: "Set up OpenAI, Slack and Discord" }).click();

    const openai = stepOf(page, "OpenAI");
    await openai.getByText("Not set up").waitFor();
    await expect.poll(() => new URL(page.url()).pathname).toBe("/setup");
    expect(await openai.getByRole("link").getAttribute("href")).toBe("https://platform.openai.com/api-keys");
    await paste(openai.getByLabel("API key"), "sk-wrong-key-000");
    await openai.getByText("OpenAI refuses this key.").waitFor();
    expect(scene.text()).toBe(null);
    await openai.getByLabel("API key").fill("");
    await paste(openai.getByLabel("API key"), good.OPENAI_API_KEY);
    await openai.getByText("gpt-6-luna is available.").waitFor();
    await openai.getByRole("button", { name: "Check and save" }).click();
    await openai.getByText("Used after a restart").waitFor();
    expect(await openai.locator(".setup-state").first().innerText()).toBe("Checked");
    await expect.poll(() => focused(page)).toBe("Replace");

    const slack = stepOf(page, "Slack");
    await slack.getByRole("button", { name: "Set up" }).click();
    const link = await slack.getByRole("link", { name: "Create the Slack app" }).getAttribute("href");
    expect(link).toMatch(/^https:\/\/api\.slack\.com\/apps\?new_app=1&manifest_json=%7B%22/);
    await paste(slack.getByLabel("Bot User OAuth Token"), good.SLACK_BOT_TOKEN);
    await slack.getByText("in the workspace Team as @docent").waitFor();
    await slack.getByRole("button", { name: "Check and save" }).click();
    await slack.getByText("Nothing was saved. Still missing: App-level token (xapp-…).").waitFor();
    // One item of its row: bold words in it do not stand apart.
    expect(await slack.locator(".setup-status > *").count()).toBe(1);
    await paste(slack.getByLabel("App-level token"), good.SLACK_APP_TOKEN);
    await slack.getByText("Socket Mode works.").waitFor();
    await keepScreen(page, "setup-slack");
    await slack.getByRole("button", { name: "Check and save" }).click();
    await slack.getByText("Used after a restart").waitFor();
    const next = slack.getByText("Next: restart Docent, write /invite @docent in a channel, then mention it there.");
    await next.waitFor();
    expect(await next.isVisible()).toBe(true);

    const discord = stepOf(page, "Discord");
    await discord.getByRole("button", { name: "Set up" }).click();
    await paste(discord.getByLabel("Bot’s token"), good.DISCORD_TOKEN);
    await discord.getByText("sees only messages that mention it. To change that").waitFor();
    await discord.getByRole("button", { name: "Check and save" }).click();
    await discord.getByText("Used after a restart").waitFor();
    expect(await discord.getByRole("link", { name: "Add Docent to a server" }).first().getAttribute("href")).toContain(
      `client_id=${vendors.discord.bot.id}`,
    );
    await page.getByText("Restart Docent to use it").waitFor();
    await keepScreen(page, "setup-connected");

    expect(scene.mode()).toBe("600");
    expect(scene.text()).toBe(
      Object.entries(good)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(""),
    );
    expect(await shownText(page)).not.toMatch(/planted-0123456789|0123456789-planted/);
    expect(scene.problems.filter((problem) => !problem.includes("422"))).toEqual([]);
  });

  it("does not begin on the button that closes it: what is typed too early closes nothing", async () => {
    const { page } = await open({}, "/setup");
    const openai = stepOf(page, "OpenAI");
    await openai.getByLabel("API key").waitFor();
    await expect.poll(() => focused(page)).toBe("Set up");
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H2");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Space");
    expect(await page.getByRole("dialog").isVisible()).toBe(true);
    // Close is still the next thing that can be reached by keyboard.
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("Close");
  });

  it("says what was mistaken for what as soon as both tokens are there, and takes them with quotation marks", async () => {
    const { page, vendors } = await open({}, "/setup");
    const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN } = vendors.good;
    const slack = stepOf(page, "Slack");
    await slack.getByRole("button", { name: "Set up" }).click();
    const [bot, app] = [slack.getByLabel("Bot User OAuth Token"), slack.getByLabel("App-level token")];
    await paste(bot, SLACK_APP_TOKEN);
    await slack.getByText("This is the app-level token.").waitFor();
    await paste(app, SLACK_BOT_TOKEN);
    await expect.poll(() => slack.getByText("The two tokens are swapped").count()).toBe(2);
    await bot.fill("");
    await paste(bot, `"${SLACK_BOT_TOKEN}"`);
    await app.fill("");
    await paste(app, ` '${SLACK_APP_TOKEN}' `);
    await slack.getByText("Socket Mode works.").waitFor();
    await slack.getByText("It works, in the workspace Team as @docent.").waitFor();
  });

  it("names what the app can do without, before and after it is saved", async () => {
    const { page, vendors } = await open({}, "/setup");
    vendors.slack.world.scopes.delete("reactions:write");
    const slack = stepOf(page, "Slack");
    await slack.getByRole("button", { name: "Set up" }).click();
    await paste(slack.getByLabel("Bot User OAuth Token"), vendors.good.SLACK_BOT_TOKEN);
    await slack.locator("form").getByText("but the app lacks reactions:write.").waitFor();
    await paste(slack.getByLabel("App-level token"), vendors.good.SLACK_APP_TOKEN);
    await slack.getByRole("button", { name: "Check and save" }).click();
    await slack.getByText("Used after a restart").waitFor();
    expect(await slack.locator(".setup-found .warning").innerText()).toContain("but the app lacks reactions:write.");
  });

  it("is pointed to where the engine that is set up does not work, and answers are quotes", async () => {
    const vendors = await startVendors();
    const { setup } = createInstallation({ ...vendors.addresses, OPENAI_API_KEY: "sk-wrong-key-000" });
    let isReady = false;
    const checkEngine = () =>
      Promise.resolve(isReady ? { ready: true as const } : { ready: false as const, reason: "no" });
    const { page, problems } = await openPage(browser, { bot: { setup, checkEngine } });
    await page.getByText("OpenAI does not work at present: answers are quotes.").waitFor();
    await page.getByRole("link", { name: "Look at the set-up" }).click();
    await stepOf(page, "OpenAI").getByText("Does not work").waitFor();
    isReady = true;
    await page.reload();
    await page.getByText("Answers by OpenAI").waitFor();
    expect(await page.getByText("does not work at present").count()).toBe(0);
    expect(problems).toEqual([]);
  });

  it("notices a restart by itself", async () => {
    const scene = await open({}, "/setup");
    const { page, server, vendors } = scene;
    const openai = stepOf(page, "OpenAI");
    await paste(openai.getByLabel("API key"), vendors.good.OPENAI_API_KEY);
    await openai.getByRole("button", { name: "Check and save" }).click();
    await page.getByText("Restart Docent to use it").waitFor();
    await server.close();
    const { setup } = createInstallation(vendors.addresses, path.dirname(scene.file));
    const { bot } = await startWebBot({ setup, engineName: "openai" });
    await server.open(bot);
    await page.getByText("Answers by OpenAI").waitFor();
    await openai.getByText("Checked").waitFor();
    expect(await openai.getByText("Used after a restart").count()).toBe(0);
    expect(await page.getByText("Restart Docent to use it").count()).toBe(0);
  });

  it("leaves the page usable with the local engine, and keeps nothing that was not saved", async () => {
    const scene = await open();
    const { page } = scene;
    await page.getByRole("button", { name: "Set up", exact: true }).click();
    await paste(stepOf(page, "OpenAI").getByLabel("API key"), "sk-not-to-be-kept");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await expect.poll(() => new URL(page.url()).pathname).toBe("/");
    await expect.poll(() => focused(page)).toBe("Set up");
    await page.getByLabel("Your question").fill("Still there?");
    await page.getByLabel("Your question").press("Enter");
    await page.locator(".turn-status").waitFor();
    await page.getByRole("button", { name: "Set up", exact: true }).click();
    expect(await stepOf(page, "OpenAI").getByLabel("API key").inputValue()).toBe("");
    expect(scene.text()).toBe(null);
  });

  it("replaces one token of two, and says so when the vendor refuses what is set", async () => {
    const scene = await open();
    const { page, vendors, setup } = scene;
    const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN } = vendors.good;
    await setup.save("slack", { SLACK_BOT_TOKEN, SLACK_APP_TOKEN });
    vendors.slack.world.isInstalled = false;
    await page.getByRole("button", { name: "Set up", exact: true }).click();
    const slack = stepOf(page, "Slack");
    await slack.getByText("Does not work").waitFor();
    await slack.getByText("The app was removed from the workspace").waitFor();
    vendors.slack.world.isInstalled = true;
    await slack.getByRole("button", { name: "Replace" }).click();
    expect(await slack.getByLabel("Bot User OAuth Token").getAttribute("placeholder")).toContain("Leave this empty");
    await paste(slack.getByLabel("Bot User OAuth Token"), SLACK_BOT_TOKEN);
    await slack.getByRole("button", { name: "Check and save" }).click();
    await slack.getByText("Checked", { exact: true }).waitFor();
    expect(await slack.getByRole("button", { name: "Replace" }).getAttribute("aria-expanded")).toBe("false");
  });

  it("is not offered where it is not allowed, and says so to whoever goes there", async () => {
    const web = await openPage(browser, { bot: { engineName: "local" }, at: "/setup" });
    const dialog = web.page.getByRole("dialog");
    await dialog.getByText("and without WEB_TOKEN. In a terminal there, npm run setup does the same.").waitFor();
    await keepScreen(web.page, "setup-not-here");
    await dialog.getByRole("button", { name: "Close" }).click();
    expect(await web.page.getByRole("button", { name: "Set up" }).count()).toBe(0);
    await expect.poll(() => new URL(web.page.url()).pathname).toBe("/");
    expect(web.problems).toEqual([]);
  });
});

describe.for(["en-US", "ko-KR", "ja-JP"] as const)("set-up in %s", (locale) => {
  it.for([
    ["light", 1280],
    ["dark", 1280],
    ["light", 360],
    ["dark", 360],
  ] as const)("fits and can be read: %s, %i px", async ([colorScheme, width]) => {
    const scene = await open({ locale, colorScheme, viewport: { width, height: width === 360 ? 740 : 860 } });
    const { page, vendors, setup } = scene;
    const name = `setup-${locale.slice(0, 2)}-${colorScheme}-${width}`;
    await keepScreen(page, `${name}-offer`);
    await page.locator("#offer-setup").click();
    const dialog = page.getByRole("dialog");
    await dialog.locator(".setup-guide").first().waitFor();
    await paste(dialog.locator("#setup-OPENAI_API_KEY"), "sk-wrong-key-000");
    await dialog.locator(".setup-said.problem").waitFor();
    await keepScreen(page, name);
    expect(await findWeakContrast(page)).toEqual([]);
    await dialog.locator("[aria-controls=setup-form-slack]").click();
    await dialog.locator("#setup-form-slack .setup-save").scrollIntoViewIfNeeded();
    await keepScreen(page, `${name}-slack`);

    const { OPENAI_API_KEY, DISCORD_TOKEN } = vendors.good;
    await setup.save("openai", { OPENAI_API_KEY });
    await setup.save("discord", { DISCORD_TOKEN });
    await page.reload();
    await dialog.locator(".setup-state.connected").nth(1).waitFor();
    await keepScreen(page, `${name}-connected`);
    expect(await findWeakContrast(page)).toEqual([]);
    const widths = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      ...[...document.querySelectorAll("#setup-dialog .frame-scroller, #setup-dialog .frame-scroller *")].map(
        (element) => element.getBoundingClientRect().right,
      ),
    ]);
    expect(Math.max(...widths)).toBeLessThanOrEqual(width);
    expect(scene.problems).toEqual([]);
  });
});

/** Everything that the document holds, as text, attributes and values. */
async function shownText(page: Page): Promise<string> {
  return await page.evaluate(() => {
    const values = [...document.querySelectorAll("input")].map(({ value }) => value);
    return [document.documentElement.outerHTML, ...values, JSON.stringify({ ...localStorage })].join("\n");
  });
}
