import type { Locator, Page } from "playwright-core";

/** Where files are dropped for the whole team. */
export const KNOWLEDGE_DROP = { place: "#knowledge-dialog", overlay: "#knowledge-drop" };

/** Opens the dialog from the panel, by the name of its entry. */
export async function openKnowledge(page: Page, name: string | RegExp = /^Team knowledge/): Promise<Locator> {
  await page.locator("#documents-panel").getByRole("button", { name }).click();
  const dialog = page.locator("#knowledge-dialog");
  await dialog.waitFor();
  return dialog;
}

/** The row of a document, by its whole name. */
export function rowOf(dialog: Locator, name: string): Locator {
  return dialog.locator(".document", { has: dialog.page().getByRole("button", { name: `Open ${name}`, exact: true }) });
}

/** What a screen reader calls the element that has the focus. */
export async function focused(page: Page): Promise<string> {
  return await page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute("aria-label") ?? element?.textContent?.trim() ?? "";
  });
}

/** Presses Tab until the element of this name has the focus. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let n = 0; n < 60; n++) {
    const label = await focused(page);
    if (typeof name === "string" ? label === name : name.test(label)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never came to ${name}`);
}
