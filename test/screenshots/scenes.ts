import type { Locator, Page } from "playwright-core";
import type { Installation } from "./start-installation.ts";
import type { Story } from "./stories.ts";

export interface Stage {
  readonly page: Page;
  readonly installation: Installation;
  readonly story: Story;
  readonly isPhone: boolean;
  /** Keeps a picture. */
  readonly shot: (name: string) => Promise<void>;
}

/** Nothing is set up yet: the page offers it, and set-up with a token refused, one accepted, and after saving. */
export async function showSetup({ page, installation, shot }: Stage): Promise<void> {
  const { program, vendors } = installation;
  await page.goto(program.url);
  await page.waitForSelector("body[data-ready]");
  await shot("empty-local");
  await page.locator("#offer-setup").click();
  const form = (service: string): Locator => page.locator(`#setup-form-${service}`);
  await form("openai").waitFor();
  await shot("setup");
  await paste(form("openai").locator("input").first(), "sk-wrong-key-000");
  await form("openai").locator(".setup-said.problem").waitFor();
  await shot("setup-refused");
  await form("openai").locator("input").first().fill("");
  await paste(form("openai").locator("input").first(), vendors.good.OPENAI_API_KEY);
  await form("openai").locator(".setup-said.good").first().waitFor();
  await shot("setup-accepted");
  await form("openai").locator("[type=submit]").click();
  await page.locator(".setup-state.connected").waitFor();
  await page.locator("[aria-controls=setup-form-slack]").click();
  await shot("setup-slack");
  await paste(form("slack").locator("input").first(), vendors.good.SLACK_BOT_TOKEN);
  await form("slack").locator(".setup-said.good").first().waitFor();
  await form("slack").locator(".setup-save").scrollIntoViewIfNeeded();
  await shot("setup-slack-accepted");
  await page.locator("[aria-controls=setup-form-slack]").click();
  await page.locator("[aria-controls=setup-form-discord]").click();
  await paste(form("discord").locator("input").first(), vendors.good.DISCORD_TOKEN);
  await form("discord").locator(".setup-said").first().waitFor();
  await form("discord").locator(".setup-save").scrollIntoViewIfNeeded();
  await shot("setup-discord");
  await form("discord").locator("[type=submit]").click();
  await page.locator(".setup-state.connected").nth(1).waitFor();
  await shot("setup-saved");
}

/** The page of a team, and what opens over it. */
export async function showPage(stage: Stage): Promise<void> {
  const { page, installation, story, isPhone, shot } = stage;
  const { url } = installation.program;
  await page.goto(`${url}/?channel=new`);
  await page.waitForSelector("body[data-ready]");
  const press = (button: Locator): Promise<void> => (isPhone ? button.tap() : button.click());
  await shot("empty");
  await page.goto(`${url}/?channel=${encodeURIComponent(story.channel)}`);
  await page.locator(".source").first().waitFor();
  await shot("answer");
  await page.locator(".source").first().click();
  await page.locator(".viewer mark").first().waitFor();
  await shot("viewer");
  await page.keyboard.press("Escape");
  if (isPhone) {
    await page.locator("#toggle-channels").tap();
    await shot("drawer-channels");
    await page.keyboard.press("Escape");
    await page.locator("#toggle-documents").tap();
    await shot("drawer-documents");
  }
  await press(page.locator("#open-knowledge"));
  await page.locator("#knowledge .document").first().waitFor();
  await shot("knowledge");
  await press(page.locator("#knowledge-close"));
  if (isPhone) await page.keyboard.press("Escape");
  await press(page.locator("#forget"));
  await shot("forget");
  await page.keyboard.press("Escape");
  if (isPhone) await page.locator("#toggle-channels").tap();
  await press(page.locator("#add-channel"));
  await page.keyboard.press("Enter");
  await shot("new-channel");
  await page.keyboard.press("Escape");
  await press(page.locator("#open-usage"));
  await page.locator(".usage-section").first().waitFor();
  await shot("usage");
  await page.locator(".usage-scroller").evaluate((scroller) => scroller.scrollTo(0, 520));
  await shot("usage-below");
  await page.keyboard.press("Escape");
  await page.goto(`${url}/setup`);
  await page.locator(".setup-state.connected").nth(2).waitFor();
  await shot("setup-connected");
}

/** Where one signs in, and after a wrong token. */
export async function showSignIn({ page, installation, shot }: Stage): Promise<void> {
  await page.goto(installation.program.url);
  await shot("sign-in");
  await page.locator("#token").fill("wrong");
  await page.locator("[type=submit]").click();
  await page.locator(".sign-in-error").waitFor();
  await shot("sign-in-refused");
}

/** As people do: typed text would be checked as it grows. */
async function paste(field: Locator, text: string): Promise<void> {
  await field.focus();
  await field.page().keyboard.insertText(text);
}
