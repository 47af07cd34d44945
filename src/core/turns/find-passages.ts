import { cite } from "../citing/cite.ts";
import { resolveTwins } from "../documents/content-twins.ts";
import type { Document } from "../document.ts";
import { findDocuments } from "./find-documents.ts";
import type { Incoming } from "../incoming.ts";
import type { Engine, Question } from "../ports/engine.ts";
import type { Documents } from "../ports/stores.ts";
import type { Log } from "../ports/system.ts";
import { text } from "../texts/text.ts";
import type { Answer } from "../turn.ts";

/** What the engine behind the first one finds, when that one cannot be reached; null for nothing. Never throws. */
export async function findPassages(
  incoming: Incoming,
  toQuestion: (documents: readonly Document[]) => Question,
  deps: {
    readonly engines: readonly [Engine, ...Engine[]];
    readonly documents: Documents;
    readonly knowledgeInSharedChannels: boolean;
    readonly log: Log;
  },
  signal: AbortSignal,
): Promise<Pick<Answer, "text" | "citations"> | null> {
  const [, standIn] = deps.engines;
  if (standIn === undefined || incoming.kind !== "question") return null;
  try {
    const found = await resolveTwins(await findDocuments(incoming, deps), deps.documents);
    const documents = found.filter(({ engines }) => engines.includes(standIn.name));
    const question = toQuestion(documents.map((document) => ({ ...document, state: "ready" })));
    const run = await standIn.startRun(question, { mayExist: false, signal });
    const result = await standIn.waitForRun(run, question, { signal, onProgress: () => undefined });
    if (result.sources.length === 0) return null;
    const known = new Map(documents.map((document) => [document.id, document]));
    const cited = await cite(result, known, (id) => deps.documents.pages(id));
    return { text: `${text("answer.fallback", question.locale)}\n\n${cited.text}`, citations: cited.citations };
  } catch (error) {
    deps.log.warn("No passages could be found either.", { bot: incoming.bot, error });
    return null;
  }
}
