import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DocentError } from "../../../src/core/errors.ts";
import { createInstallation } from "../../set-up/installation.ts";
import { startVendors, type Vendors } from "../../set-up/vendors.ts";
import { launchBrowser } from "./browser.ts";
import { findViolations } from "./find-violations.ts";
import { openKnowledge } from "./knowledge-dialog.ts";
import { askOnPage, dropFiles, makeLoanPolicy, openPage, USAGE, type PageUnderTest } from "./page-under-test.ts";
import { sampleReport } from "./sample-report.ts";
import { addTeamDocuments } from "./team-documents.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const ANSWER = `Up to **14 days** [1], see the [policy](https://example.com/).

| Device | Days |
|---|---|
| Laptop | 14 |

\`\`\`
${"a very long line of code ".repeat(12)}
\`\`\`

- [x] read`;

/** A page that goes from state to state, and what axe found in those that were looked at. */
interface Walk extends PageUnderTest {
  readonly vendors: Vendors;
  readonly isPhone: boolean;
  readonly found: string[];
  readonly look: (state: string) => Promise<void>;
}

async function startWalk(isPhone: boolean): Promise<Walk> {
  const size = isPhone
    ? { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }
    : { viewport: { width: 1360, height: 860 } };
  const vendors = await startVendors({ discord: { hasMessageContent: false } });
  const { setup } = createInstallation(vendors.addresses);
  const web = await openPage(browser, {
    context: { ...size, reducedMotion: "reduce" },
    bot: { setup, engineName: "local" },
  });
  const found: string[] = [];
  const look = async (state: string): Promise<void> => {
    found.push(...(await findViolations(web.page)).map((violation) => `${state}, ${violation}`));
  };
  return { ...web, vendors, isPhone, found, look };
}

async function walkThroughSetup({ page, vendors, look }: Walk): Promise<void> {
  const { OPENAI_API_KEY, SLACK_BOT_TOKEN, SLACK_APP_TOKEN, DISCORD_TOKEN } = vendors.good;
  const field = (variable: string): Locator => page.locator(`#setup-${variable}`);
  const save = (service: string): Locator => page.locator(`#setup-form-${service} [type=submit]`);
  const state = (service: string): Locator =>
    page.locator(".setup-step", { has: page.locator(`#setup-${service}`) }).locator(".setup-state");
  await page.locator("#offer-setup").click();
  await save("openai").waitFor();
  await look("set-up");
  await field("OPENAI_API_KEY").fill("sk-wrong-key-000");
  await page.locator(".setup-said.problem").waitFor();
  await look("set-up, a key refused");
  await field("OPENAI_API_KEY").fill(OPENAI_API_KEY);
  await page.locator("#setup-form-openai .setup-said.good").first().waitFor();
  await look("set-up, a key accepted");
  await save("openai").click();
  await page.locator(".setup-restart p").waitFor();
  await look("set-up, a restart needed");
  await page.locator("[aria-controls=setup-form-slack]").click();
  await field("SLACK_BOT_TOKEN").fill(SLACK_BOT_TOKEN);
  await page.locator("#setup-form-slack .setup-said.good").first().waitFor();
  await save("slack").click();
  await page.locator("#setup-form-slack .setup-status.problem").waitFor();
  await look("set-up, half of Slack");
  await field("SLACK_APP_TOKEN").fill(SLACK_APP_TOKEN);
  await save("slack").click();
  await state("slack").getByText("Checked").waitFor();
  await page.locator("[aria-controls=setup-form-discord]").click();
  await field("DISCORD_TOKEN").fill(DISCORD_TOKEN);
  await page.locator("#setup-form-discord .setup-said.warning").waitFor();
  await look("set-up, Discord with a warning");
  await save("discord").click();
  await state("discord").getByText("Checked").waitFor();
  vendors.slack.world.isInstalled = false;
  await page.keyboard.press("Escape");
  await page.locator("#offer-setup").click();
  await page.locator(".setup-state.broken").waitFor();
  await look("set-up, Slack broken");
  await page.keyboard.press("Escape");
}

