import type { Brain } from "../servers/openai/brain.ts";
import { plainOf } from "../servers/openai/extracted.ts";
import { codesIn } from "./notes.ts";
import { ENDLESS } from "./stories.ts";

/** A model that says the question again, and the codes of the documents that it was shown. */
export interface Model {
  readonly answer: Brain;
  /** What was sent with a question, to see why a document was missing. */
  requestOf(question: string): string;
}

const SHOWN_CHARACTERS = 1_500;

export function createModel(onRun: (question: string) => void): Model {
  const requests = new Map<string, string>();
  return {
    async answer(request, { question, inlineFiles, hits, searched, history }) {
      if (question.includes(ENDLESS)) return await new Promise(() => undefined);
      const asked = /question [\w-]+\./.exec(question)?.[0] ?? question;
      const { tools, input } = request;
      const seen = { tools, input, searched, hits: hits.length, inline: inlineFiles.length, history: history.length };
      requests.set(asked, JSON.stringify(seen).slice(0, SHOWN_CHARACTERS));
      onRun(asked);
      const codes = codesIn([...inlineFiles, ...hits].map(({ piece }) => plainOf(piece)).join("\n"));
      return { text: `Echo: ${asked}${codes.length === 0 ? "" : ` Codes: ${codes.join(" ")}`}` };
    },
    requestOf: (question) => requests.get(question) ?? "no run",
  };
}
