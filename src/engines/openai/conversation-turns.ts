import type { OpenAI } from "openai";
import { iterateItems, isUserMessage, textOf, toFileIds } from "./conversation-items.ts";
import { NOTES_MARKER } from "./notes.ts";
import type { OpenAIClient } from "./openai-client.ts";
import { readMarker } from "./question-text.ts";

const MAX_CARRIED_CHARACTERS = 4_000;

/** A turn as words: what a fresh conversation takes over from the one it replaces. */
export interface TurnWords {
  /** Undefined for a message of a time without markers. */
  readonly turnId: string | undefined;
  readonly messages: readonly { readonly role: "user" | "assistant"; readonly text: string }[];
  /** Files that the turn brought, found or cited, by their ids at OpenAI. */
  readonly fileIds: readonly string[];
}

/** All turns of a conversation, oldest first, without the notes of earlier ones. */
export async function listTurns(
  client: OpenAIClient,
  conversationId: string,
  options: { traces?: Readonly<Record<string, readonly string[]>> | undefined; signal?: AbortSignal | undefined } = {},
): Promise<TurnWords[]> {
  const turns: TurnWords[] = [];
  let messages: TurnWords["messages"][number][] = [];
  let fileIds: string[] = [];
  for await (const item of iterateItems(client, conversationId, options.signal)) {
    fileIds.push(...toFileIds(item));
    if (item.type !== "message" || (item.role !== "user" && item.role !== "assistant")) continue;
    const text = textOf(item).join("\n").trim();
    if (text.startsWith(NOTES_MARKER)) continue;
    if (text !== "") messages.unshift({ role: item.role, text });
    if (!isUserMessage(item)) continue;
    const turnId = readMarker(text);
    const known = turnId === undefined ? [] : (options.traces?.[turnId] ?? []);
    turns.push({ turnId, messages, fileIds: [...new Set([...fileIds, ...known])] });
    [messages, fileIds] = [[], []];
  }
  return turns.toReversed();
}

/** The turns that no notes were made of. */
export function withoutNoted(turns: readonly TurnWords[], turnIds: readonly string[] | undefined): TurnWords[] {
  const noted = new Set(turnIds);
  return turns.filter(({ turnId }) => turnId === undefined || !noted.has(turnId));
}

/** The messages of turns as items of a conversation. */
export function toItems(turns: readonly TurnWords[]): OpenAI.Responses.ResponseInputItem[] {
  return turns.flatMap(({ messages }) =>
    messages.map(({ role, text }) => ({
      type: "message" as const,
      role,
      content: text.slice(0, MAX_CARRIED_CHARACTERS).toWellFormed(),
    })),
  );
}

/** Which files the turns held: of words alone nobody could tell any more. */
export function toTraces(turns: readonly TurnWords[]): Record<string, readonly string[]> {
  return Object.fromEntries(
    turns.flatMap(({ turnId, fileIds }) => (turnId === undefined || fileIds.length === 0 ? [] : [[turnId, fileIds]])),
  );
}
