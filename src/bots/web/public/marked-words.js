// @ts-check
import { h } from "./dom.js";
import { icon } from "./icons.js";

/**
 * A sentence in which `**…**` is what to click; the first of these carries the link.
 * @param {string} sentence
 * @param {string | null} [link]
 * @returns {(Node | string)[]}
 */
export function toMarkedWords(sentence, link = null) {
  const parts = sentence.split("**");
  return parts.map((part, index) => {
    if (index % 2 === 0) return part;
    return link !== null && index === 1 ? toLink(part, link) : h("strong", {}, part);
  });
}

/** @param {string} text @param {string} href @returns {HTMLAnchorElement} Opens beside the page. */
export function toLink(text, href) {
  return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, text, icon("open"));
}
