import type { Author, Channel } from "./incoming.ts";

interface Place {
  readonly channel: Channel;
  readonly author: Author;
}

export interface KnowledgePolicy {
  readonly knowledgeInSharedChannels: boolean;
}

/** Whether the team's knowledge may be used here: not for guests, and where others can read only when that is allowed. */
export function mayUseKnowledge({ channel, author }: Place, { knowledgeInSharedChannels }: KnowledgePolicy): boolean {
  return author.isGuest !== true && (!channel.isShared || knowledgeInSharedChannels);
}

/**
 * The conversation that a question belongs to. Whoever may not see the team's knowledge has a memory apart: in the other
 * one it may have been quoted.
 */
export function toMemory(place: Place & { readonly conversation: string }, policy: KnowledgePolicy): string {
  return mayUseKnowledge(place, policy) ? place.conversation : toMemoryApart(place.conversation);
}

export function toMemoryApart(conversation: string): string {
  return `${conversation}|apart`;
}
