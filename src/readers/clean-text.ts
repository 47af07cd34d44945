/**
 * Text as it is searched and quoted: composed letters (NFC), `\n` as the only line end, and no control characters
 * besides tab and line end.
 */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, "\n")
    .replace(/[\p{Cc}--[\t\n]]|\uFEFF/gv, "")
    .normalize("NFC");
}
