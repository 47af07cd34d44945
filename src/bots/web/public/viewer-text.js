// @ts-check
import { get } from "./api.js";
import { toPlaceLabel } from "./citations.js";
import { h } from "./dom.js";
import { findQuote, mark } from "./highlight.js";
import { t } from "./i18n.js";

/**
 * Opens the piece of a document that holds the cited line, slide, sheet or section as text, with the quote marked.
 * @param {HTMLElement} stage
 * @param {import("./viewer.js").Target} target
 * @returns {Promise<import("./viewer.js").Sheet>}
 */
export async function openText(stage, target) {
  const text = h("pre", { class: "text-sheet", tabindex: "0" });
  let isMarked = false;
  let piece = await load(target.place?.number ?? 1);
  stage.replaceChildren(text);
  text.querySelector("mark")?.scrollIntoView({ block: "center" });

  return {
    pages: null,
    canZoom: false,
    get current() {
      return piece.number;
    },
    get place() {
      return piece.unit === "line" ? t("viewer.line", { line: piece.number }) : toPlaceLabel(piece);
    },
    get canGoBack() {
      return piece.previous !== null;
    },
    get canGoOn() {
      return piece.next !== null;
    },
    get isMarked() {
      return isMarked;
    },
    go: (line) => turnTo(line),
    previous: () => turnTo(piece.previous),
    next: () => turnTo(piece.next),
    zoom: async () => undefined,
    close: () => undefined,
  };

  /** @param {number | null} line */
  async function turnTo(line) {
    if (line === null) return;
    piece = await load(line);
    stage.scrollTop = 0;
  }

  /** @param {number} line */
  async function load(line) {
    const loaded = await get(`/api/documents/${encodeURIComponent(target.documentId)}/pages/${line}`);
    const ranges = findQuote([loaded.text], target.quote).toSorted((a, b) => a.from - b.from);
    isMarked = ranges.length > 0;
    mark(text, loaded.text, ranges);
    return loaded;
  }
}

/**
 * Shows a picture.
 * @param {HTMLElement} stage
 * @param {import("./viewer.js").Target} target
 * @param {string} url
 * @returns {Promise<import("./viewer.js").Sheet>}
 */
export async function openImage(stage, target, url) {
  const picture = h("img", { class: "picture", alt: target.document, src: url });
  stage.replaceChildren(picture);
  await picture.decode();
  const stay = async () => undefined;
  return {
    pages: null,
    current: 1,
    canZoom: false,
    place: null,
    canGoBack: false,
    canGoOn: false,
    isMarked: false,
    go: stay,
    previous: stay,
    next: stay,
    zoom: stay,
    close: () => undefined,
  };
}
