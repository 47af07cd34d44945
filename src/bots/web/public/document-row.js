// @ts-check
import { toFacts, toOrigin } from "./document-words.js";
import { h } from "./dom.js";
import { formatMoment, t } from "./i18n.js";
import { icon } from "./icons.js";

/**
 * @typedef {{ onOpen: (document: any) => void, onDelete: (document: any) => void, onToggle: (document: any) => void }} RowActions
 */

/**
 * One document of a list. It stays the same element while the document changes, so that the focus stays where it is.
 * @param {RowActions} actions
 */
export function createDocumentRow(actions) {
  /** @type {any} */
  let item = null;
  let hasFiles = false;
  const sign = h("span", { class: "document-icon" });
  const name = h("bdi", { class: "document-name" });
  const onOpen = () => (hasFiles ? actions.onToggle(item) : actions.onOpen(item));
  const open = h("button", { type: "button", class: "document-open", onclick: onOpen }, name);
  const facts = h("p", { class: "document-facts" });
  const origin = h("p", { class: "document-state" });
  const progress = h("progress", { class: "document-progress", "aria-label": t("document.reading") });
  const problem = h("p", { class: "document-problem" });
  const inner = h("ul", { class: "document-inner" });
  const count = h("span");
  const files = h(
    "button",
    { type: "button", class: "document-files", onclick: () => actions.onToggle(item) },
    icon("forward"),
    count,
  );
  const trash = h(
    "button",
    { type: "button", class: "icon-button small document-delete", onclick: () => actions.onDelete(item) },
    icon("trash"),
  );
  const body = h("div", { class: "document-body" }, open, facts, origin, progress, problem, files);
  const frame = h("div", { class: "document" }, sign, body, trash);
  const element = h("li", {}, frame, inner);

  return {
    element,
    inner,
    focus: () => trash.focus(),
    /** @param {any} next @param {string} shortName @param {{ files: any[], isOpen: boolean }} archive */
    update(next, shortName, archive) {
      item = next;
      hasFiles = archive.files.length > 0;
      frame.dataset.state = item.state;
      sign.replaceChildren(icon(toIcon(item)));
      // macOS writes a syllable as its parts, and many fonts then draw them side by side.
      name.textContent = shortName.normalize("NFC");
      // What never came here cannot be opened; its name stays where the eye looks for it.
      open.disabled = item.problem !== null && item.sizeBytes === null;
      open.title = item.name;
      open.setAttribute("aria-label", t("document.open", { name: item.name }));
      trash.title = t("document.delete", { name: item.name });
      trash.setAttribute("aria-label", trash.title);
      facts.replaceChildren(...toParts(toFacts(item)));
      facts.hidden = facts.childElementCount === 0;
      origin.replaceChildren(...toParts(toOrigin(item)));
      origin.title = formatMoment(item.createdAt);
      progress.hidden = item.state !== "reading";
      problem.textContent = item.problem?.message ?? "";
      problem.hidden = item.problem === null;
      showFiles(archive);
    },
  };

  /** @param {{ files: any[], isOpen: boolean }} archive */
  function showFiles({ files: held, isOpen }) {
    const ready = held.filter(({ state }) => state === "ready").length;
    const values = { files: held.length, ready };
    count.textContent = t(ready < held.length ? "document.files_ready" : "document.files", values);
    files.hidden = !hasFiles;
    files.setAttribute("aria-expanded", String(isOpen));
    inner.hidden = !hasFiles || !isOpen;
    inner.setAttribute("aria-label", t("document.files_of", { name: item.name }));
  }
}

/** @param {any} item */
function toIcon({ state, kind }) {
  if (state === "failed") return "warning";
  return kind === "archive" ? "archive" : "file";
}

/** Each fact stays in one line as long as it fits; the style hides the dot of one that begins a line. @param {string[]} parts */
function toParts(parts) {
  return parts.map((part, index) => h("span", {}, index === 0 ? null : h("span", { class: "dot" }, " · "), part));
}
