import type { Citation, Document } from "../../../core/document.ts";
import { placeText } from "../../../core/texts/place-text.ts";
import { text } from "../../../core/texts/text.ts";
import type { Answer } from "../../../core/turn.ts";
import { neutraliseMentions } from "./neutralise-mentions.ts";
import { isFileReference } from "../reply-to.ts";

/**
 * An answer as standard Markdown for `markdown_text` and `markdown` blocks, which take it as models write it, with its
 * sources behind it: number, name, page, and a link to the message that brought the file.
 */
export function renderAnswer(answer: Answer, documents: readonly Document[], locale: string): string {
  const known = new Map(documents.map((document) => [document.id, document]));
  const sources = answer.citations.map((citation, index) => {
    const document = known.get(citation.documentId);
    return `- [${index + 1}] ${toSource(citation, document, locale)}`;
  });
  const list = sources.length === 0 ? [] : [`**${text("slack.sources", locale)}**\n${sources.join("\n")}`];
  return neutraliseMentions([answer.text.trimEnd(), ...list].join("\n\n"));
}

function toSource(citation: Citation, document: Document | undefined, locale: string): string {
  const name = escapeMarkdown(citation.document);
  const reference = document?.reference;
  const linked = isFileReference(reference) ? `[${name}](${reference.permalink})` : name;
  if (citation.place === null) return linked;
  const place = placeText(citation.place, locale, escapeMarkdown);
  return text("place.in_document", locale, { name: linked, place });
}

/** A name that is shown as it is, whatever characters stand in it. */
function escapeMarkdown(name: string): string {
  return name.replace(/[\\`*_[\]~]/g, "\\$&").replace(/\s+/g, " ");
}
