import { createHash } from "node:crypto";
import { countTokens } from "./bill-input.ts";
import type { Brain } from "./brain.ts";
import { toSentences, toWords } from "./search-chunks.ts";
import { textOf, type Json } from "./state.ts";

interface Line {
  readonly kind: string;
  readonly text: string;
  readonly weight: number;
}

const MAX_WORDS = 28;

/** Whether somebody asks for notes of a conversation. */
export function isNotesRequest(request: Json): boolean {
  return textOf(request["instructions"]).startsWith("You keep the notes of a team's chat");
}

/**
 * Stands in for a model that makes notes: extractive, the same every time, and forgetful. It does what the instructions
 * say about kinds and length, and knows nothing of what will be asked. Of what people said it keeps sentences with a
 * number, a name or a word of deciding, cut after the first clause; other statements stay while there is room;
 * questions and answers become topics and documents in a few words; greetings go. Of equals it is left to chance, always
 * the same one, which of them find no room.
 */
export const summarise: Brain = (_request, { rawQuestion }) => {
  const bound = Number(/\[at most (\d+) tokens of notes\]/u.exec(rawQuestion)?.[1] ?? 500);
  const lines = toLines(rawQuestion.replace(/\n\n[^\n]*\[at most \d+ tokens of notes\]\s*$/u, ""));
  let left = bound;
  const kept = lines
    .toSorted((a, b) => b.weight - a.weight || toDie(a.text) - toDie(b.text))
    .filter(({ kind, text }) => {
      const tokens = countTokens(`${kind}: ${text}\n`);
      if (tokens > left) return false;
      left -= tokens;
      return true;
    });
  const text = kept.map(({ kind, text: said }) => `${kind}: ${said}`).join("\n");
  return { text };
};

function toDie(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE();
}

function toLines(transcript: string): Line[] {
  const lines: Line[] = [];
  let author = "someone";
  let isAnswer = false;
  for (const line of transcript.split("\n")) {
    const from = /^\[message \S+ from (.*)\]$/u.exec(line)?.[1];
    if (from !== undefined) [author, isAnswer] = [from, false];
    else if (line === "[answer]") isAnswer = true;
    else if (isAnswer) addAnswer(line);
    else addSaid(line);
  }
  return lines;

  function addSaid(line: string): void {
    for (const sentence of toSentences(line)) {
      if (sentence.startsWith("[")) continue;
      if (/[?？]$/u.test(sentence)) add("topic", toWords(sentence).slice(0, 6).join(" "), 1);
      else if (/\b(decided|agreed|we will|approved)\b/iu.test(sentence)) add("decision", `${author}: ${sentence}`, 5);
      else if (/\d/u.test(sentence) || /\S\s+\p{Lu}\p{L}+/u.test(sentence)) add("fact", `${author}: ${sentence}`, 4);
      else if (toWords(sentence).length >= 5) add("fact", `${author}: ${sentence}`, 2);
    }
  }

  /** An answer is out of the documents: what it was about is enough. */
  function addAnswer(line: string): void {
    const words = toWords(line);
    if (words.length >= 4) add("document", words.slice(0, 8).join(" "), 1);
  }

  function add(kind: string, text: string, weight: number): void {
    const clause = text.split(/,? (?:because|since|although|which|by the way)\b/iu)[0] ?? text;
    lines.push({ kind, text: clause.split(/\s+/u).slice(0, MAX_WORDS).join(" "), weight });
  }
}
