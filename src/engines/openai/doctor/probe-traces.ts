import { NotFoundError } from "openai";
import type { OpenAIClient } from "../openai-client.ts";

/**
 * Deletes what a probe made; returns the ids of what is still there. Of a conversation the items go first: they would
 * outlive it (openai 7.57, `conversations.ts`).
 */
export async function deleteTraces(
  { sdk }: OpenAIClient,
  made: {
    readonly runId?: string | undefined;
    readonly conversation?: string | undefined;
    readonly vectorStore?: string | undefined;
    readonly file?: string | undefined;
  },
): Promise<readonly string[]> {
  const left: string[] = [];
  const remove = async (id: string | undefined, work: (id: string) => Promise<unknown>): Promise<void> => {
    if (id === undefined) return;
    try {
      await work(id);
    } catch (error) {
      if (!(error instanceof NotFoundError)) left.push(id);
    }
  };
  await remove(made.runId, (id) => sdk.responses.delete(id));
  await remove(made.conversation, async (id) => {
    for await (const item of sdk.conversations.items.list(id)) {
      if (typeof item.id === "string") await sdk.conversations.items.delete(item.id, { conversation_id: id });
    }
    await sdk.conversations.delete(id);
  });
  await remove(made.vectorStore, (id) => sdk.vectorStores.delete(id));
  await remove(made.file, (id) => sdk.files.delete(id));
  return left;
}
