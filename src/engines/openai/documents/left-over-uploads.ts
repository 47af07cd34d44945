import type { EngineContext } from "../context.ts";
import { unlessGone } from "../openai-client.ts";
import { CLOCKS_DIFFER_S, mayBeOurs, toUploadLock, type UnsureUpload } from "./upload-file.ts";

export interface LeftOverUploads {
  /** Written down before anything is sent. */
  begin(documentId: string, upload: UnsureUpload): Promise<void>;
  /** Before a file is recorded as a document's: from then on it is nobody's left-over. */
  own(documentId: string, fileId: string): Promise<void>;
  /** The file is recorded, or there is certainly none. */
  end(documentId: string): Promise<void>;
  /** Deletes what was uploaded for a document that has no record, and could not be recorded. */
  clear(documentId: string): Promise<void>;
  disown(fileId: string): Promise<void>;
}

/**
 * A crash between an upload and its record leaves a file at OpenAI that nobody knows of. Files carry no mark of ours, so
 * it is found by name, size and time among those that belong to no document. It is deleted and never adopted: a file of
 * another channel may have the same name and size.
 */
export function createLeftOverUploads({
  client,
  stores,
  lock,
}: Pick<EngineContext, "client" | "stores" | "lock">): LeftOverUploads {
  const { sdk } = client;

  async function find(documentId: string, upload: UnsureUpload): Promise<string[]> {
    const found: string[] = [];
    const query = { purpose: upload.purpose, order: "desc", limit: 100 } as const;
    for await (const file of sdk.files.list(query)) {
      if (file.created_at < upload.since - CLOCKS_DIFFER_S) break;
      if (!mayBeOurs(file, upload)) continue;
      const owner = await stores.fileOwners.get(file.id);
      // Its own too: a crash may have come between the owner and the record.
      if (owner === undefined || owner === documentId) found.push(file.id);
    }
    return found;
  }

  return {
    async begin(documentId, upload) {
      await stores.uploads.set(documentId, upload);
    },
    async own(documentId, fileId) {
      await stores.fileOwners.set(fileId, documentId);
    },
    async end(documentId) {
      await stores.uploads.delete(documentId);
    },
    async clear(documentId) {
      const upload = await stores.uploads.get(documentId);
      if (upload === undefined) return;
      await lock(toUploadLock(upload), async () => {
        const fileIds = await client.patiently("Looking for an upload", () => find(documentId, upload));
        for (const id of fileIds) {
          await unlessGone(client.patiently("Deleting a file", () => sdk.files.delete(id)));
          await stores.fileOwners.delete(id);
        }
      });
      await stores.uploads.delete(documentId);
    },
    async disown(fileId) {
      await stores.fileOwners.delete(fileId);
    },
  };
}
