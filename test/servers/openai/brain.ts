import { plainOf, type Piece } from "./extracted.ts";
import { rank, toSentences, type Hit } from "./search-chunks.ts";
import type { Json } from "./state.ts";

export interface InlineFile {
  readonly fileId: string;
  readonly filename: string;
  readonly piece: Piece;
}

/** What the model sees of one request. */
export interface BrainContext {
  /** The last user message's text, without the lines in square brackets that Docent adds. */
  readonly question: string;
  /** All texts of the last user message as they came. */
  readonly rawQuestion: string;
  /** Files in the prompt: of this message and of earlier ones. */
  readonly inlineFiles: readonly InlineFile[];
  /** What `file_search` found, best first; empty when the tool is not offered. */
  readonly hits: readonly Hit[];
  readonly searched: boolean;
  /** Texts of the earlier messages, also of those that came with this one, oldest first. */
  readonly history: readonly { readonly role: string; readonly text: string }[];
}

export interface Annotation {
  readonly fileId: string;
  readonly filename: string;
  readonly index: number;
}

export interface BrainAnswer {
  readonly text: string;
  readonly annotations?: readonly Annotation[];
  /** Refuses instead of answering. */
  readonly refusal?: string;
}

export type Brain = (request: Json, context: BrainContext) => BrainAnswer | Promise<BrainAnswer>;

/**
 * Answers with the sentence that holds most of the question's words, and names the file it stands in. Like a model, it
 * writes plainly what it read in a poor extraction.
 */
export function createExtractiveBrain(options: { inlineAnnotations: boolean }): Brain {
  return (_request, context) => {
    const candidates = [
      ...context.inlineFiles.flatMap((file) =>
        toSentences(plainOf(file.piece)).map((text) => ({ text, source: file, inline: true })),
      ),
      ...context.hits
        .slice(0, 3)
        .flatMap((hit) => toSentences(plainOf(hit.piece)).map((text) => ({ text, source: hit, inline: false }))),
    ];
    const best = rank(context.question, candidates)[0];
    if (best === undefined || best.score === 0) {
      return { text: "I could not find that in the documents." };
    }
    const { source, inline } = best;
    const annotated = !inline || options.inlineAnnotations;
    return {
      text: best.text,
      annotations: annotated
        ? [{ fileId: source.fileId, filename: source.filename, index: [...best.text].length }]
        : [],
    };
  };
}
