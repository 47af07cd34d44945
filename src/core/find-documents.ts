import type { Document } from "./document.ts";
import type { Incoming } from "./incoming.ts";
import type { Documents } from "./ports/stores.ts";

/**
 * What a question may look at: its own files, the channel's, and the team's knowledge, which channels that other
 * organisations can read see only where that is allowed. No question ever looks at anything else.
 */
export async function findDocuments(
  { channel, key }: Incoming,
  deps: { readonly documents: Documents; readonly knowledgeInSharedChannels: boolean },
): Promise<readonly Document[]> {
  const own = await deps.documents.list({ scope: { kind: "channel", key: channel.key } });
  // A problem is told where the file was posted, not again with every later question.
  const usable = own.filter((document) => document.problem === null || document.messageKey === key);
  if (channel.isShared && !deps.knowledgeInSharedChannels) return usable;
  const scope = { kind: "workspace", key: channel.workspace } as const;
  return [...usable, ...(await deps.documents.list({ scope, states: ["noted", "reading", "ready"] }))];
}
