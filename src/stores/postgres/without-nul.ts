/** Text as Postgres takes it: it refuses U+0000, the one character that no text needs. */
export function withoutNul(text: string): string {
  return text.includes("\u0000") ? text.replaceAll("\u0000", "") : text;
}
