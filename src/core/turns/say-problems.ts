import type { Document } from "../document.ts";
import { isRemoved } from "../documents/read-documents.ts";
import type { Incoming } from "../incoming.ts";
import type { Question } from "../ports/engine.ts";
import { errorText, text } from "../texts/text.ts";
import type { Answer } from "../turn.ts";

/**
 * A sentence for each file of this message, or read for this question, that cannot be used. Of those that somebody
 * deleted meanwhile only a question's own are worth a word.
 */
export function problemsOf(documents: readonly Document[], incoming: Incoming, locale: string): string {
  const isQuestions = ({ messageKey }: Document): boolean =>
    incoming.kind === "question" && messageKey === incoming.key;
  return documents
    .filter((document) => !isRemoved(document) || isQuestions(document))
    .flatMap(({ problem }) => (problem === null ? [] : [`> ⚠️ ${errorText(problem, locale)}`]))
    .join("\n>\n");
}

/**
 * What is said in place of an answer when a question brought files and none can be used: what it asks is about those, and
 * other documents would answer something else. Null when there is something to answer from, and where the files were
 * deleted meanwhile: as if that had been a moment earlier.
 */
export function refuseFiles(read: readonly Document[], question: Question, incoming: Incoming): Answer | null {
  const own = read.filter((document) => document.messageKey === incoming.key && !isRemoved(document));
  if (own.length === 0 || question.attached.length > 0) return null;
  const { locale } = question;
  const sentences = [problemsOf(own, incoming, locale), text("answer.problems_only", locale)]
    .filter(Boolean)
    .join("\n\n");
  return { kind: "notice", text: sentences, citations: [], usage: null };
}
