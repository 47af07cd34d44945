// @ts-check
import { fillText, formatAmount } from "./fill-text.js";

/** @typedef {import("../../../core/texts/page-texts.ts").PageTextKey} Key */

/** The page's language; the server wrote it into the page, and the words in it. */
export const language = document.documentElement.lang;

/** @type {Readonly<Record<Key, string>>} */
const texts = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("texts")).textContent ?? "");
const number = new Intl.NumberFormat(language);
const time = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" });
const day = new Intl.DateTimeFormat(language, { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" });
const dayOfYear = new Intl.DateTimeFormat(language, { month: "short", day: "numeric" });
const dayOfAnyYear = new Intl.DateTimeFormat(language, { dateStyle: "medium" });
const calendarDay = new Intl.DateTimeFormat(language, { month: "short", day: "numeric", timeZone: "UTC" });
const moment = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" });

/** From where on a unit is used, which is also what it holds. @type {[string, number][]} */
const UNITS = [
  ["gigabyte", 1e9],
  ["megabyte", 1e6],
  ["kilobyte", 1e3],
];

/**
 * One of the page's sentences.
 * @param {Key} key
 * @param {Record<string, string | number>} [values]
 */
export const t = (key, values = {}) => fillText(texts[key], values, language);

/** @param {number} at Milliseconds since the epoch. */
export function formatTime(at) {
  const date = new Date(at);
  return (date.toDateString() === new Date().toDateString() ? time : day).format(date);
}

/** The day alone, but the time when it is today. @param {number} at Milliseconds since the epoch. */
export function formatDay(at) {
  const date = new Date(at);
  const now = new Date();
  if (date.toDateString() === now.toDateString()) return time.format(date);
  return (date.getFullYear() === now.getFullYear() ? dayOfYear : dayOfAnyYear).format(date);
}

/** @param {number} at Milliseconds since the epoch. */
export const formatMoment = (at) => moment.format(new Date(at));

/** A calendar day such as `2026-11-26`, whatever the zone it was counted in. @param {string} of */
export const formatCalendarDay = (of) => calendarDay.format(new Date(`${of}T00:00:00Z`));

/** @param {number} value */
export const formatCount = (value) => number.format(value);

/** Decimal units, as in prices per GB. @param {number} bytes */
export function formatBytes(bytes) {
  const [unit, size] = UNITS.find(([, least]) => bytes >= least) ?? ["kilobyte", 1e3];
  // A file of a few bytes is not nothing.
  const value = bytes === 0 ? 0 : Math.max(0.1, bytes / size);
  const maximumFractionDigits = value < 100 ? 1 : 0;
  return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits }).format(value);
}

/** @param {number} usd */
export const formatCost = (usd) => formatAmount(usd, "usd", language);

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
