import type { Document } from "../document.ts";
import type { Incoming } from "../incoming.ts";
import { findOlder } from "../citing/find-older.ts";
import { mayUseKnowledge, type KnowledgePolicy } from "../knowledge-policy.ts";
import type { Documents } from "../ports/stores.ts";

/**
 * What a question may look at: its own files, the channel's, and the team's knowledge where that is allowed. No question
 * ever looks at anything else. Of several documents with one name the newest counts, unless an older one came with the
 * question itself.
 */
export async function findDocuments(
  incoming: Pick<Incoming, "channel" | "author" | "key">,
  deps: KnowledgePolicy & { readonly documents: Documents },
): Promise<readonly Document[]> {
  const { channel, key } = incoming;
  const own = await deps.documents.list({ scope: { kind: "channel", key: channel.key } });
  // A problem is told where the file was posted, not again with every later question.
  const usable = withoutOlder(own, key).filter(({ problem, messageKey }) => problem === null || messageKey === key);
  if (!mayUseKnowledge(incoming, deps)) return usable;
  const scope = { kind: "workspace", key: channel.workspace } as const;
  const team = await deps.documents.list({ scope, states: ["noted", "reading", "ready"] });
  return [...usable, ...withoutOlder(team, key)];
}

function withoutOlder(documents: readonly Document[], key: string): readonly Document[] {
  const older = findOlder(documents);
  return documents.filter(({ id, messageKey }) => messageKey === key || !older.has(id));
}
