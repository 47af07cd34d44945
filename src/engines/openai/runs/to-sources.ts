import type { OpenAI } from "openai";
import { claimBefore } from "../../../core/citing/claim-before.ts";
import { findClaim, isAsGood } from "../../../core/citing/find-claim.ts";
import { lettersOf } from "../../../core/citing/letter-index.ts";
import type { Source } from "../../../core/ports/engine.ts";
import type { CleanText } from "./clean-text.ts";
import { toMarkPlace } from "./mark-place.ts";

export type Annotation = OpenAI.Responses.ResponseOutputText["annotations"][number];
export type SearchResult = OpenAI.Responses.ResponseFileSearchToolCall.Result;

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
  const citations = annotations.filter((annotation) => annotation.type === "file_citation");
  const placeOf = ({ index }: { index: number }): number => clean.toOffset(toMarkPlace(text, index));
  const places = citations.map(placeOf).toSorted((a, b) => a - b);
  for (const annotation of citations) {
    const documentId = documentOf(annotation.file_id);
    if (documentId === undefined) continue;
    const at = placeOf(annotation);
    const key = `${documentId} ${at}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const mark = places.findLast((place) => place < at) ?? 0;
    const [passage = null, ...others] = findPassages(claimBefore(clean.text, at, mark), annotation.file_id, results);
    sources.push({ documentId, at, page: null, passage, ...(others.length > 0 ? { otherPassages: others } : {}) });
  }
  return sources;
}

/** The chunk of a file that holds most of a sentence, and those that hold as much: chunks overlap, and texts repeat. */
function findPassages(sentence: string, fileId: string, results: readonly SearchResult[]): string[] {
  const claim = lettersOf(sentence);
  const scored = results.flatMap(({ file_id: id, text, score }) => {
    if (id !== fileId || text === undefined) return [];
    const coverage = findClaim(lettersOf(text), claim)[0]?.coverage ?? 0;
    return [{ text, coverage, score: score ?? 0 }];
  });
  // What OpenAI thinks of it decides only between chunks that hold equally much.
  const ranked = scored.toSorted((a, b) => b.coverage - a.coverage || b.score - a.score);
  const best = ranked[0]?.coverage ?? 0;
  // Where no chunk holds anything of it, all of them hold as much: OpenAI's order is all there is.
  return ranked
    .filter(({ coverage }, index) => index === 0 || (best > 0 && isAsGood(coverage, best)))
    .map(({ text }) => text);
}
