// @ts-check
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { isQuotedIn } from "./quoted.js";

/**
 * @typedef {{ unit: "page" | "line" | "slide" | "sheet" | "section", number: number, title?: string }} Place
 * @typedef {{ documentId: string, document: string, place: Place | null, quote: string | null }} Citation
 */

/** @param {Citation} citation */
export function toLabel({ document: name, place }) {
  return place === null ? name : t("place.in_document", { name, place: toPlaceLabel(place) });
}

/** @param {Place} place */
export function toPlaceLabel({ unit, number, title }) {
  const isNamed = title !== undefined && (unit === "sheet" || unit === "section");
  return isNamed ? t(`place.${unit}_named`, { title }) : t(`place.${unit}`, { number: String(number) });
}

/**
 * Turns the marks `[1]` of an answer into buttons. Code and links keep their text.
 * @param {DocumentFragment} fragment
 * @param {readonly Citation[]} citations
 * @param {(citation: Citation) => void} onOpen
 */
export function linkMarks(fragment, citations, onOpen) {
  const walker = document.createTreeWalker(fragment, NodeFilter.SHOW_TEXT);
  /** @type {Text[]} */
  const texts = [];
  while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode));
  for (const node of texts) {
    if (node.parentElement?.closest("code, pre, a")) continue;
    const parts = node.data.split(/\[(\d{1,3})\]/);
    if (parts.length === 1) continue;
    node.replaceWith(
      ...parts.map((part, index) => {
        const isMark = index % 2 === 1;
        const citation = citations[Number(isMark ? part : parts[index + 1]) - 1];
        if (isMark) return citation === undefined ? `[${part}]` : toMark(Number(part), citation, onOpen);
        // The mark belongs to its word: no space before it.
        return citation === undefined ? part : part.trimEnd();
      }),
    );
  }
}

/**
 * A line may be broken before a button, but not before the joiner: the mark never begins a line.
 * @param {number} number @param {Citation} citation @param {(citation: Citation) => void} onOpen
 */
function toMark(number, citation, onOpen) {
  const label = toLabel(citation);
  const button = h(
    "button",
    {
      type: "button",
      class: "cite",
      title: label,
      "aria-label": t("message.citation", { number: String(number), label }),
      onclick: () => onOpen(citation),
    },
    String(number),
  );
  return h("span", { class: "with-word" }, "\u2060", button);
}

/**
 * The numbered list of sources under an answer. What the answer quotes itself is not repeated.
 * @param {string} answer Markdown.
 * @param {readonly Citation[]} citations
 * @param {(citation: Citation) => void} onOpen
 */
export function toSourceList(answer, citations, onOpen) {
  if (citations.length === 0) return null;
  const items = citations.map((citation, index) =>
    h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: "source", onclick: () => onOpen(citation) },
        h("span", { class: "source-number", "aria-hidden": "true" }, String(index + 1)),
        h(
          "span",
          { class: "source-body" },
          h("span", { class: "source-name" }, toLabel(citation)),
          citation.quote && !isQuotedIn(answer, citation.quote)
            ? h("span", { class: "source-quote" }, citation.quote)
            : null,
        ),
      ),
    ),
  );
  return h("section", { class: "sources", "aria-label": t("message.sources") }, h("ol", {}, ...items));
}
