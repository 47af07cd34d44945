const MAX_LENGTH = 240;
/** What operating systems and git put beside the files of people. */
const JUNK = /(?:^|\/)(?:__MACOSX\/.*|\.git\/.*|\.DS_Store|\._[^/]*|Thumbs\.db|desktop\.ini)$/i;

/**
 * The name that a file in an archive is shown by: its path without what would lead out of the archive, and short enough
 * to read. Null for what nobody put there on purpose.
 */
export function toInnerName(name: string): string | null {
  const path = name
    .normalize("NFC")
    .replaceAll("\\", "/")
    .replaceAll(/\p{C}+/gu, "")
    .split("/")
    .filter((part) => part !== "" && part !== "." && part !== ".." && !/^[a-z]:$/i.test(part))
    .join("/");
  if (path === "" || JUNK.test(path)) return null;
  if (path.length <= MAX_LENGTH) return path;
  // The end tells what it is.
  return `…${path.slice(1 - MAX_LENGTH)}`.toWellFormed();
}
