import { freeTwins } from "../documents/content-twins.ts";
import { innerDocuments } from "../documents/expand-archive.ts";
import type { Document } from "../document.ts";
import type { Job } from "../job.ts";
import type { Documents } from "../ports/stores.ts";

/**
 * Takes the documents that a job deletes out of every later answer, at once: the job itself may have to wait for others
 * that are slow. Local and cheap; the job does it again.
 */
export async function hideDocuments({ action }: Job, store: Documents): Promise<void> {
  for (const document of await withInner(await toDelete(action, store), store)) await hideDocument(document, store);
}

/** Nothing finds it any more, and those with the same bytes stand by themselves. Safe to repeat. */
export async function hideDocument(document: Document, store: Documents): Promise<void> {
  await store.retire(document.id);
  await freeTwins(document, store);
}

/** With the files of archives, also those whose deletion was begun. They come before their archive. */
export async function withInner(documents: readonly Document[], store: Documents): Promise<readonly Document[]> {
  const all = new Map<string, Document>();
  const retired = await store.retired();
  for (const document of documents) {
    const begun = retired.filter(({ containerId }) => containerId === document.id);
    const inner = document.type?.kind === "archive" ? await innerDocuments(document, store) : [];
    for (const each of [...begun, ...inner, document]) all.set(each.id, each);
  }
  return [...all.values()];
}

async function toDelete(action: Job["action"], store: Documents): Promise<readonly Document[]> {
  if (action.kind === "remove-document") return [action.document];
  if (action.kind === "forget-channel") return action.documents;
  return action.kind === "delete-message" ? await store.list({ messageKey: action.messageKey }) : [];
}
