import type { Page } from "playwright-core";

/** Texts on the page whose contrast is below 4.5 to 1, what WCAG asks of text of this size. */
export async function findWeakContrast(page: Page): Promise<readonly string[]> {
  return await page.evaluate(() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const rgb = (color: string): number[] => {
      if (canvas === null) return [];
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const luminance = (color: number[]): number => {
      const [r = 0, g = 0, b = 0] = color.map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const backdrop = (element: Element | null): number[] => {
      if (element === null) return [255, 255, 255, 255];
      const color = rgb(getComputedStyle(element).backgroundColor);
      return color[3] === 255 ? color : backdrop(element.parentElement);
    };
    return [...document.querySelectorAll<HTMLElement>("body *")].flatMap((element) => {
      const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim() !== "");
      if (!hasText || !element.checkVisibility() || element.closest(".words, .hidden, .skip, :disabled")) return [];
      const [a, b] = [luminance(rgb(getComputedStyle(element).color)), luminance(backdrop(element))];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      return ratio < 4.5 ? [`${ratio.toFixed(2)} ${element.className} ${element.textContent?.slice(0, 30)}`] : [];
    });
  });
}
