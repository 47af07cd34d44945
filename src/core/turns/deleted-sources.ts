import type { Document } from "../document.ts";
import type { Bot } from "../ports/bot.ts";
import type { RunResult } from "../ports/engine.ts";
import type { Documents } from "../ports/stores.ts";
import { text } from "../texts/text.ts";
import type { Answer } from "../turn.ts";

type Cited = Pick<Answer, "text" | "citations">;

/**
 * What an answer cites, and what came whole with its own question, may stand in it word by word: the first of it that is
 * gone, or undefined. What else a conversation holds and is not cited is no reason to keep an answer back.
 */
export async function findDeletedSource(
  { sources, consulted }: RunResult,
  { known, messageKey }: { readonly known: ReadonlyMap<string, Document>; readonly messageKey: string },
  documents: Documents,
): Promise<Document | undefined> {
  const own = consulted.filter((id) => known.get(id)?.messageKey === messageKey);
  const ids = new Set([...sources.map(({ documentId }) => documentId), ...own]);
  for (const id of ids) {
    const document = known.get(id);
    if (document !== undefined && (await documents.get(id)) === undefined) return document;
  }
  return undefined;
}

/** What is said in place of an answer when what it was made from was deleted meanwhile. */
export function toDeletedNotice({ name }: Pick<Document, "name">, locale: string): Cited {
  return { text: text("answer.source_deleted", locale, { name }), citations: [] };
}

/** An answer that is to be posted, or a notice in its place: it may have waited for its platform for a day. */
export async function withoutDeletedSources(answer: Answer, locale: string, documents: Documents): Promise<Answer> {
  for (const { documentId, document: name } of answer.citations) {
    if ((await documents.get(documentId)) !== undefined) continue;
    return { ...answer, kind: "notice", ...toDeletedNotice({ name }, locale) };
  }
  return answer;
}

/** Whoever deleted a document while its answer was being posted went through what bots keep before the answer was there. */
export async function forgetDeletedSources(
  { citations }: Answer,
  { bots, documents }: { readonly bots: ReadonlyMap<string, Bot>; readonly documents: Documents },
): Promise<void> {
  for (const [id, name] of new Map(citations.map((each) => [each.documentId, each.document]))) {
    if ((await documents.get(id)) !== undefined) continue;
    for (const bot of bots.values()) await bot.forgetDocument({ id, name });
  }
}
