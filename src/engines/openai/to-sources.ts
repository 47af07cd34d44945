import type { OpenAI } from "openai";
import type { Source } from "../../core/ports/engine.ts";
import type { CleanText } from "./clean-text.ts";
import { toMarkPlace } from "./mark-place.ts";

export type Annotation = OpenAI.Responses.ResponseOutputText["annotations"][number];
export type SearchResult = OpenAI.Responses.ResponseFileSearchToolCall.Result;

const TERMS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}]+/gu;
const SENTENCE_END = /[.!?。！？\n](?=\s|$|[^\d\s])/gu;

/**
 * The sources of one text: for each `file_citation` the document, the place of the mark, and of what was searched the
 * chunk that is most like the sentence before the mark. A citation of a file that is not ours is left out.
 */
export function toSources(
  annotations: readonly Annotation[],
  results: readonly SearchResult[],
  options: { text: string; clean: CleanText; documentOf: (fileId: string) => string | undefined },
): Source[] {
  const { text, clean, documentOf } = options;
  const sources: Source[] = [];
  const seen = new Set<string>();
  for (const annotation of annotations) {
    if (annotation.type !== "file_citation") continue;
    const documentId = documentOf(annotation.file_id);
    if (documentId === undefined) continue;
    const at = clean.toOffset(toMarkPlace(text, annotation.index));
    const passage = findPassage(sentenceBefore(clean.text, at), annotation.file_id, results);
    const key = `${documentId} ${at} ${passage ?? ""}`;
    if (seen.has(key)) continue;
    seen.add(key);
    sources.push({ documentId, at, page: null, passage });
  }
  return sources;
}

/** The sentence that ends at a place in a text. */
export function sentenceBefore(text: string, place: number): string {
  const before = text.slice(0, place).trimEnd();
  let start = 0;
  for (const match of before.matchAll(SENTENCE_END)) {
    const end = match.index + match[0].length;
    if (end < before.length - 1) start = end;
  }
  return before.slice(start).trim();
}

function findPassage(sentence: string, fileId: string, results: readonly SearchResult[]): string | null {
  const wanted = termsOf(sentence);
  let best: string | null = null;
  let bestScore = -1;
  for (const { file_id: id, text, score } of results) {
    if (id !== fileId || text === undefined) continue;
    const held = termsOf(text);
    const shared = [...wanted].filter((term) => held.has(term)).length / Math.max(1, wanted.size);
    // What OpenAI thinks of it decides only between chunks that hold equally much.
    const total = shared + (score ?? 0) / 1_000;
    if (total > bestScore) [best, bestScore] = [text, total];
  }
  return best;
}

function termsOf(text: string): Set<string> {
  return new Set(text.normalize("NFKC").toLowerCase().match(TERMS) ?? []);
}
