import { emptyInput, InputError, isJson, isThreadId, type Entry, type Input, type Json } from "./input.ts";
import { parseChannel, parsePlatform } from "./parse-channel.ts";
import { parseJson } from "./parse-json.ts";
import { parseMessages } from "./parse-messages.ts";

/** A row of keyv's table, as it lies in a database or in a dump of one. */
export interface KeyvRow {
  readonly place: string;
  readonly key: string;
  readonly value: unknown;
}

/**
 * Reads what a file of JSON, or of one JSON object a line, tells of channels and their threads. Each thing that is wrong
 * is a problem of its own with its place; the rest is read all the same. `now`: keyv's rows may have expired by then.
 */
export function parseInput(file: string, text: string, now: number): Input {
  const input = emptyInput();
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  const filled = lines.map((line, index) => ({ line, place: `${file}, line ${index + 1}` }));
  const nonEmpty = filled.filter(({ line }) => line.trim() !== "");
  if (nonEmpty.length === 0) input.problems.push(`${file}: there is nothing in it.`);
  else if (nonEmpty.length > 1 && isObjectAlone(nonEmpty[0]?.line ?? "")) {
    for (const { line, place } of nonEmpty) {
      attempt(input, () => addPart(parseJson(line, place), place, input, now));
    }
  } else attempt(input, () => addWhole(parseJson(lines.join("\n"), file), file, input, now));
  return input;
}

/** Adds rows of keyv. Those that hold something else than a thread are left out: the old bot may have kept more there. */
export function addKeyvRows(rows: readonly KeyvRow[], input: Input, now: number): void {
  for (const row of rows) attempt(input, () => addKeyvRow(row, input, now));
}

function addWhole(value: unknown, file: string, input: Input, now: number): void {
  if (Array.isArray(value)) {
    if (value.length > 0 && value.every(isMessageOfThread)) addMessages(value, file, input);
    else
      for (const [index, each] of value.entries())
        attempt(input, () => addPart(each, `${file}, [${index}]`, input, now));
    return;
  }
  if (!isJson(value)) throw new InputError(file, "it has to hold an object or a list.");
  if (isOnePart(value)) return addPart(value, file, input, now);
  for (const [name, each] of Object.entries(value)) {
    const place = `${file}, “${name.slice(0, 80)}”`;
    attempt(input, () => addNamed(name, each, place, input));
  }
}

/** Something that stands by itself: in a list, on a line, or as the only thing in a file. */
function addPart(value: unknown, place: string, input: Input, now: number): void {
  if (!isJson(value)) throw new InputError(place, "it has to be an object.");
  if (typeof value["key"] === "string" && "value" in value) {
    addKeyvRow({ place, key: value["key"], value: value["value"] }, input, now);
  } else if (value["channel"] !== undefined) {
    const { channel } = value;
    if (typeof channel !== "string") throw new InputError(`${place}.channel`, "the channel has to be a text.");
    input.entries.push(toEntry(channel, value, place));
  } else if (Array.isArray(value["data"])) {
    if (value["has_more"] === true) {
      input.remarks.push(`${place}: it says has_more: there were more messages than it holds.`);
    }
    addMessages(value["data"], place, input);
  } else if (isMessageOfThread(value)) {
    addMessages([value], place, input);
  } else if (Object.values(value).every(isThreadId)) {
    for (const [name, thread] of Object.entries(value)) addNamed(name, thread, place, input);
  } else
    throw new InputError(place, "it names no channel. docs/moving-from-assistants.md shows what it may look like.");
}

/** What stands under a name: the thread of a channel, all about a channel, or the messages of a thread. */
function addNamed(name: string, value: unknown, place: string, input: Input): void {
  if (typeof value === "string") input.entries.push(toEntry(name, { thread: value }, place));
  else if (isThreadId(name)) {
    input.histories.push({ place, thread: name, messages: parseMessages(value, place) });
  } else if (isJson(value)) input.entries.push(toEntry(name, value, place));
  else throw new InputError(place, "a channel needs the id of its thread, thread_….");
}

/** Messages of OpenAI's own, which name their thread themselves. */
function addMessages(list: readonly unknown[], place: string, input: Input): void {
  const threads = new Map<string, unknown[]>();
  for (const [index, each] of list.entries()) {
    if (!isMessageOfThread(each)) {
      const seen = "the message names no thread. Put the list into an object with its channel, under `messages`.";
      throw new InputError(`${place}[${index}]`, seen);
    }
    threads.set(each.thread_id, [...(threads.get(each.thread_id) ?? []), each]);
  }
  for (const [thread, own] of threads) input.histories.push({ place, thread, messages: parseMessages(own, place) });
}

function addKeyvRow({ place, key, value }: KeyvRow, input: Input, now: number): void {
  const kept = unwrap(value);
  const { expires } = kept;
  const thread = toThread(kept.value);
  if (thread === null) input.remarks.push(`${place}: ${key.slice(0, 80)} holds no thread.`);
  else if (typeof expires === "number" && expires <= now) input.remarks.push(`${place}: ${key.slice(0, 80)} expired.`);
  else input.entries.push(toEntry(key, { thread }, place));
}

/** Keyv keeps `{"value":…,"expires":…}` as text; where there was no namespace or serializer, the value itself. */
function unwrap(value: unknown): Json {
  let kept = value;
  if (typeof value === "string" && value.trim().startsWith("{")) {
    try {
      kept = JSON.parse(value);
    } catch {
      kept = value;
    }
  }
  return isJson(kept) && "value" in kept ? kept : { value: kept };
}

/** The thread that an old bot kept: its id, or an object that has it somewhere. */
function toThread(value: unknown): string | null {
  if (isThreadId(value)) return value;
  return isJson(value) ? (Object.values(value).find(isThreadId) ?? null) : null;
}

function toEntry(name: string, about: Json, place: string): Entry {
  const named = parseChannel(name, place);
  const platform = parsePlatform(about["platform"], `${place}.platform`);
  if (platform !== null && platform !== named.platform) {
    throw new InputError(place, `${named.channel} is no channel of ${platform === "slack" ? "Slack" : "Discord"}.`);
  }
  const { workspace = null, thread = null, messages, instructions } = about;
  if (workspace !== null && typeof workspace !== "string") {
    throw new InputError(`${place}.workspace`, "the workspace has to be a text: T… of Slack, or the id of a server.");
  }
  if (thread !== null && !isThreadId(thread)) throw new InputError(place, "the thread has to be an id, thread_….");
  if (thread === null && messages === undefined) throw new InputError(place, "it has neither a thread nor messages.");
  return {
    ...named,
    place,
    workspace: workspace ?? named.workspace,
    thread,
    messages: messages === undefined ? [] : parseMessages(messages, `${place}.messages`),
    hasInstructions: typeof instructions === "string" && instructions.trim() !== "",
  };
}

function isOnePart(value: Json): boolean {
  return (
    typeof value["channel"] === "string" ||
    (typeof value["key"] === "string" && "value" in value) ||
    Array.isArray(value["data"])
  );
}

function isMessageOfThread(value: unknown): value is Json & { readonly thread_id: string } {
  return isJson(value) && "role" in value && isThreadId(value["thread_id"]);
}

function isObjectAlone(line: string): boolean {
  try {
    return isJson(JSON.parse(line));
  } catch {
    return false;
  }
}

function attempt(input: Input, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    input.problems.push(error.message);
  }
}
