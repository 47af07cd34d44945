// @ts-check
import { en } from "./strings-en.js";
import { ko } from "./strings-ko.js";

/** The page's language; the server wrote it into the page. */
export const language = document.documentElement.lang === "ko" ? "ko" : "en";

/** @type {Record<string, string>} */
const strings = language === "ko" ? ko : en;
const plural = new Intl.PluralRules(language);
const number = new Intl.NumberFormat(language);
const time = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" });
const day = new Intl.DateTimeFormat(language, { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" });

/**
 * One of the page's sentences.
 * @param {keyof typeof en} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  return (strings[key] ?? en[key]).replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (_, name, one, other) => {
    const value = values[name] ?? "";
    if (one !== undefined) return plural.select(Number(value)) === "one" ? one : other;
    return typeof value === "number" ? number.format(value) : value;
  });
}

/** @param {number} at Milliseconds since the epoch. */
export function formatTime(at) {
  const date = new Date(at);
  return (date.toDateString() === new Date().toDateString() ? time : day).format(date);
}

/** @param {number} usd */
export function formatCost(usd) {
  return `$${usd.toLocaleString("en", { minimumFractionDigits: 2, maximumSignificantDigits: 2 })}`;
}

/** Fills the words of index.html: `data-t` is the text, `data-t-label` the accessible name and hint. */
export function translatePage() {
  for (const element of document.querySelectorAll("[data-t]")) {
    element.append(t(/** @type {any} */ (element.getAttribute("data-t"))));
  }
  for (const element of document.querySelectorAll("[data-t-label]")) {
    const label = t(/** @type {any} */ (element.getAttribute("data-t-label")));
    element.setAttribute("aria-label", label);
    if (element.tagName === "BUTTON" || element.tagName === "A") element.setAttribute("title", label);
  }
}
