// @ts-check
import { h } from "./dom.js";
import { t } from "./i18n.js";

/**
 * Tells a screen reader what is new, without moving it.
 * @param {HTMLElement} region
 */
export function createAnnouncer(region) {
  return {
    /** @param {string} sentence */
    say(sentence) {
      region.append(h("p", {}, sentence));
      while (region.children.length > 5) region.firstElementChild?.remove();
    },
    /** @param {any} message */
    answer(message) {
      const plain = message.text
        .replace(/[*_`#>|]/g, "")
        .replace(/\s+/g, " ")
        .trim();
      this.say(t("message.answered", { text: plain.length > 400 ? `${plain.slice(0, 400)}…` : plain }));
    },
  };
}
