import axe from "axe-core";
import type { Page } from "playwright-core";

/** What axe finds that a person with a disability would be stopped or held up by, with where it is. */
export async function findViolations(page: Page): Promise<readonly string[]> {
  // Through the browser's debugger: the page's own policy would not let a foreign script in.
  await page.evaluate(axe.source);
  // A panel that is still fading in has colours that nobody ever reads. What turns for as long as it waits is left alone.
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter(({ effect }) => effect?.getTiming().iterations !== Infinity);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
  return await page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as { readonly axe: typeof import("axe-core") };
    const { violations } = await checker.run(document, { resultTypes: ["violations"] });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, impact, nodes }) => nodes.map(({ target }) => `${impact} ${id}: ${target.join(" ")}`));
  });
}
