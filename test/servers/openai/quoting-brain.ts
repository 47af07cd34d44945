import type { Brain } from "./brain.ts";
import { sentencesOf, type Piece, type Sentence } from "./extracted.ts";
import { rank, toWords } from "./search-chunks.ts";
import { isJson, textOf } from "./state.ts";

/** `copied`: as the poor extraction shows it. `tidy`: spelled plainly. `retold`: words left out, and in another order. */
export type Manner = "copied" | "tidy" | "retold";

/** One line of an answer, and on which pages the server knows it to stand. */
export interface Quote {
  readonly fileId: string;
  readonly manner: Manner;
  readonly text: string;
  readonly pages: Sentence["pages"];
}

const MANNERS: readonly Manner[] = ["copied", "tidy", "retold"];
const HITS_READ = 4;
const MIN_WORDS = 6;
const MAX_WORDS = 40;

/**
 * Answers every question with three lines that quote what was found, each in another manner and with a `file_citation`
 * behind it; files in the prompt are quoted without one. `onAnswer` is told what only the server knows.
 */
export function createQuotingBrain(onAnswer: (turn: string, quotes: readonly Quote[]) => void): Brain {
  return (request, { question, hits, inlineFiles }) => {
    const isInline = hits.length === 0;
    const sources: readonly { fileId: string; filename: string; piece: Piece }[] = isInline
      ? inlineFiles
      : hits.slice(0, HITS_READ);
    const known = new Set<string>();
    const candidates = sources
      .flatMap((source) => sentencesOf(source.piece, MAX_WORDS).map((sentence) => ({ source, sentence })))
      .map((each) => ({ ...each, text: each.sentence.plain }))
      .filter(({ text }) => {
        const isNew = toWords(text).length >= MIN_WORDS && !known.has(text);
        known.add(text);
        return isNew;
      });
    const best = rank(question, candidates).slice(0, MANNERS.length);
    const quotes: Quote[] = best.map(({ source, sentence }, index) => {
      const manner = MANNERS[index] ?? "tidy";
      return { fileId: source.fileId, manner, text: toLine(sentence, manner), pages: sentence.pages };
    });
    const metadata = isJson(request["metadata"]) ? request["metadata"] : {};
    onAnswer(textOf(metadata["turn"]), quotes);
    let text = "";
    const annotations = best.map(({ source }, index) => {
      text += `${index === 0 ? "" : "\n"}- ${quotes[index]?.text}`;
      return { fileId: source.fileId, filename: source.filename, index: [...text].length };
    });
    return { text, annotations: isInline ? [] : annotations };
  };
}

/** On one line, and without the brackets that marks of sources are told by. */
function toLine({ plain, shown }: Sentence, manner: Manner): string {
  const text = manner === "copied" ? shown : manner === "tidy" ? plain : retell(plain);
  return text
    .replaceAll(/[[\]［］]/gu, "")
    .replaceAll(/\s+/gu, " ")
    .trim();
}

/** The second half first, and without every fifth word that is no number. */
function retell(text: string): string {
  const isSpaced = text.split(" ").length > text.length / 12;
  const words = isSpaced ? text.split(" ") : (text.match(/\d+|./gsu) ?? []);
  const kept = words.filter((word, index) => index % 5 !== 2 || /\d/.test(word));
  const half = Math.floor(kept.length / 2);
  return [...kept.slice(half), ...kept.slice(0, half)].join(isSpaced ? " " : "");
}
