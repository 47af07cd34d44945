import type { Survey } from "./postings-store.ts";
import type { QuestionTerms } from "./question-terms.ts";
import { scoreDocuments } from "./score-document.ts";

/** The ids of the documents that fit the question's own terms best, best first, at most `count`. */
export function selectDocuments({ terms }: QuestionTerms, { documents, uses }: Survey, count: number): string[] {
  const asked = terms.filter(({ kind }) => kind === "asked");
  const scores = scoreDocuments(
    documents.map(({ words }) => words),
    asked.map(({ weight, alternatives, nameForms }) => ({
      weight,
      // A term of the question itself has no alternatives and is no phrase.
      uses: uses.get(alternatives[0]?.[0] ?? "") ?? [],
      inName: documents.map(({ nameTerms }) => nameForms.some((form) => nameTerms.has(form))),
    })),
  );
  return documents
    .map(({ id }, row) => ({ id, score: scores[row] ?? 0 }))
    .toSorted((first, second) => second.score - first.score)
    .slice(0, count)
    .map(({ id }) => id);
}
