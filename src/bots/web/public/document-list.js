// @ts-check
import { createDocumentRow } from "./document-row.js";
import { toShortName } from "./document-words.js";
import { h } from "./dom.js";

/** An archive with more files than this is closed until somebody opens it. */
const OPEN_FILES = 5;

/**
 * A list of documents, newest first, the files of an archive under it.
 * @param {{ list: HTMLElement, fallback: HTMLElement, onOpen: (document: any) => void,
 *   onDelete: (document: any) => void }} options `fallback` gets the focus when the row that had it was the last one
 */
export function createDocumentList({ list, fallback, onOpen, onDelete }) {
  /** @type {Map<string, ReturnType<typeof createDocumentRow>>} */
  const rows = new Map();
  /** Archives that were opened or closed by hand. @type {Map<string, boolean>} */
  const chosen = new Map();
  const empty = h("li", { class: "none" });
  /** @type {{ items: any[], query: string, none: string }} */
  let shown = { items: [], query: "", none: "" };

  return {
    /**
     * Shows those whose name holds `query`, and tells how many these are; `none` is said when there are none.
     * @param {any[]} items
     * @param {{ query?: string, none: string }} options
     */
    show(items, { query = "", none }) {
      shown = { items, query: query.trim(), none };
      return draw();
    },
  };

  function draw() {
    const { items, none } = shown;
    const byId = new Map(items.map((item) => [item.id, item]));
    const held = Map.groupBy(items, ({ containerId }) => (byId.has(containerId) ? containerId : null));
    const tops = (held.get(null) ?? []).toSorted((a, b) => b.createdAt - a.createdAt);
    const found = tops.map((item) => drawOne(item, held.get(item.id) ?? [])).filter((one) => one !== null);
    for (const id of rows.keys()) if (!byId.has(id)) rows.delete(id);
    empty.textContent = none;
    place(list, found.length === 0 ? [empty] : found.map(({ element }) => element));
    return found.reduce((sum, { count }) => sum + count, 0);
  }

  /** @param {any} item @param {any[]} files */
  function drawOne(item, files) {
    const isFound = isMatch(item.name);
    const hits = files.filter((file) => isMatch(toShortName(file, item)));
    if (!isFound && hits.length === 0) return null;
    const isSearched = shown.query !== "" && hits.length > 0;
    const isOpen = isSearched || (chosen.get(item.id) ?? files.length <= OPEN_FILES);
    const row = rowOf(item.id);
    row.update(item, item.name, { files, isOpen });
    const visible = isFound && !isSearched ? files : hits;
    const elements = visible.map((file) => {
      const own = rowOf(file.id);
      own.update(file, toShortName(file, item), { files: [], isOpen: false });
      return own.element;
    });
    place(row.inner, elements);
    return { element: row.element, count: files.length === 0 ? 1 : visible.length };
  }

  /** @param {string} id */
  function rowOf(id) {
    const known = rows.get(id);
    if (known !== undefined) return known;
    const row = createDocumentRow({ onOpen, onDelete, onToggle: toggle });
    rows.set(id, row);
    return row;
  }

  /** @param {any} archive */
  function toggle({ id }) {
    chosen.set(id, rows.get(id)?.inner.hidden === true);
    draw();
  }

  /** @param {string} name */
  function isMatch(name) {
    return toPlain(name).includes(toPlain(shown.query));
  }

  /**
   * Puts elements in order and moves only those that have to, because moving takes the focus away.
   * @param {HTMLElement} parent
   * @param {HTMLElement[]} elements
   */
  function place(parent, elements) {
    const wanted = new Set(elements);
    const gone = [...parent.children].filter((child) => !wanted.has(/** @type {HTMLElement} */ (child)));
    const lost = gone.find((child) => child.contains(document.activeElement));
    const index = lost === undefined ? -1 : [...parent.children].indexOf(lost);
    for (const child of gone) child.remove();
    for (const [position, element] of elements.entries()) {
      const there = parent.children[position] ?? null;
      if (there !== element) parent.insertBefore(element, there);
    }
    if (lost === undefined) return;
    const next = elements[Math.min(index, elements.length - 1)];
    const row = [...rows.values()].find(({ element }) => element === next);
    if (row === undefined) fallback.focus();
    else row.focus();
  }
}

/** The same for one name in any case, with its syllables whole or in parts. @param {string} text */
function toPlain(text) {
  return text.normalize("NFC").toLowerCase();
}
