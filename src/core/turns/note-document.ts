import type { Document } from "../document.ts";
import { toDocumentId } from "../ids.ts";
import type { Documents } from "../ports/stores.ts";

/**
 * Writes down a file that came with a message. What was removed stays away, also when it is delivered again: then there
 * is no `document`. `wish` names the command of somebody who wants it all the same; `isBack` says that this very command
 * brought it back.
 */
export async function noteDocument(
  wanted: Document,
  wish: string | undefined,
  documents: Documents,
): Promise<{ readonly document: Document | undefined; readonly isBack: boolean }> {
  const { document } = await documents.add(wanted);
  if (document !== undefined) return { document: await tryAnew(document, wanted, documents), isBack: false };
  if (wish === undefined) return { document, isBack: false };
  // An earlier wish may have brought it back: a file is there once.
  const there = await documents.list({ scope: wanted.scope });
  const known = there.find(({ attachmentKey }) => attachmentKey === wanted.attachmentKey);
  const id = toDocumentId(wanted.scope.key, `${wanted.attachmentKey}~${wish}`);
  const back = known ?? (await documents.add({ ...wanted, id })).document;
  return { document: back, isBack: back?.id === id };
}

/** Shared once more after it could not be fetched: what was in the way may be gone. */
async function tryAnew(found: Document, wanted: Document, documents: Documents): Promise<Document> {
  const { problem } = found;
  const isWorthIt = problem?.code === "file_download_failed" || problem?.code === "file_forbidden";
  if (!isWorthIt || found.messageKey === wanted.messageKey) return found;
  const { messageKey, reference, createdAt } = wanted;
  const change = { messageKey, reference, createdAt, state: "noted", problem: null } as const;
  return (await documents.update(found.id, change)) ?? found;
}
