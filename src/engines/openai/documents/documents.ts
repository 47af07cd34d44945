import { crashPoint } from "../../../core/crash-point.ts";
import type { Document, ReadableDocument } from "../../../core/document.ts";
import { isShort } from "./choose-documents.ts";
import type { EngineContext } from "../context.ts";
import { createLeftOverUploads } from "./left-over-uploads.ts";
import { unlessGone } from "../openai-client.ts";
import type { DocumentRecord } from "../records.ts";
import { refuseUnusableScan } from "./scans.ts";
import { findArrived, toUploadLock, uploadFile, type UnsureUpload } from "./upload-file.ts";
import { chooseForm, isSearchable, type UploadForm } from "./upload-form.ts";
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
  /** As what it was uploaded, or will be. */
  formOf(readable: ReadableDocument): Promise<UploadForm>;
  /** Notes that somebody was told what a scan costs, and for which question. */
  noteOffer(
    documentId: string,
    conversation: string,
    offer: { readonly turnId: string; readonly question: string },
  ): Promise<void>;
  /**
   * Notes that a conversation holds the document's file or passages of it, or is about to. Returns whether the document
   * is still there; a removal that is under way is waited for.
   */
  noteConversation(documentId: string, conversation: string): Promise<boolean>;
  /** Forgets an upload whose file OpenAI no longer has. Returns whether that was so. */
  forgetIfGone(document: Document): Promise<boolean>;
  remove(document: Document, purge: (conversation: string, fileIds: readonly string[]) => Promise<void>): Promise<void>;
}

export function createDocuments(context: EngineContext, vectorStores: VectorStores): Documents {
  const { client, stores, clock, lock, inlineMaxTokens } = context;
  const { sdk } = client;
  const isOwned = async (fileId: string): Promise<boolean> => (await stores.fileOwners.get(fileId)) !== undefined;
  const uploads = { client, clock, lock, isOwned, unsure: new Map<string, UnsureUpload>() };
  const leftOvers = createLeftOverUploads(context);
  const locked = <T>(id: string, work: () => Promise<T>): Promise<T> => lock(`document ${id}`, work);

  async function upload(readable: ReadableDocument, signal: AbortSignal): Promise<DocumentRecord> {
    const { document } = readable;
    return await locked(document.id, async () => {
      const known = await stores.documents.get(document.id);
      if (known !== undefined) return known;
      const form = await chooseForm(readable, inlineMaxTokens);
      // One that may have arrived without our knowing is looked for first, and used.
      if (!uploads.unsure.has(document.id)) await leftOvers.clear(document.id);
      const onBegin = (wanted: UnsureUpload): Promise<void> => leftOvers.begin(document.id, wanted);
      const onRefused = (): Promise<void> => leftOvers.end(document.id);
      const onArrived = async (id: string): Promise<void> => {
        crashPoint("document: uploaded, not recorded");
        await leftOvers.own(document.id, id);
      };
      const { fileId, sizeBytes } = await uploadFile(readable, {
        ...uploads,
        form,
        signal,
        onBegin,
        onRefused,
        onArrived,
      });
      const record: DocumentRecord = { fileId, sizeBytes, form, conversations: [] };
      await stores.documents.set(document.id, record);
      await leftOvers.end(document.id);
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

  async function deleteArrived(documentId: string): Promise<void> {
    const wanted = uploads.unsure.get(documentId);
    if (wanted === undefined) return;
    await lock(toUploadLock(wanted), async () => {
      const arrived = await findArrived(documentId, uploads);
      if (arrived !== undefined) await unlessGone(client.patiently(DELETING, () => sdk.files.delete(arrived)));
    });
  }

  async function formOf(readable: ReadableDocument): Promise<UploadForm> {
    const record = await stores.documents.get(readable.document.id);
    if (record !== undefined) return record.form ?? "original";
    return await chooseForm(readable, inlineMaxTokens);
  }

  return {
    upload,
    index,
    forgetIfGone,
    record: (id) => stores.documents.get(id),

    async add(readable, signal) {
      const { document } = readable;
      refuseUnusableScan(document);
      const form = await formOf(readable);
      const isInline = !isSearchable(document, form) || isShort(document, inlineMaxTokens);
      return isInline ? await upload(readable, signal) : await index(readable, { signal });
    },

    formOf,

    async noteOffer(id, conversation, offer) {
      await locked(id, async () => {
        const record = await stores.documents.get(id);
        if (record === undefined) return;
        await stores.documents.set(id, { ...record, offered: { ...record.offered, [conversation]: offer } });
      });
    },

    async noteConversation(id, conversation) {
      return await locked(id, async () => {
        const record = await stores.documents.get(id);
        if (record === undefined) return false;
        if (record.conversations.includes(conversation)) return true;
        await stores.documents.set(id, { ...record, conversations: [...record.conversations, conversation] });
        return true;
      });
    },

    async remove(document, purge) {
      await vectorStores.remove(document);
      await locked(document.id, async () => {
        const record = await stores.documents.get(document.id);
        if (record === undefined) {
          // Its upload was never answered: the file may be there all the same.
          await deleteArrived(document.id);
          await leftOvers.clear(document.id);
          return;
        }
        for (const conversation of record.conversations) await purge(conversation, [record.fileId]);
        await unlessGone(client.patiently(DELETING, () => sdk.files.delete(record.fileId)));
        await leftOvers.clear(document.id);
        await leftOvers.disown(record.fileId);
        // Last: until everything is gone, a repeat must find what is left to do.
        await stores.documents.delete(document.id);
      });
    },
  };
}
