import { hash } from "node:crypto";
import type { OpenAI } from "openai";
import type { Document } from "../../../core/document.ts";
import { isDocentError, type DocentError } from "../../../core/errors.ts";
import { mapAtMost } from "../../../core/map-at-most.ts";
import type { Question } from "../../../core/ports/engine.ts";
import { chooseDocuments } from "../documents/choose-documents.ts";
import type { EngineContext } from "../context.ts";
import type { Conversations } from "../conversations/conversations.ts";
import type { Documents } from "../documents/documents.ts";
import { INSTRUCTIONS, toQuestionText } from "./question-text.ts";
import { toNotesText } from "../conversations/notes.ts";
import type { ConversationRecord, InsideFile, VectorStoreRecord } from "../records.ts";
import { judgeScans, toQuestionHash, toScanCosts } from "../documents/scans.ts";
import { isSearchable, type UploadForm } from "../documents/upload-form.ts";
import { toFileSearchTool, type VectorStores } from "../documents/vector-stores.ts";

/** Counts reasoning too; the smallest that OpenAI takes is 16. */
const MAX_OUTPUT_TOKENS = 16_000;

/** One that costs more than this goes on in a fresh one at once, before its question: renewals have failed so far. */
const ROLL_OVER_TOKENS = 40_000;

const UPLOADS_AT_ONCE = 4;

/** An estimate: OpenAI publishes no figure. */
const PAGE_IMAGE_TOKENS = 1_000;

export type RunBody = OpenAI.Responses.ResponseCreateParams & { readonly conversation: string };

/** Everything a run needs, with every file in its place. */
export interface PreparedRun {
  readonly conversationId: string;
  readonly body: Omit<RunBody, "stream">;
  /** Files that this question's message brings into the conversation, by our document id. */
  readonly inlined: Readonly<Record<string, InsideFile>>;
  /** The notes of earlier turns come with it, as they are not in the conversation. */
  readonly broughtNotes: boolean;
}

export interface Parts {
  readonly conversations: Conversations;
  readonly documents: Documents;
  readonly vectorStores: VectorStores;
}

/**
 * Brings a question's documents where the model can use them, and writes the request. Safe to repeat. `opened` is the
 * conversation where it has just been read.
 */
