import type { HistoryMessage } from "../../src/engines/openai/moving/plan-history.ts";

export type Platform = "slack" | "discord";

/** One channel of the old bot, as the files tell it. */
export interface Entry {
  /** Where it stands, for people: `map.json, line 5`, `export.json, [3]`. */
  readonly place: string;
  readonly platform: Platform | null;
  /** Slack's `T…`, or the id of a Discord server. */
  readonly workspace: string | null;
  readonly channel: string;
  /** Of a Slack thread: the `ts` of the message that it begins with. */
  readonly rootTs: string | null;
  /** `thread_…` */
  readonly thread: string | null;
  readonly messages: readonly HistoryMessage[];
  readonly hasInstructions: boolean;
}

/** What was said in a thread, from an export that knows no channels. */
export interface ThreadHistory {
  readonly place: string;
  readonly thread: string;
  readonly messages: readonly HistoryMessage[];
}

/** Everything that the files hold. */
export interface Input {
  readonly entries: Entry[];
  readonly histories: ThreadHistory[];
  /** What is wrong, each with its place. */
  readonly problems: string[];
  /** What is left out on purpose, and what the owner should know. */
  readonly remarks: string[];
}

/** Something in a file that is not as it should be. Its message names no text that people wrote. */
export class InputError extends Error {
  constructor(place: string, seen: string) {
    super(`${place}: ${seen}`);
    this.name = "InputError";
  }
}

export function emptyInput(): Input {
  return { entries: [], histories: [], problems: [], remarks: [] };
}

export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether this is the id of a thread of the Assistants API. */
export function isThreadId(value: unknown): value is string {
  return typeof value === "string" && /^thread_\w+$/.test(value);
}
