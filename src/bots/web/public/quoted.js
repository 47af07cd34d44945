// @ts-check

/**
 * Whether an answer shows a quote word by word, whatever stands between its letters.
 * @param {string} answer Markdown.
 * @param {string} quote May be cut, with an ellipsis at its end.
 */
export function isQuotedIn(answer, quote) {
  const wanted = toLetters(quote);
  return wanted !== "" && toLetters(answer).includes(wanted);
}

/** @param {string} text */
function toLetters(text) {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
}