export async function prepareRun(
  question: Question,
  context: EngineContext,
  parts: Parts & { readonly signal: AbortSignal; readonly opened?: ConversationRecord },
): Promise<PreparedRun> {
  const { conversations, documents, vectorStores, signal } = parts;
  const readables = new Map([...question.available, ...question.attached].map((each) => [each.document.id, each]));
  const allowed = new Set(readables.keys());
  const record = await openConversation();

  const forms = new Map<string, UploadForm>();
  for (const [id, readable] of readables)
    if (isTable(readable.document)) forms.set(id, await documents.formOf(readable));
  const canSearch = (document: Document): boolean => isSearchable(document, forms.get(document.id) ?? "original");
  const scans = await judgeScans(question, (id) => documents.record(id));
  const choice = chooseDocuments({
    attached: question.attached.map(({ document }) => document),
    available: question.available.map(({ document }) => document),
    inside: new Set(Object.keys(record.inside)),
    left: new Set(record.left),
    insideBytes: Object.values(record.inside).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    inlineMaxTokens: context.inlineMaxTokens,
    isSearchable: canSearch,
    wantedScans: scans.wanted,
    agreedScans: scans.agreed,
  });
  if (choice.costly.length > 0) await offer(choice.costly);

  const inlined: Record<string, InsideFile> = {};
  const refused: Document[] = [];
  const known = await readStores();
  const missing = choice.searched.filter(({ id }) => !known.some((each) => each.documents[id]?.state === "ready"));
  await mapAtMost(UPLOADS_AT_ONCE, [...choice.inline, ...missing], async (document) => {
    const readable = readables.get(document.id);
    if (readable === undefined) return;
    try {
      if (choice.inline.includes(document)) {
        const { fileId, sizeBytes } = await documents.upload(readable, signal);
        await documents.noteConversation(document.id, question.conversation);
        const tokens = canSearch(document) ? toInsideTokens(document) : undefined;
        inlined[document.id] = { fileId, sizeBytes, tokens };
      } else {
        await documents.index(readable, { signal, until: question.deadlineAt });
      }
    } catch (error) {
      // One document that OpenAI will not take must not cost the answer from the others.
      if (!isFileProblem(error)) throw error;
      context.log.warn("A document was left out of a question.", { document: document.id, code: error.code });
      refused.push(document);
    }
  });

  const tool = toFileSearchTool(missing.length > 0 ? await readStores() : known, allowed);
  const files = choice.inline.flatMap((document) => toPart(document, inlined[document.id]));
  const text = toQuestionText(question, {
    searched: new Set(choice.searched.map(({ id }) => id)),
    omitted: [...choice.omitted, ...refused].map(({ name }) => name),
  });
  const earlier = record.notesDue === true ? toNotesText(record.notes ?? []) : "";
  return {
    conversationId: record.conversationId,
    inlined,
    broughtNotes: earlier !== "",
    body: {
      model: context.client.model,
      background: true,
      store: true,
      conversation: record.conversationId,
      instructions: INSTRUCTIONS,
      input: [
        ...(earlier === "" ? [] : [{ type: "message", role: "user", content: earlier } as const]),
        { type: "message", role: "user", content: [...files, { type: "input_text", text }] },
      ],
      metadata: { turn: question.turnId.slice(0, 512) },
      max_output_tokens: MAX_OUTPUT_TOKENS,
      ...(context.reasoningEffort === undefined ? {} : { reasoning: { effort: context.reasoningEffort } }),
      safety_identifier: toHash(`${question.workspace} ${question.author.id}`),
      prompt_cache_key: toHash(question.conversation),
      ...(tool === undefined ? {} : { tools: [tool], include: ["file_search_call.results"] }),
    },
  };

  /** What can be searched in the question's scopes; nothing to read where it may use no document. */
  async function readStores(): Promise<VectorStoreRecord[]> {
    if (readables.size === 0) return [];
    const records = await Promise.all([
      vectorStores.record({ kind: "channel", key: question.channel }),
      vectorStores.record({ kind: "workspace", key: question.workspace }),
    ]);
    return records.filter((each) => each !== undefined);
  }

  /** Notes that the asker is told what these scans cost, and tells it. */
  async function offer(costly: readonly Document[]): Promise<never> {
    const note = { turnId: question.turnId, question: toQuestionHash(question) };
    for (const { id } of costly) {
      const readable = readables.get(id);
      // The note lies with its upload, which OpenAI may have lost.
      if (readable !== undefined) await documents.upload(readable, signal);
      await documents.noteOffer(id, question.conversation, note);
    }
    throw toScanCosts(costly, context.client.model, question.locale);
  }

  /** The conversation as it may be used now: nothing in it that this question may not see, and not too long. */
  async function openConversation(): ReturnType<Conversations["ensure"]> {
    const key = question.conversation;
    let current = parts.opened ?? (await conversations.ensure(key, signal));
    const forbidden = Object.entries(current.inside).filter(([id]) => !allowed.has(id));
    if (forbidden.length > 0) {
      await conversations.purgeFiles(
        key,
        forbidden.map(([, { fileId }]) => fileId),
      );
      current = await conversations.ensure(key, signal);
    }
    if (current.inputTokens > Math.max(ROLL_OVER_TOKENS, context.inlineMaxTokens * 5)) {
      await conversations.rollOver(key, signal);
      current = await conversations.ensure(key, signal);
    }
    return current;
  }
}

function toPart(document: Document, file: InsideFile | undefined): OpenAI.Responses.ResponseInputContent[] {
  if (file === undefined) return [];
  return document.type?.kind === "image"
    ? [{ type: "input_image", file_id: file.fileId, detail: "auto" }]
    : [{ type: "input_file", file_id: file.fileId }];
}

/** What a document costs inside a conversation; of a PDF the model also gets each page as a picture. */
function toInsideTokens({ tokens, type, pages }: Document): number {
  return (tokens ?? 0) + (type?.kind === "pdf" ? (pages ?? 1) * PAGE_IMAGE_TOKENS : 0);
}

function isTable({ type }: Document): boolean {
  return type?.kind === "table" || type?.kind === "workbook";
}

function isFileProblem(error: unknown): error is DocentError {
  return isDocentError(error) && error.code.startsWith("file_");
}

/** 64 hexadecimal digits: what `safety_identifier` and `prompt_cache_key` take, and nothing that names a person. */
function toHash(value: string): string {
  return hash("sha256", value);
}
