import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { onTestFinished, vi } from "vitest";
import type { WebBotOptions } from "../../../src/bots/web/web-bot-options.ts";
import { makePdf } from "../../fixtures/make-pdf.ts";
import { startWebBot, type WebBotUnderTest } from "./web-bot-under-test.ts";
import { startWebServer, type WebServer } from "./web-server.ts";

export interface PageUnderTest extends WebBotUnderTest {
  readonly page: Page;
  readonly server: WebServer;
  /** What the browser complained about: errors of scripts, of loading, of the security policy. */
  readonly problems: string[];
}

const SCREENS = path.join(tmpdir(), "docent-screens");

/** The page in a browser, over a true server, with scripted core behind it. Everything ends with the test. */
export async function openPage(
  browser: Browser,
  change: { bot?: Partial<WebBotOptions>; context?: BrowserContextOptions; at?: string } = {},
): Promise<PageUnderTest> {
  const web = await startWebBot(change.bot);
  web.docent.read = (attachment) => ({
    pages: attachment.name.endsWith(".pdf") ? LOAN_POLICY.map((text, index) => ({ number: index + 1, text })) : NOTES,
  });
  const server = await startWebServer(web.bot);
  const context = await browser.newContext({
    viewport: { width: 1360, height: 860 },
    locale: "en-US",
    ...change.context,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
  });
  onTestFinished(async () => {
    await context.close();
    await server.close().catch(() => undefined);
  });
  await page.goto(server.origin + (change.at ?? "/"));
  if (change.bot?.token === undefined) await page.waitForSelector("body[data-ready]");
  return { ...web, page, server, problems };
}

/** Keeps a picture for people to look at. */
export async function keepScreen(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENS, { recursive: true });
  await page.screenshot({ path: path.join(SCREENS, `${name}.png`), animations: "disabled" });
}

/** Drops files onto the page, or another place of it, as a person does from another window. */
export async function dropFiles(
  page: Page,
  files: readonly { name: string; type: string; bytes: Buffer }[],
  at: { readonly place: string; readonly overlay: string } = { place: "#main", overlay: "#drop" },
): Promise<void> {
  const data = await page.evaluateHandle(
    (list) => {
      const transfer = new DataTransfer();
      for (const { name, type, base64 } of list) {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        transfer.items.add(new File([bytes], name, { type }));
      }
      return transfer;
    },
    files.map(({ name, type, bytes }) => ({ name, type, base64: bytes.toString("base64") })),
  );
  await page.dispatchEvent(at.place, "dragenter", { dataTransfer: data });
  await page.locator(at.overlay).waitFor();
  await page.dispatchEvent(at.place, "drop", { dataTransfer: data });
}

/** Writes a question, sends it with Enter, and gives the id of its turn once the server has it. */
export async function askOnPage({ page, docent }: PageUnderTest, question: string): Promise<string> {
  const known = new Set(docent.turns.keys());
  const shown = await page.locator(".turn-status").count();
  await page.getByLabel("Your question").fill(question);
  await page.getByLabel("Your question").press("Enter");
  await page.locator(".turn-status").nth(shown).waitFor();
  // An optimistic page may show the turn's status before core has it.
  return await vi.waitUntil(() => [...docent.turns.keys()].find((id) => !known.has(id)), { timeout: 10_000 });
}

/** Three pages about lending laptops. */
export const LOAN_POLICY: readonly string[] = [
  "Equipment loan policy\n\n1. Scope\nThis policy covers every device that the library lends to members of staff, including laptops, cameras and measuring instruments.",
  "2. Loan period\nA laptop may be borrowed for up to 14 days. The loan can be extended once by another seven days unless somebody else has reserved the device. Late returns are reported to the head of the department.\n\n3. Damage\nThe borrower reports damage within one working day. Repairs up to 150 euros are paid by the library.",
  "4. Contact\nThe service desk in room 2.14 answers questions about this policy.",
];

const NOTES = [
  { number: 1, text: "Wi-Fi notes\nThe guest network needs no password." },
  { number: 40, text: "The access point is in the second room on the left.\nIt must be restarted monthly." },
];

export async function makeLoanPolicy(): Promise<{ name: string; type: string; bytes: Buffer }> {
  return { name: "loan-policy-2026.pdf", type: "application/pdf", bytes: await makePdf(LOAN_POLICY) };
}

export const USAGE = {
  model: "m",
  inputTokens: 4120,
  cachedInputTokens: 0,
  outputTokens: 212,
  searches: 0,
  costUsd: 0.0031,
};
