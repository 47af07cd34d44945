import type { Document } from "../document.ts";
import { findOlder } from "../citing/find-older.ts";
import { toLanguage } from "../texts/languages.ts";
import { errorText, text } from "../texts/text.ts";

/** A numbered list of documents in Markdown: name, size, state or what is wrong, whether a newer
 * one replaces it, when it was posted and by whom. */
export function listDocuments(documents: readonly Document[], locale: string | null): string {
  const date = new Intl.DateTimeFormat(toLanguage(locale), { dateStyle: "medium", timeZone: "UTC" });
  const older = findOlder(documents);
  return documents
    .map((document, index) => {
      const { name, pages, problem, createdAt } = document;
      const facts = [
        pages === null ? "" : text("command.docs.pages", locale, { pages }),
        problem === null ? text(`command.docs.${document.state}`, locale) : errorText(problem, locale),
        older.has(document.id) ? text("command.docs.older", locale) : "",
        date.format(createdAt),
        escapeName(document.postedByName ?? ""),
      ];
      return `${index + 1}. **${escapeName(name)}** · ${facts.filter(Boolean).join(" · ")}`;
    })
    .join("\n");
}

/** A name is shown as it is: nothing in it may become formatting, a link or a mention. */
export function escapeName(name: string): string {
  return name.replace(/[\\`*_[\]<>#|~@]/g, (sign) => `\\${sign}`);
}
