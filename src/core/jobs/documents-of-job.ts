import { freeTwins } from "../documents/content-twins.ts";
import { innerDocuments } from "../documents/expand-archive.ts";
import type { Document } from "../document.ts";
import { mapAtMost } from "../map-at-most.ts";
import type { Job } from "../job.ts";
import type { Documents } from "../ports/stores.ts";

/** Documents that are hidden side by side: stores write what comes together in one go. */
const AT_ONCE = 64;

/**
 * Takes the documents that a job deletes out of every later answer, at once: the job itself may have to wait for others
 * that are slow. Local, and quick also where there are many; the job does it again.
 */
export async function hideDocuments({ action }: Job, store: Documents): Promise<void> {
  // Of a channel everything goes: nothing there is left to stand by itself.
  if (action.kind === "forget-channel") {
    await mapAtMost(AT_ONCE, action.documents, ({ id }) => store.retire(id));
    return;
  }
  for (const document of await toDelete(action, store)) {
    // One that is gone was hidden before: at a start there may be many such jobs.
    if ((await store.get(document.id)) === undefined) continue;
    for (const each of [...(await innerOf(document, store)), document]) await hideDocument(each, store);
  }
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
    for (const each of [...begun, ...(await innerOf(document, store)), document]) all.set(each.id, each);
  }
  return [...all.values()];
}

async function innerOf(document: Document, store: Documents): Promise<readonly Document[]> {
  return document.type?.kind === "archive" ? await innerDocuments(document, store) : [];
}

async function toDelete(action: Job["action"], store: Documents): Promise<readonly Document[]> {
  if (action.kind === "remove-document") return [action.document];
  return action.kind === "delete-message" ? await store.list({ messageKey: action.messageKey }) : [];
}
