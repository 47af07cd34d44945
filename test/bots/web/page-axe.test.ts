import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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

async function withAnswer({ page, docent, ...web }: PageUnderTest): Promise<void> {
  await dropFiles(page, [await makeLoanPolicy(), { name: "empty.txt", type: "text/plain", bytes: Buffer.from(" ") }]);
  const turn = await askOnPage({ page, docent, ...web }, "How long may a laptop be borrowed?");
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
  // One that is still waited for.
  await askOnPage({ page, docent, ...web }, "And a camera?");
}

describe.for(["light", "dark"] as const)("axe finds nothing serious, %s,", (colorScheme) => {
  describe.for([
    ["on a desktop", { viewport: { width: 1360, height: 860 } }],
    ["at 360 pixels", { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }],
  ] as const)("%s", ([screen, size]) => {
    const context = { ...size, colorScheme };
    const isPhone = screen === "at 360 pixels";
    const showDocuments = async ({ page }: PageUnderTest): Promise<void> => {
      if (isPhone) await page.getByRole("button", { name: "Show or hide documents" }).tap();
    };

    it("on the page, empty and with an answer, its panels and its viewer", async () => {
      const found: string[] = [];
      const web = await openPage(browser, { context });
      const { page } = web;
      found.push(...(await findViolations(page)));
      await withAnswer(web);
      found.push(...(await findViolations(page)));
      await showDocuments(web);
      await page.getByRole("button", { name: "Delete loan-policy-2026.pdf" }).click();
      await page.locator("dialog[open]").waitFor();
      found.push(...(await findViolations(page)));
      await page.keyboard.press("Escape");
      if (isPhone) {
        await page.keyboard.press("Escape");
        await page.getByRole("button", { name: "Show channels" }).tap();
        found.push(...(await findViolations(page)));
        await page.keyboard.press("Escape");
      }
      await page.locator(".source").click();
      await page.locator('.viewer[data-page="2"]').waitFor();
      await page.locator(".viewer mark").first().waitFor();
      found.push(...(await findViolations(page)));
      expect(found).toEqual([]);
    });

    it("in the team's knowledge and in the viewer of a text", async () => {
      const found: string[] = [];
      const web = await openPage(browser, { context });
      await addTeamDocuments(web);
      await showDocuments(web);
      const dialog = await openKnowledge(web.page);
      found.push(...(await findViolations(web.page)));
      await dialog.getByRole("button", { name: "8 files, 7 ready" }).click();
      found.push(...(await findViolations(web.page)));
      await dialog.getByRole("button", { name: "Open policies.zip/2026/policy-3.md" }).click();
      await web.page.locator(".viewer pre").waitFor();
      found.push(...(await findViolations(web.page)));
      expect(found).toEqual([]);
    });

    it("in usage", async () => {
      const found: string[] = [];
      const web = await openPage(browser, { context });
      web.docent.report = (days) => sampleReport(days);
      if (isPhone) await web.page.getByRole("button", { name: "Show channels" }).tap();
      await web.page.getByRole("button", { name: "Usage", exact: true }).click();
      await web.page.locator(".usage-section").first().waitFor();
      found.push(...(await findViolations(web.page)));
      expect(found).toEqual([]);
    });

    it("where one signs in, also after a wrong token", async () => {
      const found: string[] = [];
      const { page } = await openPage(browser, { context, bot: { token: "a-long-token-of-the-team" } });
      found.push(...(await findViolations(page)));
      await page.getByLabel("Token").fill("wrong");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("alert").waitFor();
      found.push(...(await findViolations(page)));
      expect(found).toEqual([]);
    });
  });
});

describe("the check itself", () => {
  it("finds what is wrong with a page", async () => {
    const { page } = await openPage(browser);
    await page.evaluate(() => document.body.append(document.createElement("button")));
    expect(await findViolations(page)).toEqual([expect.stringMatching(/^critical button-name: /)]);
  });
});
