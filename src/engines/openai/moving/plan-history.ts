import { toTurnId } from "../../../core/ids.ts";
import { cleanText } from "../runs/clean-text.ts";
import { MAX_TURNS } from "../conversations/conversation-records.ts";
import { toItems, type TurnWords } from "../conversations/conversation-turns.ts";
import { MAX_NOTES_TOKENS } from "../conversations/notes.ts";
import { toCostUsd } from "../spending/prices.ts";
import { toQuestionText } from "../runs/question-text.ts";
import { KEPT_TURNS, MAX_CHAPTER_TURNS } from "../conversations/renewals.ts";
import { CHAPTER_TOKENS, NOTES_INSTRUCTIONS, toTranscript } from "../conversations/write-notes.ts";

/** A message of the time before Docent. */
export interface HistoryMessage {
  readonly role: "user" | "assistant";
  readonly text: string;
  /** Milliseconds since the epoch; null when nobody wrote it down. */
  readonly at: number | null;
  readonly name: string | null;
  /** Files that came with it, by their ids at OpenAI. They are named and not given. */
  readonly fileIds: readonly string[];
}

/** What becomes of a history. Token counts are estimates. */
export interface HistoryPlan {
  /** Word by word in the fresh conversation, oldest first. */
  readonly kept: readonly TurnWords[];
  /** Turns that notes are made of: each list is one chapter and one request to the model. */
  readonly chapters: readonly (readonly TurnWords[])[];
  /** Oldest turns that are left out. */
  readonly leftOut: number;
  /** Answers in front of the first question. */
  readonly withoutQuestion: number;
  readonly wordTokens: number;
  /** What the notes may take at most. */
  readonly noteTokens: number;
  /** What making them costs in USD, reasoning left out; null when the model's price is not known. */
  readonly costUsd: number | null;
}

/** What all kept words may take: they are read again, and paid for, with every question (docs/decisions/0017-flat-cost.md). */
const MAX_WORD_TOKENS = 4_000;

/** 480 turns. Of more the notes, which have a limit of their own, would hold next to nothing. */
const MAX_CHAPTERS = 20;

/**
 * Decides what of a history a fresh conversation begins with, by the rules that conversations are renewed by: all of a
 * short one, of a longer one the newest turns, with notes of the others.
 */
export function planHistory(
  key: string,
  messages: readonly HistoryMessage[],
  options: { readonly model: string; readonly withNotes: boolean; readonly countTokens: (text: string) => number },
): HistoryPlan {
  const { model, withNotes, countTokens } = options;
  const first = messages.findIndex(({ role }) => role === "user");
  const withoutQuestion = first === -1 ? messages.length : first;
  const turns = toTurns(key, messages.slice(withoutQuestion));
  const tokensOf = (turn: TurnWords): number =>
    toItems([turn], new Set()).reduce((sum, item) => sum + countTokens(JSON.stringify(item)), 0);

  const fitting = takeNewest(turns, tokensOf);
  const isShort = turns.length <= MAX_TURNS && fitting.length === turns.length;
  const kept = isShort ? turns : fitting.slice(-KEPT_TURNS);
  const older = turns.slice(0, turns.length - kept.length);
  const noted = withNotes ? older.slice(-MAX_CHAPTERS * MAX_CHAPTER_TURNS) : [];
  const chapters = splitEvenly(noted, MAX_CHAPTER_TURNS);
  const counts = {
    inputTokens: chapters.reduce((sum, each) => sum + countTokens(NOTES_INSTRUCTIONS + toTranscript(each)), 0),
    cachedInputTokens: 0,
    outputTokens: chapters.length * CHAPTER_TOKENS,
    searches: 0,
  };
  return {
    kept,
    chapters,
    leftOut: older.length - noted.length,
    withoutQuestion,
    wordTokens: kept.reduce((sum, turn) => sum + tokensOf(turn), 0),
    noteTokens: Math.min(chapters.length * CHAPTER_TOKENS, MAX_NOTES_TOKENS),
    costUsd: toCostUsd(model, counts),
  };
}

/** A turn for each message of a person, with the answers behind it, marked as Docent marks its own. */
function toTurns(key: string, messages: readonly HistoryMessage[]): TurnWords[] {
  const turns: { turnId: string; messages: TurnWords["messages"][number][]; fileIds: readonly string[] }[] = [];
  for (const message of messages) {
    const { role } = message;
    if (role === "user") {
      const turnId = toTurnId(`moved:${key}:${turns.length}`);
      turns.push({ turnId, messages: [{ role, text: toText(turnId, message), files: [] }], fileIds: [] });
      continue;
    }
    const text = cleanText(message.text).text.trim();
    if (text !== "") turns.at(-1)?.messages.push({ role, text, files: [] });
  }
  return turns;
}

function toText(turnId: string, { text, name, at, fileIds }: HistoryMessage): string {
  const lines = [
    at === null ? "" : `[written on ${new Date(at).toISOString().slice(0, 10)}]`,
    fileIds.length === 0 ? "" : "[files came with this message; they are not here any more]",
    text.trim(),
  ];
  const author = { id: "", name };
  const said = lines.filter((line) => line !== "").join("\n");
  return toQuestionText(
    { turnId, author, attached: [], context: null, text: said },
    { searched: new Set(), omitted: [] },
  );
}

/** As many of the newest as may be, at least one. */
function takeNewest(turns: readonly TurnWords[], tokensOf: (turn: TurnWords) => number): readonly TurnWords[] {
  let left = MAX_WORD_TOKENS;
  let start = turns.length;
  while (start > 0 && turns.length - start < MAX_TURNS) {
    const turn = turns[start - 1];
    if (turn === undefined) break;
    left -= tokensOf(turn);
    if (left < 0 && start < turns.length) break;
    start -= 1;
  }
  return turns.slice(start);
}

function splitEvenly<T>(all: readonly T[], most: number): readonly (readonly T[])[] {
  const parts = Math.ceil(all.length / most);
  return Array.from({ length: parts }, (_, part) =>
    all.slice(Math.floor((part * all.length) / parts), Math.floor(((part + 1) * all.length) / parts)),
  );
}
