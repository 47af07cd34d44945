import type { Brain } from "./brain.ts";
import { plainOf } from "./extracted.ts";
import { rank, toSentences } from "./search-chunks.ts";

/**
 * Answers with the sentence that holds most of the question's words out of everything that the request gave it: files
 * in the prompt, what a search found, and what stands in the conversation. What is in none of them it cannot say.
 */
export const createRememberingBrain = (): Brain => (_request, context) => {
  const files = context.inlineFiles.flatMap((file) => toSentences(plainOf(file.piece)).map((text) => ({ text, file })));
  const found = context.hits.flatMap((hit) => toSentences(plainOf(hit.piece)).map((text) => ({ text, file: hit })));
  // Not its own answers: they would only say again what it made of something else.
  const said = context.history
    .filter(({ role }) => role !== "assistant")
    .flatMap(({ text }) => text.split("\n").flatMap(toSentences))
    .filter((text) => !/[?？]$/u.test(text) && !text.startsWith("["))
    .map((text) => ({ text, file: undefined }));
  const best = rank(context.question, [...said, ...files, ...found])[0];
  if (best === undefined || best.score === 0) return { text: "Nobody said that here, and no document does." };
  const { text, file } = best;
  if (file === undefined) return { text };
  return { text, annotations: [{ fileId: file.fileId, filename: file.filename, index: [...text].length }] };
};
