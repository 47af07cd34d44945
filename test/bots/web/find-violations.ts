import axe from "axe-core";
import type { Page } from "playwright-core";

/**
 * What axe finds that a person with a disability would be stopped or held up by, with where it is: in what is in front,
 * an open dialog or else the page, in both themes. Between the themes only colours change, so that the second one is
 * looked at for contrast alone.
 */
export async function findViolations(page: Page): Promise<readonly string[]> {
  // Through the browser's debugger: the page's own policy would not let a foreign script in.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source);
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const inTheme = await page.evaluate(run, colorScheme === "light" ? null : ["color-contrast"]);
    found.push(...inTheme.map((violation) => `${colorScheme}: ${violation}`));
  }
  return found;
}

/** Runs in the page. */
async function run(rules: string[] | null): Promise<string[]> {
  // A panel that is still fading in has colours that nobody ever reads. What turns for as long as it waits is left alone.
  const ending = document.getAnimations().filter(({ effect }) => effect?.getTiming().iterations !== Infinity);
  await Promise.allSettled(ending.map(({ finished }) => finished));
  const { axe: checker } = globalThis as unknown as { readonly axe: typeof import("axe-core") };
  const front = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
  const { violations } = await checker.run(front, {
    resultTypes: ["violations"],
    ...(rules === null ? {} : { runOnly: { type: "rule", values: rules } }),
  });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, impact, nodes }) => nodes.map(({ target }) => `${impact} ${id}: ${target.join(" ")}`));
}
