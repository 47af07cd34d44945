import type { BrainAnswer, BrainContext } from "./brain.ts";
import { billInput, countTokens } from "./bill-input.ts";
import { asList } from "./check-request.ts";
import type { ServerContext } from "./context.ts";
import { extractText } from "./extract-text.ts";
import { wholeOf } from "./extracted.ts";
import type { Fault } from "./faults.ts";
import type { Hit } from "./search-chunks.ts";
import { contentParts, isJson, newId, seconds, textOf, type Item, type Json, type StoredResponse } from "./state.ts";
import { isNotesRequest, summarise } from "./summarising-brain.ts";
import { search } from "./vector-store-routes.ts";

const TERMINAL = ["completed", "failed", "cancelled", "incomplete"];

/** Takes a response through queued and in_progress to its end, with the vendor's events. */
export function runResponse(context: ServerContext, stored: StoredResponse, fault: Fault | undefined): void {
  const { runTimeMs } = context.behaviour;
  emit(stored, "response.created", { response: stored.body });
  emit(stored, "response.queued", { response: stored.body });
  context.later(runTimeMs / 4, () => {
    if (stored.ended) return;
    stored.body = { ...stored.body, status: "in_progress" };
    emit(stored, "response.in_progress", { response: stored.body });
    if (fault?.kind === "run-stuck") return;
    context.later((runTimeMs * 3) / 4, () => context.whenReleased(() => void finish(context, stored, fault)));
  });
}

/** Ends a response as cancelled; one that has ended stays as it is. */
export function cancelResponse(context: ServerContext, stored: StoredResponse): void {
  if (!stored.ended) end(context, stored, { status: "cancelled" }, []);
}

async function finish(context: ServerContext, stored: StoredResponse, fault: Fault | undefined): Promise<void> {
  if (stored.ended) return;
  if (fault?.kind === "run-failed") {
    const error = { code: fault.code, message: "The run failed." };
    end(context, stored, { status: "failed", error }, []);
    return;
  }
  if (fault?.kind === "run-cancelled") {
    cancelResponse(context, stored);
    return;
  }
  const view = await toView(context, stored);
  const brain = isNotesRequest(stored.request) ? summarise : context.behaviour.answer;
  let answer: BrainAnswer = await brain(stored.request, view);
  if (fault?.kind === "run-incomplete") answer = { text: fault.text ?? answer.text };
  const output = toOutput(answer, view);
  for (const item of output) {
    await emitItem(context, stored, item);
    if (stored.ended) return;
  }
  const usage = await countUsage(context, stored, answer, view.hits);
  if (fault?.kind === "run-incomplete") {
    end(context, stored, { status: "incomplete", incomplete_details: { reason: fault.reason }, usage }, output);
  } else {
    end(context, stored, { status: "completed", completed_at: seconds(), usage }, output);
  }
}

function end(context: ServerContext, stored: StoredResponse, change: Json, output: readonly Item[]): void {
  stored.ended = true;
  stored.body = { ...stored.body, ...change, output: output.map((item) => visible(stored, item)) };
  const { conversation } = stored;
  if (conversation !== null) {
    const keeps = change["status"] === "completed" || context.behaviour.failedRunLeavesItems;
    if (keeps) conversation.items.push(...stored.inputItems, ...output);
    if (conversation.lockedBy === stored.id) conversation.lockedBy = null;
  }
  emit(stored, `response.${textOf(change["status"])}`, { response: stored.body });
  context.onEnded();
}

export function isTerminal(body: Json): boolean {
  return TERMINAL.includes(textOf(body["status"]));
}

function emit(stored: StoredResponse, type: string, fields: Json): void {
  const event = { type, sequence_number: stored.events.length, ...fields };
  stored.events.push(event);
  for (const listener of stored.listeners) listener(event);
}