async function walkThroughConversation(walk: Walk): Promise<void> {
  const { page, docent, isPhone, look } = walk;
  await dropFiles(page, [await makeLoanPolicy(), { name: "empty.txt", type: "text/plain", bytes: Buffer.from(" ") }]);
  await look("files in the composer");
  const turn = await askOnPage(walk, "How long may a laptop be borrowed?");
  const [pdf, empty] = docent.documentsOf(turn);
  const documentId = pdf?.id ?? "";
  await docent.changeDocument(documentId, { state: "ready", pages: 3, tokens: 1240 });
  const problem = { code: "file_empty", details: { name: "empty.txt" } } as const;
  await docent.changeDocument(empty?.id ?? "", { state: "failed", problem });
  const place = { unit: "page", number: 2 } as const;
  const quote = "A laptop may be borrowed for up to 14 days.";
  await docent.answer(turn, {
    text: ANSWER,
    usage: USAGE,
    citations: [{ documentId, document: "loan-policy-2026.pdf", place, quote }],
  });
  await page.locator(".message.docent.answer").waitFor();
  await askOnPage(walk, "And a camera?");
  await look("an answer, and a question that is waited for");
  await page.locator(".source").click();
  await page.locator('.viewer[data-page="2"]').waitFor();
  await page.locator(".viewer mark").first().waitFor();
  await look("the viewer");
  await page.keyboard.press("Escape");
  await page.locator("#forget").click();
  await look("a channel to be forgotten");
  await page.keyboard.press("Escape");
  if (isPhone) await page.locator("#toggle-documents").tap();
  await look("the documents");
  await page.getByRole("button", { name: "Delete empty.txt" }).click();
  await look("a document to be deleted");
  await page.locator("#confirm-yes").click();
  await page.locator(".toast").waitFor();
  await look("a document deleted");
}

async function walkThroughKnowledge(walk: Walk): Promise<void> {
  const { page, look } = walk;
  const dialog = await openKnowledge(page);
  await look("no knowledge");
  await addTeamDocuments(walk);
  await dialog.getByRole("button", { name: "8 files, 7 ready" }).click();
  await look("knowledge");
  await dialog.getByRole("searchbox").fill("nothing");
  await dialog.locator(".none").waitFor();
  await look("knowledge, nothing found");
  await dialog.getByRole("searchbox").fill("policy-3");
  await dialog.getByRole("button", { name: "Open policies.zip/2026/policy-3.md" }).click();
  await page.locator(".viewer pre").waitFor();
  await look("the viewer of a text");
  await page.keyboard.press("Escape");
  await page.locator("#knowledge-close").click();
}

async function walkThroughUsage({ page, docent, look }: Walk): Promise<void> {
  docent.report = () => {
    throw new DocentError("busy", "Too busy.");
  };
  await page.locator("#open-usage").click();
  await page.locator("#usage-dialog .problem").waitFor();
  await look("usage, not loaded");
  docent.report = (days) => sampleReport(days);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator(".usage-section").first().waitFor();
  await look("usage");
  await page.keyboard.press("Escape");
}

describe.for([
  ["on a desktop", false],
  ["at 360 pixels", true],
] as const)("axe finds nothing serious in both themes, %s,", ([, isPhone]) => {
  it("from set-up to usage, in whatever opens", { timeout: 60_000 }, async () => {
    const walk = await startWalk(isPhone);
    const { page, look } = walk;
    await look("nothing set up");
    await walkThroughSetup(walk);
    await walkThroughConversation(walk);
    await walkThroughKnowledge(walk);
    if (isPhone) {
      await page.keyboard.press("Escape");
      await page.locator("#toggle-channels").tap();
      await look("the channels");
    }
    await page.locator("#add-channel").click();
    await look("a new channel");
    await page.locator("#new-channel [value=yes]").click();
    await page.locator("#new-channel-problem:not(:empty)").waitFor();
    await look("a new channel without a name");
    await page.locator("#new-channel [value=no]").click();
    await walkThroughUsage(walk);
    expect(walk.found).toEqual([]);
  });

  it("where one signs in, also after a wrong token", async () => {
    const context = isPhone ? { viewport: { width: 360, height: 740 } } : {};
    const { page } = await openPage(browser, { context, bot: { token: "a-long-token-of-the-team" } });
    const found = [...(await findViolations(page))];
    await page.getByLabel("Token").fill("wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").waitFor();
    found.push(...(await findViolations(page)));
    expect(found).toEqual([]);
  });
});

describe("the check itself", () => {
  it("finds what is wrong with a page, and with a dialog in the dark", async () => {
    const { page } = await openPage(browser);
    await page.evaluate(() => document.body.append(document.createElement("button")));
    expect(await findViolations(page)).toEqual([expect.stringMatching(/^light: critical button-name: /)]);
    await page.evaluate(() => {
      const dialog = document.createElement("dialog");
      dialog.append("Hardly to be read");
      dialog.style.cssText = "background: light-dark(#fff, #333); color: light-dark(#000, #444)";
      document.body.append(dialog);
      dialog.showModal();
    });
    expect(await findViolations(page)).toEqual([expect.stringMatching(/^dark: serious color-contrast: dialog/)]);
  });
});
