import type { HistoryMessage } from "../../src/engines/openai/moving/plan-history.ts";
import { InputError, isJson, type Json } from "./input.ts";

/** Messages that no person and no assistant wrote: instructions, and what tools said. */
const LEFT_OUT = ["system", "developer", "tool"];

/**
 * Reads messages, oldest first: Docent's own shape (`role`, `text`, `at`, perhaps `name`), and that of OpenAI's
 * `threads.messages.list` (`role`, `content`, `created_at`, `attachments`), which puts the newest first.
 * @throws InputError for the first that is neither
 */
export function parseMessages(value: unknown, place: string): readonly HistoryMessage[] {
  const list = isJson(value) ? value["data"] : value;
  if (!Array.isArray(list)) throw new InputError(place, "messages have to be a list, or OpenAI's page with `data`.");
  const messages = list.flatMap((each: unknown, index) => parseMessage(each, `${place}[${index}]`) ?? []);
  if (messages.some(({ at }) => at === null)) return messages;
  const [first, last] = [messages[0]?.at ?? 0, messages.at(-1)?.at ?? 0];
  // Of one second, as OpenAI counts, the order of the list decides, whichever way it goes.
  const ordered = first > last ? messages.toReversed() : messages;
  return ordered.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0));
}

function parseMessage(value: unknown, place: string): HistoryMessage | undefined {
  if (!isJson(value)) throw new InputError(place, "a message has to be an object with `role` and `text`.");
  const { role } = value;
  if (typeof role === "string" && LEFT_OUT.includes(role)) return undefined;
  if (role !== "user" && role !== "assistant") {
    throw new InputError(`${place}.role`, "the role has to be user or assistant.");
  }
  const parts = toParts(value, place);
  const text = parts.map((part, index) => textOfPart(part, `${place}.content[${index}]`)).join("\n");
  const name = typeof value["name"] === "string" && value["name"].trim() !== "" ? value["name"].trim() : null;
  return { role, text: text.trim(), at: timeOf(value, place), name, fileIds: [...new Set(filesOf(value, parts))] };
}

function toParts(message: Json, place: string): readonly unknown[] {
  const said = message["text"] ?? message["content"];
  if (typeof said === "string") return [said];
  if (Array.isArray(said)) return said;
  throw new InputError(place, "a message needs a `text`, or a `content` as OpenAI wrote it.");
}

function textOfPart(part: unknown, place: string): string {
  if (typeof part === "string") return part;
  if (!isJson(part)) throw new InputError(place, "a part of a message has to be an object.");
  const { text } = part;
  if (typeof text === "string") return text;
  if (!isJson(text)) return "";
  if (typeof text["value"] !== "string") throw new InputError(`${place}.text.value`, "the text is missing.");
  // `【4:0†source】`: says nothing without its file.
  return annotationsOf(part)
    .map(({ text: mark }) => (typeof mark === "string" && mark.includes("†") ? mark : ""))
    .filter((mark) => mark !== "")
    .reduce((rest, mark) => rest.replaceAll(mark, ""), text["value"]);
}

function timeOf(message: Json, place: string): number | null {
  const { at, created_at: created } = message;
  if (typeof created === "number" && at === undefined) return created * 1000;
  if (at === undefined || at === null) return null;
  const time = typeof at === "string" ? Date.parse(at) : Number.NaN;
  if (Number.isNaN(time)) throw new InputError(`${place}.at`, "a time has to look like 2026-05-03T09:30:00Z.");
  return time;
}

/** Files of a message wherever the API has put their ids in its time: v1 and v2, attachments, pictures, citations. */
function filesOf(message: Json, parts: readonly unknown[]): string[] {
  const attached = [listOf(message["attachments"]), listOf(message["file_ids"]), listOf(message["files"])].flat();
  const inParts = parts
    .filter(isJson)
    .flatMap((part) => [
      part["image_file"],
      ...annotationsOf(part).flatMap((note) => [note["file_citation"], note["file_path"]]),
    ]);
  return [...attached, ...inParts]
    .map((each) => (isJson(each) ? each["file_id"] : each))
    .filter((id): id is string => typeof id === "string" && id.startsWith("file-"));
}

function annotationsOf(part: Json): readonly Json[] {
  return isJson(part["text"]) ? listOf(part["text"]["annotations"]).filter(isJson) : [];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
