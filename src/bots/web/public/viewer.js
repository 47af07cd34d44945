// @ts-check
import { ApiError } from "./api.js";
import { byId } from "./dom.js";
import { t } from "./i18n.js";

/**
 * @typedef {import("./citations.js").Citation} Target
 * @typedef {{ pages: number | null, current: number, canZoom: boolean, canGoBack: boolean, canGoOn: boolean,
 *   place: string | null, isMarked: boolean, go: (page: number) => Promise<void>, previous: () => Promise<void>,
 *   next: () => Promise<void>, zoom: (factor: number | null) => Promise<void>, close: () => void }} Sheet
 *   One open document. The getters tell the state after the last step.
 */

/**
 * The dialog that shows a source where it was found. What a document is decides which sheet shows it; sheets load when
 * the first one is needed, because pdf.js is larger than the page itself.
 * @param {{ kindOf: (documentId: string) => string | null }} options
 */
export function createViewer({ kindOf }) {
  const dialog = byId("viewer");
  const stage = byId("viewer-stage");
  const status = byId("viewer-status");
  const number = byId("viewer-number");
  /** @type {Sheet | null} */
  let sheet = null;
  /** Counts openings: what an earlier one still loads must not appear in a later one. */
  let opening = 0;

  byId("viewer-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    // It is told in the next frame, when another document may be open already.
    if (!dialog.open) close();
  });
  dialog.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    if (event.target === dialog) dialog.close();
  });
  byId("viewer-previous").addEventListener("click", () => step((open) => open.previous()));
  byId("viewer-next").addEventListener("click", () => step((open) => open.next()));
  byId("viewer-in").addEventListener("click", () => step((open) => open.zoom(1.25)));
  byId("viewer-out").addEventListener("click", () => step((open) => open.zoom(0.8)));
  byId("viewer-fit").addEventListener("click", () => step((open) => open.zoom(null)));
  number.addEventListener("change", () => step((open) => open.go(Number(number.value))));
  dialog.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.target === number || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "PageDown" || event.key === "n") void step((open) => open.next());
    else if (event.key === "PageUp" || event.key === "p") void step((open) => open.previous());
    else return;
    event.preventDefault();
  });

  return { open: openAt };

  /** @param {Target} target */
  async function openAt(target) {
    close();
    const own = opening;
    byId("viewer-title").textContent = target.document;
    byId("viewer-quote").textContent = target.quote ?? "";
    byId("viewer-quotation").hidden = !target.quote;
    const content = `/api/documents/${encodeURIComponent(target.documentId)}/content`;
    const page = target.place?.unit === "page" ? target.place.number : null;
    byId("viewer-original").href = page === null ? content : `${content}#page=${page}`;
    say(t("viewer.loading"));
    showControls();
    if (!dialog.open) dialog.showModal();
    try {
      const opened = await load(target, content);
      if (own !== opening) return opened.close();
      sheet = opened;
      settle(target.quote !== null);
    } catch (error) {
      if (own === opening) say(t("viewer.failed", { reason: toReason(error) }));
    }
  }

  /** @param {Target} target @param {string} content @returns {Promise<Sheet>} */
  async function load(target, content) {
    const known = kindOf(target.documentId);
    // Before it was read, nobody knows what it is; pdf.js finds out by itself, the others need what reading found.
    const isPaged = (target.place?.unit ?? "page") === "page";
    if (known === "archive" || (known === null && isPaged && !/\.pdf$/i.test(target.document))) {
      throw new ApiError(404, "not_found", t(known === null ? "viewer.unread" : "viewer.archive"));
    }
    const kind = known ?? (isPaged ? "pdf" : "text");
    if (kind === "pdf" || kind === "scan") return (await import("./viewer-pdf.js")).openPdf(stage, target, content);
    if (kind === "image") return (await import("./viewer-text.js")).openImage(stage, target, content);
    return (await import("./viewer-text.js")).openText(stage, target);
  }

  /** @param {(open: Sheet) => Promise<void>} action */
  async function step(action) {
    const open = sheet;
    if (open === null) return;
    try {
      await action(open);
      if (open === sheet) settle(false);
    } catch (error) {
      if (open === sheet) say(t("viewer.failed", { reason: toReason(error) }));
    }
  }

  /** @param {boolean} expectsMark */
  function settle(expectsMark) {
    say(expectsMark && sheet !== null && !sheet.isMarked ? t("viewer.not_found") : "");
    showControls();
  }

  function showControls() {
    const pages = sheet?.pages ?? null;
    byId("viewer-paging").hidden = sheet !== null && pages === null && !sheet.canGoBack && !sheet.canGoOn;
    byId("viewer-zooming").hidden = sheet === null || !sheet.canZoom;
    byId("viewer-page").hidden = pages === null;
    byId("viewer-place").textContent = sheet?.place ?? "";
    number.value = String(sheet?.current ?? "");
    number.max = String(pages ?? "");
    byId("viewer-of").textContent = pages === null ? "" : t("viewer.of", { pages });
    byId("viewer-previous").disabled = !(sheet?.canGoBack ?? false);
    byId("viewer-next").disabled = !(sheet?.canGoOn ?? false);
    dialog.dataset.page = String(sheet?.current ?? "");
  }

  /** @param {string} sentence */
  function say(sentence) {
    status.textContent = sentence;
    status.hidden = sentence === "";
  }

  function close() {
    opening += 1;
    sheet?.close();
    sheet = null;
    stage.replaceChildren();
  }
}

/** @param {unknown} error */
function toReason(error) {
  return error instanceof ApiError ? error.message.replace(/\.$/, "") : t("viewer.damaged");
}
