import * as pdfjs from "../vendor/pdfjs/pdf.min.mjs";
import { h } from "./dom.js";
import { findQuote, mark } from "./highlight.js";

const DATA = "/vendor/pdfjs";
pdfjs.GlobalWorkerOptions.workerSrc = `${DATA}/pdf.worker.min.mjs`;

/** A canvas larger than this fails silently on phones. */
const MAX_CANVAS_PIXELS = 16_000_000;

/**
 * Opens a PDF at the cited page, with the quote marked in the text that lies over the picture.
 * @param {HTMLElement} stage
 * @param {import("./viewer.js").Target} target
 * @param {string} url
 * @returns {Promise<import("./viewer.js").Sheet>}
 */
export async function openPdf(stage, target, url) {
  const loading = pdfjs.getDocument({
    url,
    cMapUrl: `${DATA}/cmaps/`,
    standardFontDataUrl: `${DATA}/standard_fonts/`,
    wasmUrl: `${DATA}/wasm/`,
    iccUrl: `${DATA}/iccs/`,
    // Only the ranges that the page needs: a citation in a book of 500 MB opens at once.
    disableAutoFetch: true,
    disableStream: true,
    // A font that this machine lacks is no matter for the console.
    verbosity: pdfjs.VerbosityLevel.ERRORS,
  });
  const pdf = await loading.promise;
  const paper = h("div", { class: "paper" });
  stage.replaceChildren(paper);
  let current = clamp(target.place?.number ?? 1);
  /** Null fits the page to the width. @type {number | null} */
  let scale = null;
  let isMarked = false;
  /** @type {{ cancel: () => void } | null} */
  let drawing = null;
  await draw();

  let width = stage.clientWidth;
  const observer = new ResizeObserver(() => {
    if (scale !== null || stage.clientWidth === width) return;
    width = stage.clientWidth;
    void draw();
  });
  observer.observe(stage);

  return {
    pages: pdf.numPages,
    canZoom: true,
    place: null,
    get current() {
      return current;
    },
    get canGoBack() {
      return current > 1;
    },
    get canGoOn() {
      return current < pdf.numPages;
    },
    get isMarked() {
      return isMarked;
    },
    go: (page) => turnTo(page),
    previous: () => turnTo(current - 1),
    next: () => turnTo(current + 1),
    async zoom(factor) {
      const page = await pdf.getPage(current);
      scale = factor === null ? null : Math.min(5, Math.max(0.25, (scale ?? fitting(page)) * factor));
      await draw();
    },
    close() {
      observer.disconnect();
      drawing?.cancel();
      void loading.destroy();
    },
  };

  /** @param {number} page */
  async function turnTo(page) {
    current = clamp(page);
    await draw();
    stage.scrollTop = 0;
  }

  async function draw() {
    drawing?.cancel();
    const number = current;
    const page = await pdf.getPage(number);
    const viewport = page.getViewport({ scale: scale ?? fitting(page) });
    const density = Math.min(
      window.devicePixelRatio || 1,
      Math.sqrt(MAX_CANVAS_PIXELS / (viewport.width * viewport.height)),
    );
    const canvas = h("canvas", { "aria-hidden": "true" });
    canvas.width = Math.floor(viewport.width * density);
    canvas.height = Math.floor(viewport.height * density);
    const task = page.render({
      canvas,
      viewport,
      transform: density === 1 ? undefined : [density, 0, 0, density, 0, 0],
    });
    drawing = task;
    const words = h("div", { class: "words" });
    const layer = new pdfjs.TextLayer({ textContentSource: page.streamTextContent(), container: words, viewport });
    try {
      await Promise.all([task.promise, layer.render()]);
    } catch (error) {
      if (error instanceof pdfjs.RenderingCancelledException) return;
      throw error;
    }
    if (number !== current) return;
    // The scale of the layer's own sizes; style properties set by script are not what a style policy forbids.
    paper.style.setProperty("--total-scale-factor", String(viewport.scale));
    paper.style.width = `${viewport.width}px`;
    paper.style.height = `${viewport.height}px`;
    const isCited = target.page === null || number === target.page;
    isMarked = isCited && markQuote(layer);
    paper.replaceChildren(canvas, words);
    words.querySelector("mark")?.scrollIntoView({ block: "center", inline: "nearest" });
  }

  /** @param {any} layer @returns {boolean} */
  function markQuote(layer) {
    const texts = layer.textContentItemsStr;
    const ranges = findQuote(texts, target.quote);
    for (const piece of new Set(ranges.map((range) => range.piece))) {
      const own = ranges.filter((range) => range.piece === piece).toSorted((a, b) => a.from - b.from);
      const element = layer.textDivs[piece];
      if (element !== undefined) mark(element, texts[piece], own);
    }
    return ranges.length > 0;
  }

  /** @param {any} page @returns {number} The scale at which a page is as wide as the stage. */
  function fitting(page) {
    const style = getComputedStyle(stage);
    const room = stage.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return Math.max(0.1, room / page.getViewport({ scale: 1 }).width);
  }

  /** @param {number} page */
  function clamp(page) {
    return Math.min(pdf.numPages, Math.max(1, Math.round(page) || 1));
  }
}
