import { DocentError } from "../../../core/errors.ts";
import type { Question, RunResult } from "../../../core/ports/engine.ts";
import type { Run } from "../../../core/turn.ts";
import type { EngineContext } from "../context.ts";
import { findTurn, hasAnswer, type FoundTurn } from "../conversations/conversation-items.ts";
import type { Conversations, RunEnd } from "../conversations/conversations.ts";
import type { Documents } from "../documents/documents.ts";
import { toRunError } from "../errors.ts";
import { estimateTokens } from "../spending/estimate-tokens.ts";
import type { InsideFile } from "../records.ts";
import type { Renewals } from "../conversations/renewals.ts";
import type { RunResponse } from "./run-stream.ts";
import { noteFound } from "./note-found.ts";
import { toAnswer, toUsage, type OutputItem } from "./to-result.ts";

/** What a run's `resume` holds: enough to finish it in another process. */
export interface RunNotes {
  readonly conversationId: string;
  /** Files that its message brought into the conversation, by our document id. */
  readonly inlined: Readonly<Record<string, InsideFile>>;
  /** Its message began with the notes of earlier turns. */
  readonly broughtNotes: boolean;
  readonly streamed: boolean;
  /** The answer lies in the conversation: there is no run to wait for. */
  readonly recovered: boolean;
  readonly startedAt: number;
}

export interface FinishDeps {
  readonly context: EngineContext;
  readonly conversations: Conversations;
  readonly documents: Documents;
  readonly renewals: Renewals;
}

export function toResume(notes: RunNotes): Run["resume"] {
  return {
    conversation: notes.conversationId,
    inlined: JSON.stringify(notes.inlined),
    broughtNotes: String(notes.broughtNotes),
    streamed: String(notes.streamed),
    recovered: String(notes.recovered),
    startedAt: String(notes.startedAt),
  };
}

export function readResume({ resume }: Run): RunNotes {
  return {
    conversationId: resume["conversation"] ?? "",
    inlined: parseInlined(resume["inlined"]),
    broughtNotes: resume["broughtNotes"] === "true",
    streamed: resume["streamed"] === "true",
    recovered: resume["recovered"] === "true",
    startedAt: Number(resume["startedAt"] ?? "0"),
  };
}

/** Turns a run that ended into what people get, or into the error that says why there is nothing. */
export async function finishRun(
  response: RunResponse,
  question: Question,
  notes: RunNotes,
  deps: FinishDeps & { isOverdue: boolean; toDeadline: () => DocentError },
): Promise<RunResult> {
  const { context, conversations } = deps;
  const end = { conversationId: notes.conversationId, turnId: question.turnId };
  const usage = toUsage(response);
  const files = (response.output ?? []).some(namesFile)
    ? await readFileIds(question, context)
    : new Map<string, string>();
  const answer = withScans(
    toAnswer(response.output ?? [], (fileId) => files.get(fileId)),
    question,
    notes,
  );
  const gone = await noteFound(response.output ?? [], question, { files, inlined: notes.inlined }, deps.documents);
  const { status } = response;

  if (status === "completed") {
    const { inlined: inside, broughtNotes } = notes;
    const ballastTokens = toBallast(response.output ?? [], inside);
    const well = { inside, inputTokens: usage?.inputTokens ?? 0, broughtNotes, ballastTokens };
    const consulted = await readConsulted(question, notes, context);
    return { ...answer, consulted, usage, cutShort: null, noted: noteWell(question, { ...end, ...well }, gone, deps) };
  }
  // Whether its message stays in the conversation is not known: the next run looks.
  await conversations.noteEnd(question.conversation, { ...end, ended: "badly" });
  await purgeGone(question, gone, deps);
  if (status === "incomplete") {
    const isFiltered = response.incomplete_details?.reason === "content_filter";
    if (answer.text.trim() !== "") {
      const consulted = await readConsulted(question, notes, context);
      return { ...answer, consulted, usage, cutShort: isFiltered ? "filter" : "length" };
    }
    const code = isFiltered ? "content_filtered" : "run_failed";
    throw new DocentError(code, `The run ${response.id} ended early without any text.`);
  }
  if (status === "cancelled") {
    if (deps.isOverdue) throw deps.toDeadline();
    throw new DocentError("cancelled", `The run ${response.id} was cancelled.`);
  }
  throw toRunError(response.error?.code ?? null, response.id);
}

/** Not waited for here: the answer is saved meanwhile. Whoever is given the promise hears of a failure. */
function noteWell(
  question: Question,
  end: { conversationId: string; turnId: string } & Omit<Extract<RunEnd, { ended: "well" }>, "ended" | "mayRenew">,
  gone: Readonly<Record<string, InsideFile>>,
  deps: FinishDeps,
): Promise<void> {
  // Noted as being inside: should it not be deleted now, the next question, which may not see it, does it first.
  const inside = { ...end.inside, ...gone };
  const well = { ...end, inside, ended: "well", mayRenew: true } as const;
  const noting = deps.conversations.noteEnd(question.conversation, well);
  const noted = noting.then(async (isDue) => {
    await purgeGone(question, gone, deps);
    return isDue ? deps.renewals.begin(question) : undefined;
  });
  noted.catch(() => undefined);
  return noted;
}

