import { createHash } from "node:crypto";
import { extractText } from "./extract-text.ts";
import { contentParts, isJson, textOf, type Item, type Json, type State } from "./state.ts";

/** What an image costs, and what each page of a PDF costs as an image, beside its text: an estimate. */
const IMAGE_TOKENS = 1_000;

/** A shorter prefix is never cached (guides/prompt-caching). */
const MIN_CACHED_TOKENS = 1_024;

export interface InputBill {
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly writtenTokens: number;
}

interface Segment {
  readonly content: string;
  readonly tokens: number;
}

/**
 * Counts what a request reads, as the vendor bills it: instructions, tools, every earlier item of the conversation with
 * the files and the search results in it, the input, and what a search now found. A prefix is cached where an earlier
 * request with the same `prompt_cache_key` ended (the implicit breakpoint of `ResponseCreate.prompt_cache_options`,
 * openai 7.57), and everything behind it is written to the cache. Entries never expire here: a channel that is always
 * in use.
 */
export async function billInput(
  state: State,
  request: Json,
  { earlier, input, found }: { earlier: readonly Item[]; input: readonly Item[]; found: readonly string[] },
): Promise<InputBill> {
  const key = textOf(request["prompt_cache_key"]);
  const head = JSON.stringify([request["model"], request["tools"] ?? [], request["reasoning"] ?? null]);
  const instructions = textOf(request["instructions"]);
  const segments: Segment[] = [{ content: `${head}${instructions}`, tokens: countTokens(instructions) }];
  for (const item of [...earlier, ...input]) segments.push(await toSegment(state, item));
  const asked = segments.length;
  const foundTokens = found.reduce((sum, text) => sum + countTokens(text), 0);
  if (found.length > 0) segments.push({ content: toContent(["", ...found]), tokens: foundTokens });

  let [hash, inputTokens, cachedTokens] = [key, 0, 0];
  const ends: string[] = [];
  for (const [index, { content, tokens }] of segments.entries()) {
    hash = createHash("sha256").update(hash).update(content).digest("hex");
    inputTokens += tokens;
    const isEnd = index === asked - 1 || index === segments.length - 1;
    if (isEnd && inputTokens >= MIN_CACHED_TOKENS) ends.push(hash);
    // What the first step of this very request wrote is no saving.
    if (index < asked && state.promptCache.has(hash)) cachedTokens = inputTokens;
  }
  for (const end of ends) state.promptCache.add(end);
  return { inputTokens, cachedTokens, writtenTokens: ends.length > 0 ? inputTokens - cachedTokens : 0 };
}

/** Estimated tokens of items with everything in them. */
export async function countItems(state: State, items: readonly Item[]): Promise<number> {
  let sum = 0;
  for (const item of items) sum += (await toSegment(state, item)).tokens;
  return sum;
}

/** Four characters are one token, a Chinese, Japanese or Korean one is one by itself. */
export function countTokens(text: string): number {
  const wide = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu)?.length ?? 0;
  return wide + Math.ceil((text.length - wide) / 4);
}

async function toSegment(state: State, item: Item): Promise<Segment> {
  const texts = [textOf(item["role"])];
  let tokens = 0;
  for (const part of contentParts(item)) {
    const text = textOf(part["text"]);
    texts.push(text, textOf(part["file_id"]));
    tokens += countTokens(text);
    if (part["type"] === "input_image") tokens += IMAGE_TOKENS;
    const file = part["type"] === "input_file" ? state.files.get(textOf(part["file_id"])) : undefined;
    if (file === undefined) continue;
    const { plain, pages } = await extractText(file);
    const isPdf = file.filename.toLowerCase().endsWith(".pdf");
    tokens += countTokens(plain) + (isPdf ? IMAGE_TOKENS * Math.max(1, ...new Set(pages)) : 0);
  }
  // What a search found stays in the conversation, and is read again with every turn.
  for (const result of Array.isArray(item["results"]) ? item["results"].filter(isJson) : []) {
    texts.push(textOf(result["text"]));
    tokens += countTokens(textOf(result["text"]));
  }
  return { content: toContent(texts), tokens };
}

/** Ends with a mark, so that no content is the beginning of another. */
function toContent(texts: readonly string[]): string {
  return `${JSON.stringify(texts)}\n`;
}
