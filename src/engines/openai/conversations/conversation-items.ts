import type { OpenAI } from "openai";
import type { EngineContext } from "../context.ts";
import { isConversationLocked, toEngineError } from "../errors.ts";
import { NOTES_MARKER } from "./notes.ts";
import { unlessGone, type OpenAIClient } from "../openai-client.ts";
import { toMarker } from "../runs/question-text.ts";

export type ConversationItem = OpenAI.Conversations.ConversationItem;

const PAGE = 100;
/** A turn's message is among the newest: turns of one conversation come one after the other. */
const NEWEST = 200;
const LOCK_PAUSE_MS = 1_000;
const LOCK_TRIES = 30;

/** What a conversation holds of a turn. `answer` is everything between its message and the next one. */
export interface FoundTurn {
  readonly message: ConversationItem;
  readonly answer: readonly ConversationItem[];
}

/** Looks for a turn's message by its marker line, newest first, with what followed it. */
export async function findTurn(
  client: OpenAIClient,
  conversationId: string,
  turnId: string,
  { signal, within = NEWEST }: { signal?: AbortSignal | undefined; within?: number } = {},
): Promise<FoundTurn | undefined> {
  const marker = toMarker(turnId);
  let after: ConversationItem[] = [];
  let seen = 0;
  for await (const item of iterateItems(client, conversationId, signal)) {
    if (isUserMessage(item)) {
      if (textOf(item).some((text) => text.startsWith(marker))) {
        return { message: item, answer: after.toReversed() };
      }
      after = [];
    } else {
      after.push(item);
    }
    seen += 1;
    if (seen >= within) return undefined;
  }
  return undefined;
}

/** Whether what follows a turn's message holds an answer to it. */
export function hasAnswer({ answer }: FoundTurn): boolean {
  return answer.some((item) => item.type === "message" && item.role === "assistant" && item.content.length > 0);
}

/** All items that fit, of the whole conversation. A conversation that is gone has none. */
export async function findItems(
  client: OpenAIClient,
  conversationId: string,
  fits: (item: ConversationItem) => boolean,
): Promise<ConversationItem[]> {
  const found: ConversationItem[] = [];
  for await (const item of iterateItems(client, conversationId)) if (fits(item)) found.push(item);
  return found;
}

/**
 * What a conversation holds of files: messages that brought one, with the answers to them, searches that found passages
 * of one, and answers that cite one.
 */
export async function findTraces(
  client: OpenAIClient,
  conversationId: string,
  fileIds: readonly string[],
): Promise<ConversationItem[]> {
  const found = new Set<ConversationItem>();
  let after: ConversationItem[] = [];
  for await (const item of iterateItems(client, conversationId)) {
    if (isAboutFile(item, fileIds)) found.add(item);
    if (!isUserMessage(item)) {
      after.push(item);
      continue;
    }
    if (found.has(item)) for (const each of after) found.add(each);
    after = [];
  }
  return [...found];
}

/** Files that messages among these brought into their conversation. */
export function filesBroughtBy(items: readonly ConversationItem[]): readonly string[] {
  return items
    .flatMap((item) => (item.type === "message" ? item.content : []))
    .flatMap((part) => ("file_id" in part && typeof part.file_id === "string" ? part.file_id : []));
}

function isAboutFile(item: ConversationItem, fileIds: readonly string[]): boolean {
  return toFileIds(item).some((id) => fileIds.includes(id));
}

/** Files that an item brings, found or cites, by their ids at OpenAI. */
export function toFileIds(item: ConversationItem): string[] {
  if (item.type === "file_search_call") return (item.results ?? []).flatMap(({ file_id: id }) => id ?? []);
  if (item.type !== "message") return [];
  return item.content.flatMap((part) => {
    if (part.type === "input_file" || part.type === "input_image") return part.file_id ?? [];
    if (part.type !== "output_text") return [];
    return part.annotations.flatMap((note) => (note.type === "file_citation" ? note.file_id : []));
  });
}

/** Deletes items one by one; those that are gone are fine. Waits while a run holds the conversation. */
export async function deleteItems(
  { client, clock }: EngineContext,
  conversationId: string,
  items: readonly ConversationItem[],
  signal?: AbortSignal,
): Promise<void> {
  for (const item of items) {
    const id = idOf(item);
    if (id === undefined) continue;
    for (let tries = 1; ; tries += 1) {
      try {
        const params = { conversation_id: conversationId };
        await unlessGone(
          client.patiently("Deleting a message", () => client.sdk.conversations.items.delete(id, params), { signal }),
        );
        break;
      } catch (error) {
        if (!isConversationLocked(error) || tries >= LOCK_TRIES)
          throw toEngineError(error, "Deleting a message", client.model);
        await clock.sleep(Math.round(LOCK_PAUSE_MS * (0.75 + Math.random() * 0.25)), signal);
      }
    }
  }
}

/** Deletes a conversation with everything in it: the vendor keeps the items when only the conversation is deleted. */
export async function deleteConversation(context: EngineContext, conversationId: string): Promise<void> {
  const items = await findItems(context.client, conversationId, () => true);
  await deleteItems(context, conversationId, items);
  const { sdk } = context.client;
  await unlessGone(context.client.patiently("Deleting a conversation", () => sdk.conversations.delete(conversationId)));
}

/** Newest first, with what searches found. */
export async function* iterateItems(
  client: OpenAIClient,
  conversationId: string,
  signal?: AbortSignal,
): AsyncGenerator<ConversationItem> {
  let after: string | undefined;
  for (;;) {
    const query: OpenAI.Conversations.ItemListParams = {
      limit: PAGE,
      order: "desc",
      include: ["file_search_call.results"],
      ...(after === undefined ? {} : { after }),
    };
    const page = await unlessGone(
      client.patiently(
        "Reading a conversation",
        async () => await client.sdk.conversations.items.list(conversationId, query, { signal }),
        { signal },
      ),
    );
    if (page === undefined) return;
    yield* page.data;
    after = page.last_id;
    if (!page.has_more || page.data.length === 0) return;
  }
}

export function isUserMessage(item: ConversationItem): item is OpenAI.Conversations.Message {
  return item.type === "message" && item.role === "user";
}

/** The message with the notes of earlier turns. */
export function isNotesItem(item: ConversationItem): boolean {
  return isUserMessage(item) && textOf(item).some((text) => text.startsWith(NOTES_MARKER));
}

export function textOf(item: ConversationItem): string[] {
  if (item.type !== "message") return [];
  return item.content.flatMap((part) =>
    part.type === "input_text" || part.type === "output_text" || part.type === "text" ? [part.text] : [],
  );
}

function idOf(item: ConversationItem): string | undefined {
  return "id" in item && typeof item.id === "string" ? item.id : undefined;
}