async function emitItem(context: ServerContext, stored: StoredResponse, item: Item): Promise<void> {
  const at = { output_index: 0, item_id: item.id };
  const gap = async (): Promise<void> => {
    if (context.behaviour.eventGapMs === 0) return;
    await new Promise<void>((resolve) => context.later(context.behaviour.eventGapMs, resolve));
  };
  emit(stored, "response.output_item.added", { output_index: 0, item: { ...item, status: "in_progress" } });
  if (item.type === "file_search_call") {
    for (const step of ["in_progress", "searching", "completed"]) emit(stored, `response.file_search_call.${step}`, at);
    await gap();
  }
  for (const part of contentParts(item)) {
    const text = textOf(part["text"]);
    for (let start = 0; start < text.length && !stored.ended; start += 400) {
      emit(stored, "response.output_text.delta", {
        ...at,
        content_index: 0,
        delta: text.slice(start, start + 400),
        logprobs: [],
      });
      await gap();
    }
    if (!stored.ended) emit(stored, "response.output_text.done", { ...at, content_index: 0, text, logprobs: [] });
  }
  if (!stored.ended) emit(stored, "response.output_item.done", { output_index: 0, item: visible(stored, item) });
}

function toOutput(answer: BrainAnswer, view: BrainContext): Item[] {
  const output: Item[] = [];
  if (view.searched) {
    const results = view.hits.map((hit) => ({
      file_id: hit.fileId,
      filename: hit.filename,
      score: hit.score,
      text: hit.text,
      attributes: hit.attributes ?? {},
    }));
    output.push({ id: newId("fs_"), type: "file_search_call", status: "completed", queries: [view.question], results });
  }
  const annotations = (answer.annotations ?? []).map((note) => ({
    type: "file_citation",
    file_id: note.fileId,
    filename: note.filename,
    index: note.index,
  }));
  const part =
    answer.refusal === undefined
      ? { type: "output_text", text: answer.text, annotations, logprobs: [] }
      : { type: "refusal", refusal: answer.refusal };
  output.push({ id: newId("msg_"), type: "message", status: "completed", role: "assistant", content: [part] });
  return output;
}

function visible(stored: StoredResponse, item: Item): Item {
  const included = asList(stored.request["include"]).includes("file_search_call.results");
  return item.type === "file_search_call" && !included ? { ...item, results: null } : item;
}

async function toView(context: ServerContext, stored: StoredResponse): Promise<BrainContext> {
  const earlier = stored.conversation?.items ?? [];
  const items = [...earlier, ...stored.inputItems];
  const last = stored.inputItems.findLast((item) => item["role"] === "user");
  const rawQuestion = last === undefined ? "" : textsOf(last).join("\n");
  const question = rawQuestion.replaceAll(/^\[.*\]$/gmu, "").trim();
  const tools = stored.request["tool_choice"] === "none" ? [] : asList(stored.request["tools"]);
  const tool = tools.filter(isJson).find((entry) => entry["type"] === "file_search");
  const stores = asList(tool?.["vector_store_ids"]).flatMap((id) => context.state.vectorStores.get(textOf(id)) ?? []);
  const limit = typeof tool?.["max_num_results"] === "number" ? tool["max_num_results"] : 20;
  const inlineFiles = await Promise.all(
    items
      .flatMap(contentParts)
      .filter((part) => part["type"] === "input_file")
      .flatMap((part) => context.state.files.get(textOf(part["file_id"])) ?? [])
      .map(async (file) => ({ fileId: file.id, filename: file.filename, piece: wholeOf(await extractText(file)) })),
  );
  return {
    question,
    rawQuestion,
    inlineFiles,
    hits: tool === undefined ? [] : search(stores, question, { filters: tool["filters"], limit }),
    searched: tool !== undefined,
    history: items
      .filter((item) => item !== last)
      .map((item) => ({ role: textOf(item["role"]), text: textsOf(item).join("\n") })),
  };
}

async function countUsage(
  { state }: ServerContext,
  stored: StoredResponse,
  answer: BrainAnswer,
  hits: readonly Hit[],
): Promise<Json> {
  const earlier = stored.conversation?.items ?? [];
  const found = hits.map(({ text }) => text);
  const bill = await billInput(state, stored.request, { earlier, input: stored.inputItems, found });
  const output = countTokens(answer.refusal ?? answer.text);
  return {
    input_tokens: bill.inputTokens,
    input_tokens_details: { cached_tokens: bill.cachedTokens, cache_write_tokens: bill.writtenTokens },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: bill.inputTokens + output,
  };
}

function textsOf(item: Item): string[] {
  return contentParts(item)
    .map((part) => textOf(part["text"]))
    .filter((text) => text !== "");
}
