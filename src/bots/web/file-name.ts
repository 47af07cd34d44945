const MAX_CHARACTERS = 200;

/** Control characters, and marks that turn the direction of writing: `gnp.exe` must not read as `exe.png`. */
const INVISIBLE = /[\p{Cc}\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/gu;

/** A file's name as it may be shown: without folders and invisible characters, at most 200 characters. Empty stays empty. */
export function cleanFileName(written: string): string {
  const visible = written.normalize("NFC").replace(INVISIBLE, "");
  const base = visible.split(/[/\\]/).findLast((part) => part.trim() !== "" && !/^\.+$/.test(part.trim()));
  return shorten((base ?? "").trim());
}

/** Cuts in the middle, so that the extension stays. */
function shorten(name: string): string {
  const characters = [...name];
  if (characters.length <= MAX_CHARACTERS) return name;
  const tail = characters.slice(-20);
  return [...characters.slice(0, MAX_CHARACTERS - tail.length - 1), "…", ...tail].join("");
}
