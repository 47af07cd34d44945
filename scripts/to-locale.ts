/** The language of whoever sits at the terminal. LANGUAGE is Docent's own setting; systems use the same name for a list such as `ko:en`. */
export function toLocale({ LANGUAGE, LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): string {
  const own = LANGUAGE?.split(":")[0];
  return [own === "auto" ? "" : own, LC_ALL, LC_MESSAGES, LANG].find(Boolean) ?? "en";
}
