/** What comes along when a value is copied out of a file, a chat or a page: blanks, also invisible ones, and quotation marks. */
const AROUND = /^[\s\u200B\uFEFF"'`“”„‘’‚«»「」]+|[\s\u200B\uFEFF"'`“”„‘’‚«»「」]+$/g;

/** A pasted key or token without what stands around it; no vendor's begins or ends with any of that. */
export function cleanValue(pasted: string): string {
  return pasted.replace(AROUND, "");
}
