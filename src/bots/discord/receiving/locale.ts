/** The language of our own sentences: what the operator set, else the person's, else the server's. */
export function toLocale(language: string, person: string | null, guild: string | null): string | null {
  return language === "auto" ? (person ?? guild) : language;
}
