import { cite } from "../citing/cite.ts";
import { resolveTwins } from "../documents/content-twins.ts";
import { findDocuments } from "./find-documents.ts";
import type { ReadingDeps } from "../documents/read-documents.ts";
import { text } from "../texts/text.ts";
import { toQuestion } from "./to-question.ts";
import type { Answer, Turn } from "../turn.ts";

/** What the engine behind the first one finds, when that one cannot be reached; null for nothing. Never throws. */
export async function findPassages(
  turn: Turn,
  locale: string,
  deps: Pick<ReadingDeps, "engines" | "documents" | "blobs" | "log"> & { readonly knowledgeInSharedChannels: boolean },
  signal: AbortSignal,
): Promise<Pick<Answer, "text" | "citations"> | null> {
  const { incoming } = turn;
  const [, standIn] = deps.engines;
  if (standIn === undefined || incoming.kind !== "question") return null;
  try {
    const found = await resolveTwins(await findDocuments(incoming, deps), deps.documents);
    const documents = found.filter(({ engines }) => engines.includes(standIn.name));
    const usable = documents.map((document) => ({ ...document, state: "ready" as const }));
    const question = toQuestion(turn, usable, locale, deps);
    const run = await standIn.startRun(question, { mayExist: false, signal });
    const result = await standIn.waitForRun(run, question, { signal, onProgress: () => undefined });
    if (result.sources.length === 0) return null;
    const known = new Map(documents.map((document) => [document.id, document]));
    const cited = await cite(result, known, (id) => deps.documents.pages(id));
    return { text: `${text("answer.fallback", locale)}\n\n${cited.text}`, citations: cited.citations };
  } catch (error) {
    deps.log.warn("No passages could be found either.", { bot: incoming.bot, error });
    return null;
  }
}
