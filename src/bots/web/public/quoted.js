// @ts-check

/**
 * Whether an answer shows a quote as a quote, word by word, whatever stands between its letters. A sentence of the model
 * that happens to have the same words does not show where they come from.
 * @param {string} answer Markdown.
 * @param {string} quote May be cut, with an ellipsis at its end.
 */
export function isQuotedIn(answer, quote) {
  const wanted = toLetters(quote);
  const shown = answer.split("\n").filter((line) => line.startsWith(">"));
  return wanted !== "" && toLetters(shown.join("\n")).includes(wanted);
}

/** @param {string} text */
function toLetters(text) {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
}
