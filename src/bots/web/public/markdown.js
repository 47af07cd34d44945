import createDOMPurify from "../vendor/dompurify.js";
import { Marked } from "../vendor/marked.js";

const marked = new Marked({
  gfm: true,
  renderer: {
    // A picture from elsewhere would tell its server who reads what; its words are enough.
    image: ({ text, href }) => escapeHtml(text || href),
    // HTML is shown as it was written, but for the few marks that Markdown has no sign for.
    html: ({ text }) => escapeHtml(text).replace(/&#60;(\/?(?:br|kbd|mark|sub|sup))\s*\/?&#62;/gi, "<$1>"),
  },
});

const purify = createDOMPurify(window);

// A link leaves the page in a new tab that knows nothing of this one; other schemes than these do not get through.
purify.addHook("afterSanitizeAttributes", (node) => {
  if (!(node instanceof HTMLAnchorElement)) return;
  if (!/^(https?:|mailto:)/i.test(node.getAttribute("href") ?? "")) node.removeAttribute("href");
  node.target = "_blank";
  node.rel = "noopener noreferrer nofollow";
});

const ALLOWED_TAGS = (
  "a b blockquote br code del em h1 h2 h3 h4 h5 h6 hr i input kbd li mark ol p pre s strong sub sup " +
  "table tbody td th thead tr ul"
).split(" ");
const ALLOWED_ATTR = ["href", "title", "start", "align", "type", "checked", "disabled"];

/**
 * Markdown as elements. What the model writes is somebody's document in the end, so nothing of it is trusted.
 * @param {string} text
 * @returns {DocumentFragment}
 */
export function renderMarkdown(text) {
  const html = /** @type {string} */ (marked.parse(text, { async: false }));
  const fragment = purify.sanitize(html, {
    ALLOWED_TAGS,
    ALLOWED_ATTR,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
  tidy(fragment);
  return fragment;
}

/** Wide tables and code scroll by themselves, reachable by keyboard. @param {DocumentFragment} fragment */
function tidy(fragment) {
  for (const wide of fragment.querySelectorAll("table, pre")) {
    const scroller = document.createElement("div");
    scroller.className = "scroller";
    scroller.tabIndex = 0;
    wide.replaceWith(scroller);
    scroller.append(wide);
  }
  for (const input of fragment.querySelectorAll("input")) {
    // Only the boxes of task lists; any other field would be a form that asks for something.
    if (input.type !== "checkbox") input.remove();
    input.disabled = true;
    input.setAttribute("aria-label", input.closest("li")?.textContent?.trim() ?? "");
  }
}

/** @param {string} value */
function escapeHtml(value) {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
