import type { OpenAI } from "openai";
import {
  isNotesItem,
  isUserMessage,
  iterateItems,
  textOf,
  toFileIds,
  type ConversationItem,
} from "./conversation-items.ts";
import type { OpenAIClient } from "../openai-client.ts";
import { readMarker } from "../runs/question-text.ts";

const MAX_CARRIED_CHARACTERS = 4_000;

export type FilePart =
  | { readonly type: "input_file"; readonly file_id: string }
  | { readonly type: "input_image"; readonly file_id: string; readonly detail: "auto" };

/** A turn as words: what a fresh conversation takes over from the one it replaces. */
export interface TurnWords {
  /** Undefined for a message of a time without markers. */
  readonly turnId: string | undefined;
  readonly messages: readonly {
    readonly role: "user" | "assistant";
    readonly text: string;
    readonly files: readonly FilePart[];
  }[];
  /** Files that the turn brought, and those that its answer may come from, by their ids at OpenAI. */
  readonly fileIds: readonly string[];
}

/** All turns of a conversation, oldest first, without the notes of earlier ones. `traces`: of turns with their words only. */
export async function listTurns(
  client: OpenAIClient,
  conversationId: string,
  options: { traces?: Readonly<Record<string, readonly string[]>> | undefined; signal?: AbortSignal | undefined } = {},
): Promise<TurnWords[]> {
  const found: { message: ConversationItem; items: ConversationItem[] }[] = [];
  let items: ConversationItem[] = [];
  for await (const item of iterateItems(client, conversationId, options.signal)) {
    if (isNotesItem(item)) continue;
    items.unshift(item);
    if (!isUserMessage(item)) continue;
    found.unshift({ message: item, items });
    items = [];
  }
  const inside = new Set<string>();
  return found.map(({ message, items: all }) => {
    const turnId = readMarker(textOf(message).join("\n").trim());
    const known = turnId === undefined ? undefined : options.traces?.[turnId];
    const brought = toFileIds(message);
    for (const id of brought) inside.add(id);
    const used = known ?? toUsed(all, inside);
    return { turnId, messages: all.flatMap(toWords), fileIds: [...new Set([...brought, ...used])] };
  });
}

/**
 * The files that an answer may come from: those that it cites; of one that cites none, all that were found or stood in
 * the conversation.
 */
function toUsed(items: readonly ConversationItem[], inside: ReadonlySet<string>): string[] {
  const cited = items.flatMap((item) => (item.type === "message" && !isUserMessage(item) ? toFileIds(item) : []));
  return cited.length > 0 ? cited : [...items.flatMap(toFileIds), ...inside];
}

function toWords(item: ConversationItem): TurnWords["messages"][number][] {
  if (item.type !== "message" || (item.role !== "user" && item.role !== "assistant")) return [];
  const text = textOf(item).join("\n").trim();
  return text === "" ? [] : [{ role: item.role, text, files: toFileParts(item) }];
}

/** The turns that no notes were made of. */
export function withoutNoted(turns: readonly TurnWords[], turnIds: readonly string[] | undefined): TurnWords[] {
  const noted = new Set(turnIds);
  return turns.filter(({ turnId }) => turnId === undefined || !noted.has(turnId));
}

/** The messages of turns as items of a conversation, without their files but for `keptFiles` (ids at OpenAI). */
export function toItems(
  turns: readonly TurnWords[],
  keptFiles: ReadonlySet<string>,
): OpenAI.Responses.ResponseInputItem[] {
  return turns.flatMap(({ messages }) =>
    messages.map(({ role, text, files }) => {
      const said = text.slice(0, MAX_CARRIED_CHARACTERS).toWellFormed();
      const kept = files.filter(({ file_id: id }) => keptFiles.has(id));
      if (kept.length === 0 || role !== "user") return { type: "message" as const, role, content: said };
      return { type: "message" as const, role, content: [...kept, { type: "input_text" as const, text: said }] };
    }),
  );
}

function toFileParts(item: ConversationItem): FilePart[] {
  if (item.type !== "message") return [];
  return item.content.flatMap((part): FilePart[] => {
    if (part.type === "input_file" && typeof part.file_id === "string")
      return [{ type: "input_file", file_id: part.file_id }];
    if (part.type === "input_image" && typeof part.file_id === "string")
      return [{ type: "input_image", file_id: part.file_id, detail: "auto" }];
    return [];
  });
}

/** Which files the turns come from: of words alone nobody could tell any more. */
export function toTraces(turns: readonly TurnWords[]): Record<string, readonly string[]> {
  return Object.fromEntries(turns.flatMap(({ turnId, fileIds }) => (turnId === undefined ? [] : [[turnId, fileIds]])));
}
