import { crashPoint } from "../../core/crash-point.ts";
import type { Document, ReadableDocument } from "../../core/document.ts";
import { DocentError } from "../../core/errors.ts";
import { isInlineOnly, isShort, maxTableTokens } from "./choose-documents.ts";
import type { EngineContext } from "./context.ts";
import { unlessGone } from "./openai-client.ts";
import type { DocumentRecord } from "./records.ts";
import { findArrived, uploadFile } from "./upload-file.ts";
import { MissingFileError, type VectorStores } from "./vector-stores.ts";

const DELETING = "Deleting a file";

export interface Documents {
  /** Uploads a document once; a long one is indexed as well. */
  add(readable: ReadableDocument, signal: AbortSignal): Promise<DocumentRecord>;
  /** Uploads a document once. */
  upload(readable: ReadableDocument, signal: AbortSignal): Promise<DocumentRecord>;
  /** Uploads a document once and has it indexed; what OpenAI lost is uploaded anew. */
  index(readable: ReadableDocument, options: { signal: AbortSignal; until?: number }): Promise<DocumentRecord>;
  record(documentId: string): Promise<DocumentRecord | undefined>;
  /** Notes, before it happens, that a conversation is about to hold the document's file. */
  noteConversation(documentId: string, conversation: string): Promise<void>;
  /** Forgets an upload whose file OpenAI no longer has. Returns whether that was so. */
  forgetIfGone(document: Document): Promise<boolean>;
  remove(document: Document, purge: (conversation: string, fileIds: readonly string[]) => Promise<void>): Promise<void>;
}

export function createDocuments(context: EngineContext, vectorStores: VectorStores): Documents {
  const { client, stores, clock, lock, inlineMaxTokens } = context;
  const { sdk } = client;
  const knownFileIds = new Set<string>();
  const uploads = { client, clock, knownFileIds, unsure: new Map<string, number>() };
  const locked = <T>(id: string, work: () => Promise<T>): Promise<T> => lock(`document ${id}`, work);

  async function upload(readable: ReadableDocument, signal: AbortSignal): Promise<DocumentRecord> {
    const { document } = readable;
    return await locked(document.id, async () => {
      const known = await stores.documents.get(document.id);
      if (known !== undefined) return known;
      const { fileId, sizeBytes } = await uploadFile(readable, { ...uploads, signal });
      crashPoint("document: uploaded, not recorded");
      knownFileIds.add(fileId);
      const record: DocumentRecord = { fileId, sizeBytes, conversations: [] };
      await stores.documents.set(document.id, record);
      return record;
    });
  }

  async function index(
    readable: ReadableDocument,
    options: { signal: AbortSignal; until?: number },
  ): Promise<DocumentRecord> {
    const record = await upload(readable, options.signal);
    try {
      await vectorStores.add(readable.document, record.fileId, options);
      return record;
    } catch (error) {
      if (!(error instanceof MissingFileError) || !(await forgetIfGone(readable.document))) throw error;
    }
    const fresh = await upload(readable, options.signal);
    await vectorStores.add(readable.document, fresh.fileId, options);
    return fresh;
  }

  async function forgetIfGone(document: Document): Promise<boolean> {
    const record = await stores.documents.get(document.id);
    if (record === undefined) return false;
    const found = await unlessGone(client.patiently("Looking for a file", () => sdk.files.retrieve(record.fileId)));
    if (found !== undefined) return false;
    await vectorStores.remove(document);
    await locked(document.id, async () => {
      await stores.documents.delete(document.id);
    });
    return true;
  }

  return {
    upload,
    index,
    forgetIfGone,
    record: (id) => stores.documents.get(id),

    async add(readable, signal) {
      const { document } = readable;
      const maxTokens = maxTableTokens(inlineMaxTokens);
      const tokens = document.tokens ?? 0;
      if (document.type?.kind === "table" && tokens > maxTokens) {
        // A table cannot be searched, and a long one in the prompt would be paid for with every later question.
        throw new DocentError("file_too_many_tokens", "A table is longer than what fits a question.", {
          details: { name: document.name, tokens, maxTokens },
        });
      }
      if (isInlineOnly(document) || isShort(document, inlineMaxTokens)) return await upload(readable, signal);
      return await index(readable, { signal });
    },

    async noteConversation(id, conversation) {
      await locked(id, async () => {
        const record = await stores.documents.get(id);
        if (record === undefined || record.conversations.includes(conversation)) return;
        await stores.documents.set(id, { ...record, conversations: [...record.conversations, conversation] });
      });
    },

    async remove(document, purge) {
      await vectorStores.remove(document);
      await locked(document.id, async () => {
        const record = await stores.documents.get(document.id);
        if (record === undefined) {
          // Its upload was never answered: the file may be there all the same.
          const arrived = await findArrived(document, uploads);
          if (arrived !== undefined) await unlessGone(client.patiently(DELETING, () => sdk.files.delete(arrived)));
          return;
        }
        for (const conversation of record.conversations) await purge(conversation, [record.fileId]);
        await unlessGone(client.patiently(DELETING, () => sdk.files.delete(record.fileId)));
        // Last: until everything is gone, a repeat must find what is left to do.
        await stores.documents.delete(document.id);
      });
    },
  };
}
