import type { OpenAI } from "openai";
import type { RunResult, Source } from "../../../core/ports/engine.ts";
import type { Usage } from "../../../core/turn.ts";
import { cleanText } from "./clean-text.ts";
import type { ConversationItem } from "../conversations/conversation-items.ts";
import { toCostUsd } from "../spending/prices.ts";
import type { RunResponse } from "./run-stream.ts";
import { toSources, type Annotation, type SearchResult } from "./to-sources.ts";

/** What an answer consists of, whether it comes from a response or from the items of a conversation. */
export type OutputItem = OpenAI.Responses.ResponseOutputItem | ConversationItem;

/** Text and sources of the items that a run put out. */
export function toAnswer(
  items: readonly OutputItem[],
  documentOf: (fileId: string) => string | undefined,
): Pick<RunResult, "text" | "sources"> {
  const results: SearchResult[] = items.flatMap((item) =>
    item.type === "file_search_call" ? (item.results ?? []) : [],
  );
  let text = "";
  const sources: Source[] = [];
  for (const part of items.filter(isFinalMessage).flatMap(partsOf)) {
    const clean = cleanText(part.text);
    if (clean.text.trim() === "") continue;
    if (text !== "") text += "\n\n";
    const offset = text.length;
    for (const source of toSources(part.annotations, results, { text: part.text, clean, documentOf })) {
      sources.push(source.at === null ? source : { ...source, at: source.at + offset });
    }
    text += clean.text;
  }
  return { text, sources };

  function isFinalMessage(item: OutputItem): boolean {
    // Models that think aloud mark what is meant for people.
    const hasFinal = items.some((other) => other.type === "message" && other.phase === "final_answer");
    return item.type === "message" && item.role === "assistant" && !(hasFinal && item.phase === "commentary");
  }
}

/** What a run used and cost. */
export function toUsage(response: RunResponse): Usage | null {
  const { usage } = response;
  if (usage === undefined || usage === null) return null;
  const model = String(response.model);
  const counts = {
    inputTokens: usage.input_tokens,
    cachedInputTokens: usage.input_tokens_details?.cached_tokens ?? 0,
    cacheWriteTokens: usage.input_tokens_details?.cache_write_tokens ?? 0,
    outputTokens: usage.output_tokens,
    searches: response.output.filter((item) => item.type === "file_search_call").length,
  };
  const { cacheWriteTokens: _, ...shown } = counts;
  return { model, ...shown, costUsd: toCostUsd(model, counts) };
}

function partsOf(item: OutputItem): { text: string; annotations: readonly Annotation[] }[] {
  if (item.type !== "message") return [];
  return item.content.flatMap((part) => {
    if (part.type === "output_text") return [{ text: part.text, annotations: part.annotations ?? [] }];
    return part.type === "refusal" ? [{ text: part.refusal, annotations: [] }] : [];
  });
}
