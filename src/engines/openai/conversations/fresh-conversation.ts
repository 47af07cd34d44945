import type { OpenAI } from "openai";
import { crashPoint } from "../../../core/crash-point.ts";
import type { EngineContext } from "../context.ts";
import { unlessGone } from "../openai-client.ts";

/** "At most 20 items" in one call (openai 7.57, `conversations/items.ts`). */
const ITEMS_PER_CALL = 20;

/** Creates a conversation with nothing in it: one that nobody knows of after a crash holds nothing. Returns its id. */
export async function createConversation(
  { client }: EngineContext,
  key: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const body = { metadata: { docent: key.slice(0, 512) } };
  const created = await client.patiently(
    "Creating a conversation",
    () => client.sdk.conversations.create(body, { signal }),
    { signal },
  );
  crashPoint("conversation: created, not recorded");
  return created.id;
}

/** Adds items to a conversation, in order. Returns false when it is gone. */
export async function fillConversation(
  { client }: EngineContext,
  conversationId: string,
  items: readonly OpenAI.Responses.ResponseInputItem[],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  for (let start = 0; start < items.length; start += ITEMS_PER_CALL) {
    const body = { items: items.slice(start, start + ITEMS_PER_CALL) };
    // Not repeated: what arrived without an answer would stand there twice.
    const added = await unlessGone(
      client.patiently(
        "Filling a conversation",
        () => client.sdk.conversations.items.create(conversationId, body, { signal }),
        { signal, tries: 1 },
      ),
    );
    if (added === undefined) return false;
  }
  return true;
}
