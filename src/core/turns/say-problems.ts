import type { Document } from "../document.ts";
import type { Question } from "../ports/engine.ts";
import { errorText, text } from "../texts/text.ts";
import type { Answer } from "../turn.ts";

/** A sentence for each file of this message, or read for this question, that cannot be used. */
export function problemsOf(documents: readonly Document[], locale: string): string {
  return documents
    .flatMap(({ problem }) => (problem === null ? [] : [`> ⚠️ ${errorText(problem, locale)}`]))
    .join("\n>\n");
}

/**
 * What is said in place of an answer when a question brought files and none can be used: what it asks is about those, and
 * other documents would answer something else. Null when there is something to answer from.
 */
export function refuseFiles(read: readonly Document[], question: Question, messageKey: string): Answer | null {
  const own = read.filter((document) => document.messageKey === messageKey);
  if (own.length === 0 || question.attached.length > 0) return null;
  const { locale } = question;
  const sentences = [problemsOf(own, locale), text("answer.problems_only", locale)].filter(Boolean).join("\n\n");
  return { kind: "notice", text: sentences, citations: [], usage: null };
}
