import type { Question } from "../../../core/ports/engine.ts";
import { chooseDocuments } from "../documents/choose-documents.ts";
import type { EngineContext } from "../context.ts";
import { toCostUsd } from "./prices.ts";
import { INSTRUCTIONS } from "../runs/question-text.ts";
import { judgeScans } from "../documents/scans.ts";
import { isSearchable } from "../documents/upload-form.ts";

/** What an answer takes, reasoning included: more than most do. */
const OUTPUT_TOKENS = 1_500;
/** How often the model searches, and what one search puts before it: 15 passages of up to 800 tokens. */
const SEARCHES = 2;
const TOKENS_PER_SEARCH = 12_000;
/** Of a picture; its true count depends on its size. */
const IMAGE_TOKENS = 1_500;
/** Bytes of UTF-8 to a token: about four in English, three in Korean. */
const BYTES_PER_TOKEN = 3;

/** Whether a cost can be told for a model. */
export function isPriced(model: string): boolean {
  return toCostUsd(model, { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, searches: 0 }) !== null;
}

/**
 * What a question will cost in USD, without asking OpenAI: what its conversation cost to read the last time, the
 * documents that it brings, the question, searches, and an answer, nothing of it cached. Null when the price is unknown.
 */
export async function estimateCost(
  question: Question,
  { client, stores, inlineMaxTokens }: Pick<EngineContext, "client" | "stores" | "inlineMaxTokens">,
): Promise<number | null> {
  const conversation = await stores.conversations.get(question.conversation);
  const scans = await judgeScans(question, (id) => stores.documents.get(id));
  const { inline, searched } = chooseDocuments({
    attached: question.attached.map(({ document }) => document),
    available: question.available.map(({ document }) => document),
    inside: new Set(Object.keys(conversation?.inside ?? {})),
    left: new Set(conversation?.left),
    insideBytes: 0,
    inlineMaxTokens,
    // A table that goes as text is searched; counting it as given whole errs on the safe side.
    isSearchable: (document) => isSearchable(document, "original"),
    wantedScans: scans.wanted,
    agreedScans: scans.agreed,
  });
  const given = inline.reduce(
    (sum, { tokens, type }) => sum + (tokens ?? (type?.kind === "image" ? IMAGE_TOKENS : 0)),
    0,
  );
  const searches = searched.length > 0 ? SEARCHES : 0;
  const written = `${INSTRUCTIONS}${question.context ?? ""}${question.text}`;
  const inputTokens =
    (conversation?.inputTokens ?? 0) +
    given +
    Math.ceil(Buffer.byteLength(written) / BYTES_PER_TOKEN) +
    searches * TOKENS_PER_SEARCH;
  const counts = { inputTokens, cachedInputTokens: 0, cacheWriteTokens: inputTokens, outputTokens: OUTPUT_TOKENS };
  return toCostUsd(client.model, { ...counts, searches });
}
