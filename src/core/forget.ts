import type { Document } from "./document.ts";
import { innerDocuments } from "./expand-archive.ts";
import type { Channel } from "./incoming.ts";
import type { ForgetReport } from "./ports/docent.ts";
import type { Engine } from "./ports/engine.ts";
import type { Bot } from "./ports/bot.ts";
import type { Blobs, Documents, Inbox } from "./ports/stores.ts";
import type { Clock } from "./ports/system.ts";

export interface ForgetDeps {
  readonly documents: Documents;
  readonly blobs: Blobs;
  readonly inbox: Inbox;
  readonly engines: readonly Engine[];
  readonly bots: ReadonlyMap<string, Bot>;
}

/**
 * Deletes a document everywhere. The engines come first and our own record last: until everything is gone the record is
 * there, so that the deletion can be repeated.
 */
export async function removeDocument(document: Document, deps: ForgetDeps): Promise<void> {
  if (document.type?.kind === "archive") {
    for (const inner of await innerDocuments(document, deps.documents)) await removeDocument(inner, deps);
  }
  for (const engine of deps.engines) await engine.removeDocument(document);
  await deps.blobs.remove(document.blobId ?? document.id);
  await deps.documents.remove(document.id);
  await deps.bots.get(document.bot)?.showDocument(document, "removed");
}

/** Removes files that belong to no document: uploads that a crash cut off before they were accepted. */
export async function sweepBlobs(deps: Pick<ForgetDeps, "blobs" | "documents"> & { clock: Clock }): Promise<void> {
  // What is written from now on belongs to uploads under way. Listed first: a document may be added meanwhile.
  const found = await deps.blobs.list(deps.clock.now());
  if (found.length === 0) return;
  const known = new Set((await deps.documents.list({})).map(({ id, blobId }) => blobId ?? id));
  for (const id of found) if (!known.has(id)) await deps.blobs.remove(id);
}

/** Deletes what is left of a channel whose turns have ended: documents, conversations, then the turns' own texts. */
export async function forgetChannel(channel: Channel, deps: ForgetDeps): Promise<ForgetReport> {
  const documents = await deps.documents.list({ scope: { kind: "channel", key: channel.key } });
  for (const document of documents) await removeDocument(document, deps);
  const conversations = await deps.inbox.conversations(channel.key);
  for (const conversation of conversations) {
    for (const engine of deps.engines) await engine.forgetConversation(conversation);
  }
  const messages = await deps.inbox.forgetChannel(channel.key);
  return { messages, documents: documents.length, conversations: conversations.length };
}
