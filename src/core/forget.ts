import type { Document } from "./document.ts";
import type { Channel } from "./incoming.ts";
import type { ForgetReport } from "./ports/docent.ts";
import type { Engine } from "./ports/engine.ts";
import type { Bot } from "./ports/bot.ts";
import type { Blobs, Documents, Inbox } from "./ports/stores.ts";

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
  for (const engine of deps.engines) await engine.removeDocument(document);
  await deps.blobs.remove(document.blobId ?? document.id);
  await deps.documents.remove(document.id);
  await deps.bots.get(document.bot)?.showDocument(document, "removed");
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
