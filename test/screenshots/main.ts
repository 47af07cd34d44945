/** `npm run screenshots -- FOLDER [--language ko] [--show page]`: pictures of the whole program, to be looked at. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../bots/web/browser.ts";
import { showPage, showSetup, showSignIn, type Stage } from "./scenes.ts";
import { startFresh, startTeam, type Installation } from "./start-installation.ts";
import { STORIES, type Story } from "./stories.ts";

const SCREENS = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
} as const;

/** What of it the docs show, by the name that it has there. */
const IN_DOCS: Readonly<Record<string, string>> = {
  "answer-en-light-desktop": "page-light",
  "answer-en-dark-desktop": "page-dark",
  "answer-en-light-phone": "page-phone",
  "answer-ko-light-desktop": "page-korean",
  "viewer-en-light-desktop": "source",
  "setup-accepted-en-light-desktop": "setup",
  "setup-slack-accepted-en-light-desktop": "setup-slack",
  "usage-en-light-desktop": "usage",
  "knowledge-en-light-desktop": "knowledge",
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    language: { type: "string", multiple: true },
    show: { type: "string", default: "setup,page,sign-in" },
    "for-docs": { type: "boolean", default: false },
  },
});
const [folder] = positionals;
if (folder === undefined) {
  process.stderr.write(
    "npm run screenshots -- FOLDER [--language en|ko|ja] [--show setup,page,sign-in] [--for-docs]\n",
  );
  process.exit(2);
}
mkdirSync(folder, { recursive: true });

const browser = await launchBrowser();
const wanted = values.show.split(",");
for (const story of STORIES.filter(({ language }) => values.language?.includes(language) ?? true)) {
  if (wanted.includes("setup")) await show(browser, story, { start: () => startFresh(), scene: showSetup });
  if (wanted.includes("page")) await show(browser, story, { start: () => startTeam(story), scene: showPage });
  if (wanted.includes("sign-in")) {
    const start = (): Promise<Installation> => startFresh({ WEB_TOKEN: "a-long-token-of-the-team" });
    await show(browser, story, { start, scene: showSignIn });
  }
}
await browser.close();

/** Every theme on every screen, on one program. */
async function show(
  chromium: Browser,
  story: Story,
  { start, scene }: { start: () => Promise<Installation>; scene: (stage: Stage) => Promise<void> },
): Promise<void> {
  const installation = await start();
  const { language, locale, timezoneId } = story;
  for (const colorScheme of ["light", "dark"] as const) {
    for (const [screen, size] of Object.entries(SCREENS)) {
      installation.reset();
      const context = await chromium.newContext({ ...size, locale, timezoneId, colorScheme });
      const page = await context.newPage();
      const shot = async (name: string): Promise<void> => {
        const scenery = `${name}-${language}-${colorScheme}-${screen}`;
        const file = values["for-docs"] ? IN_DOCS[scenery] : scenery;
        if (file === undefined) return;
        await page.screenshot({ path: path.join(folder ?? ".", `${file}.png`), animations: "disabled" });
        process.stdout.write(`${file}\n`);
      };
      await scene({ page, installation, story, isPhone: screen === "phone", shot });
      await context.close();
    }
  }
  await installation.close();
}
