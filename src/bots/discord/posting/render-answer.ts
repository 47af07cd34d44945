import type { Citation, Document } from "../../../core/document.ts";
import { placeText } from "../../../core/texts/place-text.ts";
import { text } from "../../../core/texts/text.ts";
import type { Answer } from "../../../core/turn.ts";
import { isFileReference } from "../attachments.ts";
import { defuse } from "./defuse-mentions.ts";
import { toDiscordMarkdown } from "./discord-markdown.ts";

/** An answer in Discord's Markdown, with its sources as small lines that lead to the messages that brought the files. */
export function renderAnswer(answer: Answer, documents: readonly Document[], locale: string): string {
  const byId = new Map(documents.map((document) => [document.id, document]));
  const sources = answer.citations.map((citation, index) => {
    const document = byId.get(citation.documentId);
    return `-# [${index + 1}] ${toSource(citation, document, locale)}`;
  });
  return [toDiscordMarkdown(answer.text), sources.join("\n")].filter(Boolean).join("\n\n");
}

function toSource(citation: Citation, document: Document | undefined, locale: string): string {
  const name = escapeMarkdown(citation.document);
  const { place } = citation;
  const label =
    place === null
      ? name
      : text("place.in_document", locale, { name, place: placeText(place, locale, escapeMarkdown) });
  const link = document === undefined ? null : toMessageLink(document.reference);
  return defuse(link === null ? label : `[${label}](${link})`);
}

/** Where in Discord a file was posted; null for one that came with a command. */
export function toMessageLink(reference: unknown): string | null {
  if (!isFileReference(reference) || reference.message === null) return null;
  const { guildId, channelId, messageId } = reference.message;
  return `https://discord.com/channels/${guildId ?? "@me"}/${channelId}/${messageId}`;
}

/** A name that shows as it is, also inside a link. */
export function escapeMarkdown(name: string): string {
  return name.replace(/[\\*_~`|[\]()<>]/g, (mark) => (mark === "[" ? "(" : mark === "]" ? ")" : `\\${mark}`));
}