/** Deletes from a conversation what a run left there of documents that were removed while it went on. */
async function purgeGone(
  { conversation }: Question,
  gone: Readonly<Record<string, InsideFile>>,
  { conversations, context }: FinishDeps,
): Promise<void> {
  const fileIds = Object.values(gone).map(({ fileId }) => fileId);
  if (fileIds.length === 0) return;
  try {
    await conversations.purgeFiles(conversation, fileIds);
  } catch (error) {
    // The answer is there all the same.
    context.log.warn("What a run found of a removed document could not be deleted yet.", { error });
  }
}

/** The answer of a turn whose run was lost, read from the conversation. Its usage is not known. */
export async function finishRecovered(
  question: Question,
  notes: RunNotes,
  deps: FinishDeps & { signal: AbortSignal },
): Promise<RunResult> {
  const { context, signal } = deps;
  const found = await findTurn(context.client, notes.conversationId, question.turnId, { signal });
  if (found === undefined || !hasAnswer(found)) {
    throw new DocentError("run_expired", "The answer is no longer in its conversation.");
  }
  const files = await readFileIds(question, context);
  const inside = await readBrought(found, question, context);
  const gone = await noteFound(found.answer, question, { files, inlined: inside }, deps.documents);
  const isCut = found.answer.some((item) => item.type === "message" && item.status === "incomplete");
  const end = { conversationId: notes.conversationId, turnId: question.turnId };
  const ballastTokens = toBallast(found.answer, inside);
  return {
    ...toAnswer(found.answer, (fileId) => files.get(fileId)),
    consulted: await readConsulted(question, { ...notes, inlined: inside }, context),
    usage: null,
    cutShort: isCut ? "length" : null,
    noted: noteWell(question, { ...end, inside, ballastTokens }, gone, deps),
  };
}

/** What a turn leaves inside its conversation beside its words: files that can be searched instead, and search results. */
function toBallast(items: readonly OutputItem[], inside: Readonly<Record<string, InsideFile>>): number {
  const results = items.flatMap((item) => (item.type === "file_search_call" ? (item.results ?? []) : []));
  const found = results.reduce((sum, { text }) => sum + estimateTokens(text ?? ""), 0);
  return Object.values(inside).reduce((sum, { tokens }) => sum + (tokens ?? 0), found);
}

/** The question's documents whose files a message brought into its conversation. */
export async function readBrought(
  { message }: FoundTurn,
  question: Question,
  context: EngineContext,
): Promise<Record<string, InsideFile>> {
  const files = await readFileIds(question, context);
  const inside: Record<string, InsideFile> = {};
  for (const part of message.type === "message" ? message.content : []) {
    const documentId = "file_id" in part && typeof part.file_id === "string" ? files.get(part.file_id) : undefined;
    const record = documentId === undefined ? undefined : await context.stores.documents.get(documentId);
    if (documentId !== undefined && record !== undefined) {
      inside[documentId] = { fileId: record.fileId, sizeBytes: record.sizeBytes };
    }
  }
  return inside;
}

/** Nothing of a scan can be found in our text of it: an answer without any source is of the scan that came with it. */
function withScans<T extends Pick<RunResult, "sources">>(answer: T, question: Question, { inlined }: RunNotes): T {
  if (answer.sources.length > 0) return answer;
  const sources = [...question.attached, ...question.available]
    .filter(({ document: { id, type } }) => type?.kind === "scan" && inlined[id] !== undefined)
    .map(({ document }) => ({ documentId: document.id, at: null, page: null, passage: null }));
  return { ...answer, sources };
}

/** OpenAI's file ids of the question's documents, and no others. */
async function readFileIds(question: Question, { stores }: EngineContext): Promise<Map<string, string>> {
  const entries = await Promise.all(
    [...question.attached, ...question.available].map(async ({ document }) => {
      const record = await stores.documents.get(document.id);
      return record === undefined ? [] : [[record.fileId, document.id] as const];
    }),
  );
  return new Map(entries.flat());
}

function namesFile(item: OutputItem): boolean {
  if (item.type === "file_search_call") return (item.results ?? []).length > 0;
  if (item.type !== "message") return false;
  return item.content.some((part) => part.type === "output_text" && (part.annotations ?? []).length > 0);
}

/** The question's documents that the model had whole before it, with this message or an earlier one. */
async function readConsulted(question: Question, notes: RunNotes, { stores }: EngineContext): Promise<string[]> {
  if (question.attached.length + question.available.length === 0) return [];
  const record = await stores.conversations.get(question.conversation);
  const inside = record?.conversationId === notes.conversationId ? record.inside : {};
  return [...question.attached, ...question.available]
    .map(({ document }) => document)
    .filter(({ id, type }) => type?.kind !== "image" && (notes.inlined[id] !== undefined || inside[id] !== undefined))
    .map(({ id }) => id);
}

function parseInlined(value: string | undefined): Record<string, InsideFile> {
  if (value === undefined) return {};
  const parsed: unknown = JSON.parse(value);
  if (typeof parsed !== "object" || parsed === null) return {};
  return Object.fromEntries(
    Object.entries(parsed).flatMap(([id, file]: [string, unknown]) => (isInsideFile(file) ? [[id, file]] : [])),
  );
}

function isInsideFile(value: unknown): value is InsideFile {
  return (
    typeof value === "object" &&
    value !== null &&
    "fileId" in value &&
    typeof value.fileId === "string" &&
    "sizeBytes" in value &&
    typeof value.sizeBytes === "number"
  );
}
