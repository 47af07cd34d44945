// @ts-check

/** What is written differently in a quote and on its page: spaces, hyphens at the end of lines, quotation marks. */
const IGNORED = /[\s\u00AD\-‐‑‒–—'"“”‘’«»…*_`|#]/u;

/** Shorter matches than this mark the wrong place more often than the right one. */
const MIN_MATCH = 12;

/**
 * Finds a quote in pieces of text (the runs of a PDF page, or one text), whatever differs in spaces, hyphens, case and
 * ligatures. What is not there as a whole is found by its longest part.
 * @param {readonly string[]} pieces
 * @param {string | null} quote
 * @returns {{ piece: number, from: number, to: number }[]} UTF-16 ranges, at most one for each piece and match.
 */
export function findQuote(pieces, quote) {
  if (!quote) return [];
  const page = fold(pieces);
  const parts = quote.split(/…|\.{3}|\[\.\.\.\]/u).map((part) => fold([part]).text);
  return parts
    .filter((part) => part.length > 0)
    .flatMap((part) => {
      const at = page.text.indexOf(part);
      if (at >= 0) return toRanges(page.places, at, at + part.length);
      const found = longestCommonPart(page.text, part);
      const isEnough = found.length >= MIN_MATCH && found.length >= part.length * 0.4;
      return isEnough ? toRanges(page.places, found.at, found.at + found.length) : [];
    });
}

/**
 * Text without what is ignored, and for each of its characters where it came from.
 * @param {readonly string[]} pieces
 */
function fold(pieces) {
  let text = "";
  /** @type {{ piece: number, from: number, to: number }[]} */
  const places = [];
  pieces.forEach((content, piece) => {
    let from = 0;
    for (const character of content) {
      const to = from + character.length;
      // NFKC opens ligatures and wide letters: one character may become several.
      for (const folded of character.normalize("NFKC").toLowerCase()) {
        if (IGNORED.test(folded)) continue;
        text += folded;
        for (let unit = 0; unit < folded.length; unit += 1) places.push({ piece, from, to });
      }
      from = to;
    }
  });
  return { text, places };
}

/**
 * @param {{ piece: number, from: number, to: number }[]} places
 * @param {number} start
 * @param {number} end
 */
function toRanges(places, start, end) {
  /** @type {{ piece: number, from: number, to: number }[]} */
  const ranges = [];
  for (const place of places.slice(start, end)) {
    const last = ranges.at(-1);
    if (last?.piece === place.piece) last.to = place.to;
    else ranges.push({ ...place });
  }
  return ranges;
}

/** @param {string} text @param {string} wanted */
function longestCommonPart(text, wanted) {
  let best = { at: 0, length: 0 };
  let previous = new Uint16Array(wanted.length + 1);
  for (let i = 0; i < text.length; i += 1) {
    const current = new Uint16Array(wanted.length + 1);
    for (let j = 0; j < wanted.length; j += 1) {
      if (text[i] !== wanted[j]) continue;
      const length = (previous[j] ?? 0) + 1;
      current[j + 1] = length;
      if (length > best.length) best = { at: i - length + 1, length };
    }
    previous = current;
  }
  return best;
}

/**
 * Puts `<mark>` around ranges of an element that holds nothing but text.
 * @param {Element} element
 * @param {string} text
 * @param {{ from: number, to: number }[]} ranges In order, without overlap.
 */
export function mark(element, text, ranges) {
  const nodes = [];
  let at = 0;
  for (const { from, to } of ranges) {
    if (from < at) continue;
    const marked = document.createElement("mark");
    marked.textContent = text.slice(from, to);
    nodes.push(text.slice(at, from), marked);
    at = to;
  }
  element.replaceChildren(...nodes, text.slice(at));
}
