import type { Question } from "../../../core/ports/engine.ts";
import type { Documents } from "../documents/documents.ts";
import type { InsideFile } from "../records.ts";
import type { OutputItem } from "./to-result.ts";

/**
 * Notes which documents a run left something of in its conversation: to delete a document, that has to be found again.
 * `files`: our document ids by OpenAI's file ids. Returns the files of documents that were removed while the run went
 * on: whoever removed them could not see what it would leave.
 */
export async function noteFound(
  items: readonly OutputItem[],
  { conversation }: Pick<Question, "conversation">,
  known: {
    readonly files: ReadonlyMap<string, string>;
    /** Files that the run's message brought, by our document id. */
    readonly inlined: Readonly<Record<string, InsideFile>>;
  },
  documents: Pick<Documents, "noteConversation">,
): Promise<Record<string, InsideFile>> {
  const gone: Record<string, InsideFile> = {};
  for (const [documentId, file] of Object.entries(known.inlined)) {
    if (!(await documents.noteConversation(documentId, conversation))) gone[documentId] = file;
  }
  const results = items.flatMap((item) => (item.type === "file_search_call" ? (item.results ?? []) : []));
  for (const fileId of new Set(results.flatMap((hit) => hit.file_id ?? []))) {
    const documentId = known.files.get(fileId);
    const isThere = documentId !== undefined && (await documents.noteConversation(documentId, conversation));
    // Nobody knows its document any more: its own id stands for that.
    if (!isThere) gone[documentId ?? fileId] = { fileId, sizeBytes: 0 };
  }
  return gone;
}
