import type { Citation, Document } from "../../core/document.ts";
import type { LoggedMessage } from "../../core/ports/stores.ts";
import { toStorageCost } from "../../core/spending/storage-cost.ts";
import { errorText } from "../../core/texts/text.ts";
import type { TurnView } from "../../core/turn.ts";
import { WORKSPACE } from "./channel-name.ts";

/** A citation in JSON. `page` and `line` say the same as `place` for the documents that are counted in them. */
export function toCitationView(citation: Citation): object {
  const { place } = citation;
  return {
    documentId: citation.documentId,
    document: citation.document,
    page: place?.unit === "page" ? place.number : null,
    quote: citation.quote,
    line: place?.unit === "line" ? place.number : null,
    place,
  };
}

/** A message in JSON. `id` is the client's own for what it posted itself, so that a page knows its message again. */
export function toMessageView(message: LoggedMessage, turn: TurnView | null): object {
  const prefix = `${message.channel}:`;
  return {
    id: message.id.startsWith(prefix) ? message.id.slice(prefix.length) : message.id,
    author: message.author,
    kind: message.kind,
    text: message.text,
    citations: message.citations.map(toCitationView),
    files: message.files,
    turn: turn === null ? null : { id: turn.id, state: turn.state },
    turnId: message.turnId,
    usage:
      message.usage === null
        ? null
        : {
            inputTokens: message.usage.inputTokens,
            outputTokens: message.usage.outputTokens,
            costUsd: message.usage.costUsd,
            model: message.usage.model,
          },
    createdAt: message.createdAt,
  };
}

export function toTurnJson(turn: TurnView): object {
  return { id: turn.id, state: turn.state, detail: turn.detail, position: turn.position };
}

/** A document in JSON, its problem as a sentence in the reader's language. */
export function toDocumentView(document: Document, locale: string): object {
  return {
    id: document.id,
    name: document.name,
    pages: document.pages,
    tokens: document.tokens,
    state: document.state,
    problem:
      document.problem === null ? null : { code: document.problem.code, message: errorText(document.problem, locale) },
    kind: document.type?.kind ?? null,
    sizeBytes: document.sizeBytes,
    scope: document.scope.kind,
    unit: document.unit,
    bot: document.bot,
    // Everybody on the page is the same person behind one token: there is no name to tell.
    postedBy: document.postedBy === WORKSPACE ? null : document.postedBy,
    createdAt: document.createdAt,
    containerId: document.containerId ?? null,
    costUsdPerDay: toStorageCost(document),
  };
}
